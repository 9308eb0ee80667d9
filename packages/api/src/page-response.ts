import { renderMessage } from '@zekt/chatops';
import { ZektError } from '@zekt/core';
import { errorAnswer } from './answer-error.ts';

/** Nothing runs on a page, nothing frames it, and its address, which holds a token, is told to nobody. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** A page; with a refusal, under its status. */
export function pageResponse(html: string, refusal: ZektError | null, requestId: string): Response {
  const answer = refusal && errorAnswer(refusal, requestId);
  return new Response(html, { status: answer?.status ?? 200, headers: { ...answer?.headers, ...pageHeaders } });
}

const headings: Partial<Record<ZektError['code'], string>> = {
  approval_link_invalid: 'This link is not valid',
  approval_expired: 'This request has expired',
  missing_token: 'Please sign in again',
  invalid_token: 'The sign-in did not succeed',
  not_found: 'There is nothing here',
  method_not_allowed: 'There is nothing here',
  forbidden: 'This form can not be taken',
  conflict: 'These accounts are not linked',
  unavailable: 'This is not possible just now',
};

/** What went wrong, foreseen or not, as a page for people. */
export async function errorPage(error: unknown, requestId: string): Promise<Response> {
  const refusal =
    error instanceof ZektError
      ? error
      : new ZektError('internal', `The server had a problem. Its log has more under the request id ${requestId}.`);
  return pageResponse(
    await renderMessage(headings[refusal.code] ?? 'This did not work', refusal.message),
    refusal,
    requestId,
  );
}

/** Whether people, not programs, are at this path. */
export const isPagePath = (path: string): boolean => path.startsWith('/chatops/');
