import { memoise } from '../event/memoise.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, putStatus, readStatus, statusKey, statusType } from './commit-status.ts';
import type { Exchange, ProviderConfig, ProviderType } from './provider-type.ts';
import { findOne } from './find-listed.ts';
import { withText } from './read-answer.ts';
import { basic, jsonContent, refused } from './request.ts';

const mostDescription = 255;

/** The API of a repository, from its clone URL: `https://HOST[/CONTEXT]/scm/KEY/SLUG.git`; null when an address is none. */
const commitsOf = memoise((address: string): string | null => {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol)) return null;
  const at = url.pathname.lastIndexOf('/scm/');
  const [key, slug, ...rest] =
    at < 0
      ? []
      : url.pathname
          .slice(at + 5)
          .replace(/\.git$/, '')
          .split('/');
  if (!key || !slug || rest.length > 0) return null;
  return `${url.protocol}//${url.host}${url.pathname.slice(0, at)}/rest/api/latest/projects/${key}/repos/${slug}/commits`;
});

/** A build status on Bitbucket Server and Data Center. */
export const bitbucketserver: ProviderType = {
  ...statusType,
  type: 'bitbucketserver',
  needs: { ...statusType.needs, username: 'optional' },
  problems: ({ address, token, username, password }) => [
    ...(commitsOf(address) === null ? ['address must be a clone URL: https://HOST/scm/KEY/REPOSITORY.git'] : []),
    ...(token !== '' || (username !== '' && password !== '') ? [] : ['token, or username and password, is missing']),
  ],
  exchange: set,
};

function* set(event: NotificationEvent, config: ProviderConfig): Exchange {
  const commits = commitsOf(config.address);
  if (commits === null) return refused('The address is no clone URL.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const { sha, id, description } = status;
  const key = statusKey(id);
  const state = status.isError ? 'FAILED' : 'SUCCESSFUL';
  const name = `${status.name} [${description}]`;
  const headers = [
    config.token === ''
      ? basic(config.username, config.password)
      : (['Authorization', `Bearer ${config.token}`] as const),
    ['x-atlassian-token', 'no-check'],
    ['x-requested-with', 'XMLHttpRequest'],
  ] as const;
  const builds = `${commits}/${sha}/builds`;
  return yield* putStatus({
    find: findOne(
      { method: 'GET', url: `${builds}?key=${key}`, headers, body: null, assumed: { status: 404 } },
      withText('state'),
      'a build status',
    ),
    isSame: (known) =>
      known.key === key && known.state === state && known.description === description && known.name === name,
    write: () => ({
      method: 'POST',
      url: builds,
      headers: [...headers, jsonContent],
      body: JSON.stringify({ description, key, name, state, url: config.address }),
      assumed: { status: 201 },
    }),
  });
}
