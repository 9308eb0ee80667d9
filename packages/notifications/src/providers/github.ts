import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, itemsOf, putStatus, readStatus, statusType } from './commit-status.ts';
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
  const { api, owner, name } = repository;
  const state = status.isError ? 'failure' : 'success';
  const { sha, id: context, description } = status;
  return yield* putStatus({
    list: gitHubRequest(
      'GET',
      `${api}repos/${owner}/${name}/commits/${sha}/statuses?per_page=50`,
      access.token,
      undefined,
      {
        text: '[]',
      },
    ),
    isThere: (answer) => {
      const known = itemsOf(answer).find((it) => it.context === context);
      return known?.state === state && known.description === description;
    },
    write: () =>
      gitHubRequest(
        'POST',
        `${api}repos/${owner}/${name}/statuses/${sha}`,
        access.token,
        { state, description, context },
        { status: 201 },
      ),
    judge: judgeGitHub,
  });
}
