import { readGitAddress } from '../event/git-address.ts';
import { memoise } from '../event/memoise.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, putStatus, readStatus, statusKey, statusType } from './commit-status.ts';
import type { Exchange, ProviderConfig, ProviderType } from './provider-type.ts';
import { findOne } from './find-listed.ts';
import { pathSegment } from './path-segment.ts';
import { withText } from './read-answer.ts';
import { basic, jsonContent, refused } from './request.ts';

const api = 'https://api.bitbucket.org/2.0';
const mostDescription = 255;

/** `owner/repository`; null when an address names none. The host does not matter: there is only one. */
const repositoryOf = memoise((address: string): string | null => {
  const parts = readGitAddress(address)?.id.split('/') ?? [];
  return parts.length === 2 && parts.every((part) => part !== '') ? parts.map(pathSegment).join('/') : null;
});

/** A build status on Bitbucket Cloud; the token is `user:app-password`. */
export const bitbucket: ProviderType = {
  ...statusType,
  type: 'bitbucket',
  needs: { ...statusType.needs, token: 'required', password: 'ignored' },
  problems: ({ address, token }) => [
    ...(repositoryOf(address) === null ? ['address must be a repository: https://bitbucket.org/OWNER/REPOSITORY'] : []),
    ...(token.split(':').length === 2 ? [] : ['token must be user:app-password']),
  ],
  exchange: set,
};

function* set(event: NotificationEvent, config: ProviderConfig): Exchange {
  const repository = repositoryOf(config.address);
  if (repository === null) return refused('The address names no repository.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const { sha, id, description, name } = status;
  const key = statusKey(id);
  const state = status.isError ? 'FAILED' : 'SUCCESSFUL';
  const [user = '', password = ''] = config.token.split(':');
  const headers = [basic(user, password)];
  const builds = `${api}/repositories/${repository}/commit/${sha}/statuses/build`;
  return yield* putStatus({
    find: findOne(
      { method: 'GET', url: `${builds}/${key}`, headers, body: null, assumed: { status: 404 } },
      withText('state'),
      'a build status',
    ),
    isSame: (known) => known.state === state && known.description === description,
    write: () => ({
      method: 'POST',
      url: builds,
      headers: [...headers, jsonContent],
      body: JSON.stringify({ key, url: 'https://bitbucket.org', state, name, description }),
      assumed: { status: 201 },
    }),
  });
}
