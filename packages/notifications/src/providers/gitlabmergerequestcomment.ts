import type { NotificationEvent } from '../event/notification-event.ts';
import { changeNumber, putComment } from './change-comment.ts';
import { gitLabProblems, gitLabProject, gitLabRequest, judgeGitLab } from './gitlab-api.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { refused } from './request.ts';
import { whoAmI } from './who-am-i.ts';

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
  const user = `${project.slice(0, project.indexOf('/projects/'))}/user`;
  const username = yield* whoAmI(
    gitLabRequest('GET', user, config, undefined, { text: '{"username":"user"}' }),
    'username',
    judgeGitLab,
  );
  if (typeof username !== 'string') return username;
  const notes = `${project}/merge_requests/${number}/notes`;
  const list = `${notes}?order_by=created_at&sort=asc&per_page=100`;
  return yield* putComment(event, config, {
    markerPrefix: 'flux-mr-comment-key',
    comments: {
      page: (at) => gitLabRequest('GET', at === 1 ? list : `${list}&page=${at}`, config, undefined, { text: '[]' }),
      judge: judgeGitLab,
    },
    isOwn: ({ author }) => (author as { username?: unknown } | null | undefined)?.username === username,
    create: (body) => gitLabRequest('POST', notes, config, { body }, { status: 201 }),
    update: (id, body) => gitLabRequest('PUT', `${notes}/${id}`, config, { body }),
  });
}
