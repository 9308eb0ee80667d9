import { limits } from '@zekt/contracts';
import {
  confirmLinkOnPage,
  decideOnPage,
  finishSignIn,
  followLink,
  linkOnPage,
  linkPage,
  pagePath,
  renderMessage,
  showPage,
  signOut as endSession,
  startSignIn,
  style,
} from '@zekt/chatops';
import { param, type Call } from './call.ts';
import { noteFailure } from './note-failure.ts';
import { errorPage, pageHeaders, pageResponse } from './page-response.ts';
import { readBytes } from './read-body.ts';

const maxFormBytes = limits.bodyOfForm.value;

function redirect(location: string, cookies: readonly string[] = []): Response {
  const response = new Response(null, { status: 303, headers: { ...pageHeaders, location } });
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

/** People get a page for what goes wrong, too. */
const forPeople =
  (handler: (call: Call) => Promise<Response>) =>
  async (call: Call): Promise<Response> => {
    try {
      return await handler(call);
    } catch (error) {
      noteFailure(call, error);
      return errorPage(error, call.requestId);
    }
  };

async function formOf(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, maxFormBytes);
  return new URLSearchParams(bytes.toString('utf8'));
}

export const show = forPeople(async (call) => {
  const { html, refusal } = await showPage(call.zekt.chatops, param(call, 'id'), call.request);
  return pageResponse(html, refusal, call.requestId);
});

export const decide = forPeople(async (call) => {
  const taken = await decideOnPage(call.zekt.chatops, param(call, 'id'), call.request, await formOf(call.request));
  if ('location' in taken) return redirect(taken.location);
  return pageResponse(taken.html, taken.refusal, call.requestId);
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

export const showLinkedAccounts = forPeople(async (call) =>
  pageResponse(await linkPage(call.zekt.chatops, call.request), null, call.requestId),
);

export const confirmLinkedAccounts = forPeople(async (call) =>
  pageResponse(
    await confirmLinkOnPage(call.zekt.chatops, call.request, await formOf(call.request)),
    null,
    call.requestId,
  ),
);

export const signOut = forPeople(async (call) => {
  const cookie = await endSession(call.zekt.chatops, call.request, await formOf(call.request));
  const html = await renderMessage('Signed out', 'Open the link again to sign in.');
  const response = pageResponse(html, null, call.requestId);
  response.headers.append('set-cookie', cookie);
  return response;
});

export const styleSheet = async (): Promise<Response> =>
  new Response(style, { headers: { 'content-type': 'text/css; charset=utf-8' } });
