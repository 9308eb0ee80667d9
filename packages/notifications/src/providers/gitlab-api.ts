import { readGitAddress } from '../event/git-address.ts';
import { memoise } from '../event/memoise.ts';
import type { ProviderConfig, ReceivedAnswer, WireRequest } from './provider-type.ts';
import { apiRequest, judge } from './request.ts';
import type { Verdict } from '@zekt/egress';

/** The API of a project: `https://host/api/v4/projects/<id or path>`; null when an address names none. */
export const gitLabProject = ({ address }: Pick<ProviderConfig, 'address'>): string | null => projectOf(address);

const projectOf = memoise((address: string): string | null => {
  const git = readGitAddress(address);
  const isProject = git !== null && (/^\d+$/.test(git.id) || git.id.split('/').filter(Boolean).length >= 2);
  return isProject ? `${git.origin}/api/v4/projects/${encodeURIComponent(git.id).replaceAll('.', '%2E')}` : null;
});

export const gitLabRequest = (
  method: string,
  url: string,
  { token, password }: ProviderConfig,
  body?: object,
  assumed?: WireRequest['assumed'],
): WireRequest =>
  apiRequest(
    method,
    url,
    [
      ['Accept', 'application/json'],
      ['PRIVATE-TOKEN', token || password],
    ],
    body,
    assumed,
  );

/** GitLab says in a header of its own when its limit ends. */
export function judgeGitLab(answer: ReceivedAnswer): Verdict {
  const verdict = judge(answer);
  const reset = Number(answer.headers['ratelimit-reset']);
  return verdict.kind === 'limited' && verdict.afterMs === null && reset > 0
    ? { ...verdict, afterMs: Math.min(Math.max(0, reset * 1000 - answer.at), 3_600_000) }
    : verdict;
}

export function gitLabProblems(config: ProviderConfig): string[] {
  return [
    ...(gitLabProject(config) === null
      ? ['address must be a project: https://HOST/GROUP/PROJECT, or https://HOST/ID']
      : []),
    ...((config.token || config.password) === '' ? ['token is missing in the secret'] : []),
  ];
}
