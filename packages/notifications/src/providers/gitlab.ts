import type { NotificationEvent } from '../event/notification-event.ts';
import { isStatus, putStatus, readStatus, statusType } from './commit-status.ts';
import { findListed } from './find-listed.ts';
import { gitLabProblems, gitLabProject, gitLabRequest, judgeGitLab } from './gitlab-api.ts';
import type { Exchange, ProviderConfig, ProviderType } from './provider-type.ts';
import { refused } from './request.ts';

const mostDescription = 255;

/** A commit status on GitLab. */
export const gitlab: ProviderType = { ...statusType, type: 'gitlab', problems: gitLabProblems, exchange: set };

function* set(event: NotificationEvent, config: ProviderConfig): Exchange {
  const project = gitLabProject(config);
  if (project === null) return refused('The address names no project.');
  const status = readStatus(event, config, mostDescription);
  if (!isStatus(status)) return status;
  const { sha, id: name, description } = status;
  const state = status.isError ? 'failed' : 'success';
  const list = `${project}/repository/commits/${sha}/statuses?name=${encodeURIComponent(name).replaceAll('%20', '+')}`;
  const statuses = {
    page: (number: number) =>
      gitLabRequest('GET', number === 1 ? list : `${list}&page=${number}`, config, undefined, { text: '[]' }),
    wanted: 'the list of statuses',
    judge: judgeGitLab,
  };
  return yield* putStatus({
    find: findListed(
      statuses,
      (it) => it.sha === sha && it.status === state && it.description === description && it.name === name,
    ),
    isSame: () => true,
    write: () =>
      gitLabRequest('POST', `${project}/statuses/${sha}`, config, { state, name, description }, { status: 201 }),
    judge: judgeGitLab,
  });
}
