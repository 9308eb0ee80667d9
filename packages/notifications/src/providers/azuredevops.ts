import { randomUUID } from 'node:crypto';
import { readGitAddress } from '../event/git-address.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { memoise } from '../event/memoise.ts';
import { isStatus, putStatus, readStatus, statusType } from './commit-status.ts';
import { findListed, mostListBytes } from './find-listed.ts';
import { pathSegment } from './path-segment.ts';
import type { Exchange, ProviderConfig, ProviderType, WireRequest } from './provider-type.ts';
import { asObject, asObjects, readAnswer } from './read-answer.ts';
import { basic, jsonContent, refused } from './request.ts';

const mostDescription = 255;
/** Of the API that we speak; a server may know only an older one. */
const version = 6;
/** Statuses that a list has when nobody says how many. */
const onePage = 1000;
const discoveredForMs = 24 * 3_600_000;
/** One for each process, as Microsoft's own clients have it. */
const session = randomUUID();

interface Repository {
  readonly base: string;
  readonly project: string;
  readonly name: string;
}

/** `https://HOST/ORGANISATION/PROJECT/_git/REPOSITORY`, whatever stands for `_git`; null when an address is none. */
const readAddress = memoise((address: string): Repository | null => {
  const git = readGitAddress(address);
  const [organisation, project, marker, name, ...rest] = git?.id.split('/') ?? [];
  // The addresses of its SSH servers have a version where others have the organisation: read as they are, they would name another project.
  if (git && /^(?:vs-)?ssh\./.test(git.host)) return null;
  if (!git || !organisation || !project || !marker || !name || rest.length > 0) return null;
  return { base: `${git.origin}/${pathSegment(organisation)}`.toLowerCase(), project, name };
});

/** A status of a commit in Azure Repos. */
export const azuredevops: ProviderType = {
  ...statusType,
  type: 'azuredevops',
  needs: { ...statusType.needs, token: 'required', password: 'ignored' },
  problems: ({ address }) =>
    readAddress(address) ? [] : ['address must be https://HOST/ORGANISATION/PROJECT/_git/REPOSITORY'],
  exchange: set,
};

function* set(event: NotificationEvent, config: ProviderConfig): Exchange {
  const repository = readAddress(config.address);
  if (!repository) return refused('The address names no repository.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const { base, project, name: repositoryName } = repository;
  const headersFor = (accept: string) =>
    [
      ['Accept', accept],
      ['X-TFS-FedAuthRedirect', 'Suppress'],
      ['X-TFS-Session', session],
      basic('', config.token),
    ] as const;
  let negotiated = config.remembered.get(`azuredevops:${base}`);
  if (negotiated === undefined) {
    const routes = yield {
      method: 'OPTIONS',
      url: `${base}/_apis`,
      headers: headersFor('application/json'),
      body: null,
      assumed: { text: '{"value":[]}' },
      mostAnswerBytes: mostListBytes,
    };
    const read = readAnswer(routes, asObject, 'the list of its routes');
    if ('verdict' in read) return read.verdict;
    negotiated = negotiate(read.value.value);
    config.remembered.set(`azuredevops:${base}`, negotiated, routes.at + discoveredForMs);
  }
  const { summary } = event.metadata ?? {};
  const genre = summary === undefined ? 'fluxcd' : `fluxcd:${summary}`;
  const state = status.isError ? 'error' : 'succeeded';
  const { sha, id: name, description } = status;
  const url = `${base}/${pathSegment(project)}/_apis/git/repositories/${pathSegment(repositoryName)}/commits/${sha}/statuses`;
  const headers = headersFor(`application/json;api-version=${negotiated}`);
  const statuses = {
    page: (number: number): WireRequest => ({
      method: 'GET',
      url: number === 1 ? url : `${url}?top=${onePage}&skip=${(number - 1) * onePage}`,
      headers,
      body: null,
      assumed: { text: '{"value":[]}' },
    }),
    wanted: 'the list of statuses',
    items: (json: unknown) => asObjects(asObject(json)?.value),
    hasNext: (_: unknown, items: readonly unknown[]) => items.length >= onePage,
  };
  return yield* putStatus({
    find: findListed(statuses, ({ context }) => {
      const { genre: itsGenre, name: itsName } = asObject(context) ?? {};
      return itsGenre === genre && itsName === name;
    }),
    isSame: (known) => known.state === state && known.description === description,
    write: () => ({
      method: 'POST',
      url,
      headers: [...headers, jsonContent],
      body: JSON.stringify({ context: { genre, name }, description, state }),
      assumed: { status: 201 },
    }),
  });
}

/** Our version of the statuses of commits, or the newest one that the server has. */
function negotiate(locations: unknown): string {
  const known = Array.isArray(locations) ? (locations as Readonly<Record<string, unknown>>[]) : [];
  const statuses = known.find(
    ({ area, resourceName }) => area === 'git' && String(resourceName).toLowerCase() === 'statuses',
  );
  const newest = Number(statuses?.maxVersion);
  return Number.isFinite(newest) && newest > 0 && newest < version ? newest.toFixed(1) : version.toFixed(1);
}
