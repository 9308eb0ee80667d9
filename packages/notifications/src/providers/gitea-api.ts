import { readGitAddress } from '../event/git-address.ts';
import type { ProviderConfig, ReceivedAnswer, WireRequest } from './provider-type.ts';
import { pathSegment } from './path-segment.ts';
import { readAnswer, withText } from './read-answer.ts';
import { apiRequest } from './request.ts';
import type { Verdict } from '@zekt/egress';

export interface GiteaRepository {
  /** Without slash at its end. */
  readonly api: string;
  /** Its own place below the API, without a slash at its end. */
  readonly url: string;
}

export function readGiteaAddress({ address }: Pick<ProviderConfig, 'address'>): GiteaRepository | null {
  const git = readGitAddress(address);
  const parts = git?.id.split('/') ?? [];
  if (!git || parts.length !== 2 || parts.includes('')) return null;
  const api = `${git.origin}/api/v1`;
  return { api, url: `${api}/repos/${parts.map(pathSegment).join('/')}` };
}

export const giteaRequest = (
  method: string,
  url: string,
  { token, password }: ProviderConfig,
  body?: object,
  assumed?: WireRequest['assumed'],
): WireRequest => apiRequest(method, url, [['Authorization', `token ${token || password}`]], body, assumed);

const knownForMs = 24 * 3_600_000;

/** Asks once a day whether there is a Gitea: its clients do so before anything else. Null: there is. */
export function* greetGitea(
  config: ProviderConfig,
  { api }: GiteaRepository,
): Generator<WireRequest, Verdict | null, ReceivedAnswer> {
  const key = `gitea:${api}`;
  if (config.remembered.get(key) !== undefined) return null;
  const answer = yield giteaRequest('GET', `${api}/version`, config, undefined, { text: '{"version":"1.0.0"}' });
  const read = readAnswer(answer, withText('version'), "Gitea's version");
  if ('verdict' in read) return read.verdict;
  config.remembered.set(key, 'known', answer.at + knownForMs);
  return null;
}

export const giteaProblems = (config: ProviderConfig): string[] => [
  ...(readGiteaAddress(config) ? [] : ['address must be a repository: https://HOST/OWNER/REPOSITORY']),
  ...((config.token || config.password) === '' ? ['token is missing in the secret'] : []),
];
