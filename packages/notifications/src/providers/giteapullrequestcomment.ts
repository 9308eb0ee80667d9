import type { NotificationEvent } from '../event/notification-event.ts';
import { changeNumber, putComment } from './change-comment.ts';
import { giteaProblems, giteaRequest, greetGitea, readGiteaAddress } from './gitea-api.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { refused } from './request.ts';
import { whoAmI } from './who-am-i.ts';

/** A comment at the pull request of a Gitea or Forgejo that an event names. */
export const giteapullrequestcomment: ProviderType = {
  type: 'giteapullrequestcomment',
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'comment',
  mostMetadata: 20_000,
  hasOwnAddress: true,
  isState: true,
  problems: giteaProblems,
  exchange: comment,
};

function* comment(event: NotificationEvent, config: ProviderConfig): Exchange {
  const repository = readGiteaAddress(config);
  if (!repository) return refused('The address names no repository.');
  const number = changeNumber(event);
  if (number === null) return refused('change_request is no number');
  const stranger = yield* greetGitea(config, repository);
  if (stranger) return stranger;
  const user = giteaRequest('GET', `${repository.api}/user`, config, undefined, { text: '{"login":"user"}' });
  const login = yield* whoAmI(user, 'login');
  if (typeof login !== 'string') return login;
  const issues = `${repository.url}/issues`;
  const list = `${issues}/${number}/comments`;
  return yield* putComment(event, config, {
    markerPrefix: 'flux-pr-comment-key',
    comments: {
      page: (at) => giteaRequest('GET', at === 1 ? list : `${list}?page=${at}`, config, undefined, { text: '[]' }),
    },
    isOwn: (it) => (it.user as { login?: unknown } | null | undefined)?.login === login,
    create: (body) => giteaRequest('POST', list, config, { body }, { status: 201 }),
    update: (id, body) => giteaRequest('PATCH', `${issues}/comments/${id}`, config, { body }),
  });
}
