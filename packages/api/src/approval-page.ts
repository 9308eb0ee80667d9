import { limits } from '@zekt/contracts';
import {
  decideOnPage,
  finishSignIn,
  followLink,
  linkOnPage,
  pagePath,
  renderMessage,
  showPage,
  signOut as endSession,
  startSignIn,
  style,
} from '@zekt/chatops';
import { ZektError } from '@zekt/core';
import { errorStatuses } from './answer-error.ts';
import { param, type Call } from './call.ts';
import { readBytes } from './read-body.ts';

const maxFormBytes = limits.bodyOfForm.value;

/** Nothing runs on a page, nothing frames it, and its address, which holds a token, is told to nobody. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const page = (html: string, status = 200): Response => new Response(html, { status, headers: pageHeaders });

function redirect(location: string, cookies: readonly string[] = []): Response {
  const response = new Response(null, { status: 303, headers: { ...pageHeaders, location } });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

const headings: Partial<Record<ZektError['code'], string>> = {
  approval_link_invalid: 'This link is not valid',
  approval_expired: 'This request has expired',
  missing_token: 'Please sign in again',
  invalid_token: 'The sign-in did not succeed',
  not_found: 'There is nothing here',
  forbidden: 'This form can not be taken',
  conflict: 'These accounts are not linked',
};

/** People get a page for what goes wrong, too. */
const forPeople =
  (handler: (call: Call) => Promise<Response>) =>
  async (call: Call): Promise<Response> => {
    try {
      return await handler(call);
    } catch (error) {
      if (!(error instanceof ZektError)) throw error;
      call.zekt.log.debug({ requestId: call.requestId, code: error.code, err: error.cause }, error.message);
      return page(
        await renderMessage(headings[error.code] ?? 'This did not work', error.message),
        errorStatuses[error.code],
      );
    }
  };

async function formOf(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, maxFormBytes);
  return new URLSearchParams(bytes.toString('utf8'));
}

export const show = forPeople(async (call) => {
  const { html, refusal } = await showPage(call.zekt.chatops, param(call, 'id'), call.request);
  return page(html, refusal ? errorStatuses[refusal.code] : 200);
});

export const decide = forPeople(async (call) => {
  const taken = await decideOnPage(call.zekt.chatops, param(call, 'id'), call.request, await formOf(call.request));
  if ('location' in taken) return redirect(taken.location);
  return page(taken.html, taken.refusal ? errorStatuses[taken.refusal.code] : 200);
});

/** Only for who has a link: nobody else has a reason to sign in. */
export const beginSignIn = forPeople(async (call) => {
  const query = new URL(call.request.url).searchParams;
  const approval = query.get('approval') ?? '';
  const link = query.get('t') ?? '';
  await followLink(call.zekt.chatops, approval, link);
  const { location, cookies } = await startSignIn(call.zekt.chatops, param(call, 'provider'), pagePath(approval, link));
  return redirect(location, cookies);
});

export const endSignIn = forPeople(async (call) => {
  const { location, cookies } = await finishSignIn(call.zekt.chatops, param(call, 'provider'), call.request);
  return redirect(location, cookies);
});

export const linkAccount = forPeople(async (call) => {
  const { location, cookies } = await linkOnPage(call.zekt.chatops, call.request);
  return redirect(location, cookies);
});

export const signOut = forPeople(async (call) => {
  const cookie = await endSession(call.zekt.chatops, call.request, await formOf(call.request));
  const response = page(await renderMessage('Signed out', 'Open the link again to sign in.'));
  response.headers.append('set-cookie', cookie);
  return response;
});

export const styleSheet = async (): Promise<Response> =>
  new Response(style, { headers: { 'content-type': 'text/css; charset=utf-8' } });
