import type { NotificationEvent } from '../event/notification-event.ts';
import { changeNumber, putComment } from './change-comment.ts';
import { gitLabProblems, gitLabProject, gitLabRequest, judgeGitLab } from './gitlab-api.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { jsonOf, refused } from './request.ts';

/** A note at the merge request that an event names. */
export const gitlabmergerequestcomment: ProviderType = {
  type: 'gitlabmergerequestcomment',
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'comment',
  mostMetadata: 20_000,
  hasOwnAddress: true,
  isState: true,
  problems: gitLabProblems,
  exchange: comment,
};

function* comment(event: NotificationEvent, config: ProviderConfig): Exchange {
  const project = gitLabProject(config);
  if (project === null) return refused('The address names no project.');
  const number = changeNumber(event);
  if (number === null) return refused('change_request is no number');
  const who = yield gitLabRequest('GET', `${project.slice(0, project.indexOf('/projects/'))}/user`, config, undefined, {
    text: '{"username":"user"}',
  });
  const verdict = judgeGitLab(who);
  if (verdict.kind !== 'done') return verdict;
  const username = jsonOf(who)?.username;
  const notes = `${project}/merge_requests/${number}/notes`;
  return yield* putComment(event, config, {
    markerPrefix: 'flux-mr-comment-key',
    list: gitLabRequest('GET', `${notes}?order_by=created_at&sort=asc&per_page=100`, config, undefined, { text: '[]' }),
    isOwn: ({ author }) => (author as { username?: unknown } | undefined)?.username === username,
    create: (body) => gitLabRequest('POST', notes, config, { body }, { status: 201 }),
    update: (id, body) => gitLabRequest('PUT', `${notes}/${id}`, config, { body }),
    judge: judgeGitLab,
  });
}
