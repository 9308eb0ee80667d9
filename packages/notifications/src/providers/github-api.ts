import type { Verdict } from '@zekt/egress';
import { waitAsked } from '@zekt/egress';
import { readGitAddress } from '../event/git-address.ts';
import type { ProviderConfig, ReceivedAnswer, WireRequest } from './provider-type.ts';
import { pathSegment } from './path-segment.ts';
import { readAnswer, withText } from './read-answer.ts';
import { apiRequest, bearer, judge, refused } from './request.ts';
import { signJwt } from './sign-jwt.ts';

export interface GitHubRepository {
  readonly owner: string;
  /** With a slash at its end. */
  readonly api: string;
  /** Its own place below the API, without a slash at its end. */
  readonly url: string;
}

/** The repository that an address names, and where its API is; null when it names none. */
export function readGitHubAddress(address: string): GitHubRepository | null {
  const git = readGitAddress(address);
  const [owner, name, ...rest] = git?.id.split('/') ?? [];
  if (!git || !owner || !name || rest.length > 0) return null;
  const hasApiName = git.host.startsWith('api.') || git.host.includes('.api.');
  const api =
    git.host === 'github.com' ? 'https://api.github.com/' : hasApiName ? `${git.origin}/` : `${git.origin}/api/v3/`;
  return { owner, api, url: `${api}repos/${pathSegment(owner)}/${pathSegment(name)}` };
}

const gitHubHeaders = [
  ['Accept', 'application/vnd.github.v3+json'],
  ['X-GitHub-Api-Version', '2022-11-28'],
] as const;

export const gitHubRequest = (
  method: string,
  url: string,
  token: string,
  body?: object | string,
  assumed?: WireRequest['assumed'],
): WireRequest => apiRequest(method, url, [...gitHubHeaders, ...bearer(token)], body, assumed);

/** GitHub says with 403, too, that it wants quiet; and when, in headers of its own. */
export function judgeGitHub(answer: ReceivedAnswer): Verdict {
  const verdict = judge(answer);
  const { headers, status, at } = answer;
  if (status !== 403 && status !== 429) return verdict;
  const reset = Number(headers['x-ratelimit-reset']);
  const isUsedUp = headers['x-ratelimit-remaining'] === '0';
  const afterMs =
    waitAsked(headers['retry-after'], at) ?? (isUsedUp && reset > 0 ? Math.max(0, reset * 1000 - at) : null);
  const isLimit = status === 429 || afterMs !== null || isUsedUp || /rate limit/i.test(answer.text);
  const reason = 'reason' in verdict ? verdict.reason : '';
  return isLimit ? { kind: 'limited', afterMs, reason } : verdict;
}

/** A secret may hold the key of a GitHub App instead of a token. */
export const hasApp = ({ extra }: ProviderConfig): boolean => extra.githubAppID !== undefined;

const appLifetimeS = 120;
const appSkewS = 30;
const renewBeforeMs = 5 * 60_000;

export const appJwt = ({ extra }: ProviderConfig, nowMs: number): string => {
  const now = Math.floor(nowMs / 1000);
  const claims = { iat: now - appSkewS, exp: now - appSkewS + appLifetimeS, iss: extra.githubAppID };
  return signJwt(claims, extra.githubAppPrivateKey ?? '');
};

export type Access = { readonly token: string } | { readonly verdict: Verdict };

/** The token of the configuration: token, else password, else one of an installation of the App in the secret. */
export function* gitHubAccess(
  config: ProviderConfig,
  repository: GitHubRepository,
  nowMs: number,
): Generator<WireRequest, Access, ReceivedAnswer> {
  const own = config.token || config.password;
  if (own !== '' || !hasApp(config)) return { token: own };
  const { githubAppInstallationID: given, githubAppInstallationOwner: owner = repository.owner } = config.extra;
  const { githubAppBaseURL } = config.extra;
  const api = githubAppBaseURL === undefined ? repository.api : `${githubAppBaseURL.replace(/\/+$/, '')}/`;
  const key = `github-app:${config.extra.githubAppID ?? ''}:${given ?? owner}`;
  const known = config.remembered.get(key);
  if (known !== undefined) return { token: known };
  const jwt = appJwt(config, nowMs);
  let installation = given;
  if (installation === undefined) {
    const found = yield* findInstallation(api, owner, jwt);
    if (typeof found !== 'string') return { verdict: found };
    installation = found;
  }
  const url = `${api}app/installations/${pathSegment(installation)}/access_tokens`;
  const assumed = { status: 201, text: '{"token":"***"}' };
  const answer = yield { ...gitHubRequest('POST', url, jwt, {}, assumed), isSecret: true };
  const read = readAnswer(answer, withText('token'), 'a token', judgeGitHub);
  if ('verdict' in read) return read;
  const token = String(read.value.token);
  const expiresAt = Date.parse(String(read.value.expires_at));
  if (!Number.isNaN(expiresAt)) config.remembered.set(key, token, expiresAt - renewBeforeMs);
  return { token };
}

/** The id of the App's installation at an organisation, or at a user. */
function* findInstallation(
  api: string,
  owner: string,
  jwt: string,
): Generator<WireRequest, string | Verdict, ReceivedAnswer> {
  const idOf = (json: unknown): string | null => {
    const { id } = (json ?? {}) as { readonly id?: unknown };
    return Number.isSafeInteger(id) ? String(id) : null;
  };
  for (const kind of ['orgs', 'users']) {
    const url = `${api}${kind}/${pathSegment(owner)}/installation`;
    const answer = yield gitHubRequest('GET', url, jwt, undefined, { text: '{"id":0}' });
    if (answer.status === 404) continue;
    const read = readAnswer(answer, idOf, 'the installation of the App', judgeGitHub);
    return 'verdict' in read ? read.verdict : read.value;
  }
  return refused(`The GitHub App is not installed at '${owner}'.`);
}

/** What both of GitHub's types check. */
export function gitHubProblems(config: ProviderConfig): string[] {
  const { extra, token, password, address } = config;
  const problems: string[] = [];
  if (!readGitHubAddress(address)) problems.push('address must be a repository: https://HOST/OWNER/REPOSITORY');
  if ((token || password) === '' && !hasApp(config))
    problems.push('token is missing: the secret needs token, password or githubAppID');
  if (hasApp(config)) {
    if (!extra.githubAppPrivateKey) problems.push('githubAppPrivateKey is missing in the secret');
    if (extra.githubAppInstallationID !== undefined && extra.githubAppInstallationOwner !== undefined)
      problems.push('githubAppInstallationID and githubAppInstallationOwner exclude each other');
  }
  return problems;
}
