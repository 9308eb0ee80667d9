import type { Octokit } from '@octokit/core';
import type { DispatchRequest } from '@zekt/core';
import type { Post } from '@zekt/egress';
import { apiVersion } from './api-version.ts';
import type { Answer } from './classify-answer.ts';

/** Posts a dispatch to a repository by its name (`owner/name`). Rejects when GitHub does not answer. */
export type PostDispatch = (
  content: Pick<DispatchRequest, 'eventType' | 'clientPayload'>,
  fullName: string,
  token: string,
) => Promise<Answer>;

const route = 'POST /repos/{owner}/{repo}/dispatches';

/**
 * Makes the one request that is sent for each delivery: what octokit would send, without the 200 µs that octokit and `fetch` take for
 * it. Octokit says once what that is: base address, user agent, accept.
 */
export function postDispatchWith(octokit: Octokit, post: Post): PostDispatch {
  const { url, headers } = octokit.request.endpoint(route, {
    owner: 'OWNER',
    repo: 'REPO',
    event_type: '',
    headers: { 'x-github-api-version': apiVersion },
  });
  const common = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const [start = '', end = ''] = url.split('OWNER/REPO');
  return async ({ eventType, clientPayload }, fullName, token) => {
    const path = fullName.split('/').map(encodeURIComponent).join('/');
    const answer = await post(
      `${start}${path}${end}`,
      JSON.stringify({ event_type: eventType, client_payload: clientPayload }),
      { ...common, authorization: `token ${token}` },
    );
    return { status: answer.status, headers: answer.headers, message: messageIn(answer.text) };
  };
}

/** GitHub's own `message`; empty where the body is none of GitHub's. */
function messageIn(text: string): string {
  if (!text.startsWith('{')) return '';
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
