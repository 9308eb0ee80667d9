import type { NotificationEvent } from '../event/notification-event.ts';
import { changeNumber, putComment } from './change-comment.ts';
import {
  appJwt,
  gitHubAccess,
  gitHubProblems,
  gitHubRequest,
  hasApp,
  judgeGitHub,
  readGitHubAddress,
} from './github-api.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { refused } from './request.ts';
import { whoAmI } from './who-am-i.ts';

/** A comment at the pull request that an event names. */
export const githubpullrequestcomment: ProviderType = {
  type: 'githubpullrequestcomment',
  needs: { ...webhookNeeds, token: 'optional', password: 'optional' },
  gate: 'comment',
  mostMetadata: 20_000,
  hasOwnAddress: true,
  isState: true,
  problems: gitHubProblems,
  exchange: comment,
};

function* comment(event: NotificationEvent, config: ProviderConfig, nowMs: number): Exchange {
  const repository = readGitHubAddress(config.address);
  if (!repository) return refused('The address names no repository.');
  const number = changeNumber(event);
  if (number === null) return refused('change_request is no number');
  const access = yield* gitHubAccess(config, repository, nowMs);
  if ('verdict' in access) return access.verdict;
  const { token } = access;
  const { api, url } = repository;
  const isApp = (config.token || config.password) === '' && hasApp(config);
  const who = yield* isApp
    ? whoAmI(
        gitHubRequest('GET', `${api}app`, appJwt(config, nowMs), undefined, { text: '{"slug":"app"}' }),
        'slug',
        judgeGitHub,
      )
    : whoAmI(gitHubRequest('GET', `${api}user`, token, undefined, { text: '{"login":"user"}' }), 'login', judgeGitHub);
  if (typeof who !== 'string') return who;
  const login = isApp ? `${who}[bot]` : who;
  const list = `${url}/issues/${number}/comments?sort=created&direction=asc&per_page=100`;
  return yield* putComment(event, config, {
    markerPrefix: 'flux-pr-comment-key',
    comments: {
      page: (at) => gitHubRequest('GET', at === 1 ? list : `${list}&page=${at}`, token, undefined, { text: '[]' }),
      judge: judgeGitHub,
    },
    isOwn: ({ user }) => (user as { login?: unknown } | null | undefined)?.login === login,
    create: (body) => gitHubRequest('POST', `${url}/issues/${number}/comments`, token, { body }, { status: 201 }),
    update: (id, body) => gitHubRequest('PATCH', `${url}/issues/comments/${id}`, token, { body }),
  });
}
