import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, putStatus, readStatus, statusType } from './commit-status.ts';
import { findListed } from './find-listed.ts';
import { gitHubAccess, gitHubProblems, gitHubRequest, judgeGitHub, readGitHubAddress } from './github-api.ts';
import type { Exchange, ProviderConfig, ProviderType } from './provider-type.ts';
import { refused } from './request.ts';

const mostDescription = 140;

/** A commit status on GitHub. */
export const github: ProviderType = {
  ...statusType,
  type: 'github',
  problems: gitHubProblems,
  exchange: set,
};

function* set(event: NotificationEvent, config: ProviderConfig, nowMs: number): Exchange {
  const repository = readGitHubAddress(config.address);
  if (!repository) return refused('The address names no repository.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const access = yield* gitHubAccess(config, repository, nowMs);
  if ('verdict' in access) return access.verdict;
  const { url } = repository;
  const { token } = access;
  const state = status.isError ? 'failure' : 'success';
  const { sha, id: context, description } = status;
  const list = `${url}/commits/${sha}/statuses?per_page=50`;
  const statuses = {
    page: (number: number) =>
      gitHubRequest('GET', number === 1 ? list : `${list}&page=${number}`, token, undefined, { text: '[]' }),
    wanted: 'the list of statuses',
    judge: judgeGitHub,
  };
  return yield* putStatus({
    // One without a description says nothing: what counts is the newest that does.
    find: findListed(
      statuses,
      (it) => it.context === context && typeof it.state === 'string' && typeof it.description === 'string',
    ),
    isSame: (known) => known.state === state && known.description === description,
    write: () =>
      gitHubRequest('POST', `${url}/statuses/${sha}`, token, { state, description, context }, { status: 201 }),
    judge: judgeGitHub,
  });
}
