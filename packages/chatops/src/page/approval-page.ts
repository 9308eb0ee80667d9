import { ZektError } from '@zekt/core';
import { answerOutcome, asRefusal, expiredAnswer, invalidLink, tooManyClicks } from '../approval/answer-click.ts';
import { findApproval, isOver, type ApprovalDocument, type Decision } from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { decide } from '../approval/decide.ts';
import { checkLinkToken } from '../approval/link-token.ts';
import { mayDecide } from '../approval/may-decide.ts';
import type { RateLimit } from '../clicks/rate-limit.ts';
import { startLink } from '../identity/link-accounts.ts';
import { linkOffer } from '../identity/link-offer.ts';
import { readCookie, setCookie } from '../sign-in/cookies.ts';
import { closeSession, findSession, formToken, isFormToken, type Session } from '../sign-in/session.ts';
import type { Redirect, SignInContext } from '../sign-in/sign-in.ts';
import { renderApproval, type Notice } from './render-page.ts';

export type PageContext = ApprovalsContext & SignInContext & { readonly clickLimit: RateLimit };

/** A page, or the reason why there is none. */
export interface Page {
  readonly html: string;
  /** Null: it is as it should be. */
  readonly refusal: ZektError | null;
}

const maxCommentLength = 2000;

/** Where the page of an approval is, seen from this server. */
export const pagePath = (id: string, link: string): string =>
  `/chatops/approvals/${encodeURIComponent(id)}?t=${encodeURIComponent(link)}`;

/**
 * The approval that a link is for.
 *
 * @throws ZektError `approval_link_invalid` or `approval_expired`
 */
export async function followLink(context: PageContext, id: string, link: string | null): Promise<ApprovalDocument> {
  const state = checkLinkToken(context.keys, link, id, 'view', context.clock.now());
  const found = await findApproval(context.store, id);
  if (state === 'invalid' || !found) throw new ZektError('approval_link_invalid', invalidLink.text);
  if (state === 'expired') throw new ZektError('approval_expired', expiredAnswer.text);
  return found.body;
}

/** Shows the question. Reads only: scanners and previews follow links, too. */
export async function showPage(context: PageContext, id: string, request: Request): Promise<Page> {
  const link = linkIn(request);
  const approval = await followLink(context, id, link);
  const isLate = !isOver(approval) && approval.inDoubt === null && context.clock.now() >= approval.expiresAt;
  const shown: ApprovalDocument = isLate && approval.state === 'pending' ? { ...approval, state: 'expired' } : approval;
  const refusal = shown.state === 'expired' ? new ZektError('approval_expired', expiredAnswer.text) : null;
  const notice = refusal ? { text: expiredAnswer.text, isProblem: true } : null;
  return { html: await render(context, shown, await sessionOf(context, request), link ?? '', notice), refusal };
}

/**
 * Takes the form.
 *
 * @returns where to go when the decision counts; else the page with the reason
 * @throws ZektError when the link, the session or the form is not what it must be
 */
export async function decideOnPage(
  context: PageContext,
  id: string,
  request: Request,
  form: URLSearchParams,
): Promise<{ readonly location: string } | Page> {
  const link = linkIn(request);
  const approval = await followLink(context, id, link);
  const session = await sessionOf(context, request);
  if (!session)
    throw new ZektError('missing_token', 'You are not signed in any more. Open the link again and sign in.');
  if (!isFormToken(context.keys, session, `decide:${id}`, form.get('token') ?? ''))
    throw new ZektError('forbidden', 'This form is not from your session. Open the link again.');
  const decision = decisionIn(form);
  const { provider, id: personId } = session.person.actor;
  if (context.clickLimit.isExceeded(`${id}:${provider}:${personId}`))
    throw new ZektError('too_many_requests', tooManyClicks.text);
  const outcome = await decide(context, approval, {
    decision,
    person: session.person,
    comment: (form.get('comment') ?? '').slice(0, maxCommentLength).trim(),
    via: 'page',
    requestId: null,
  });
  context.log.info(
    { approvalId: id, decision, outcome: outcome.kind, actor: `${provider}:${personId}` },
    'the page took a decision',
  );
  const answer = answerOutcome(outcome);
  const refusal = asRefusal(answer);
  if (!refusal) return { location: `${context.publicUrl()}${pagePath(id, link ?? '')}` };
  const notice = { text: answer.text, isProblem: true };
  return { html: await render(context, outcome.approval, session, link ?? '', notice), refusal };
}

/**
 * Starts to link the account of who is signed in to one at the other provider. The way back is to the page of the approval.
 *
 * @throws ZektError when the link, the session or the form is not what it must be
 */
export async function linkOnPage(context: PageContext, request: Request): Promise<Redirect> {
  const query = new URL(request.url).searchParams;
  const link = query.get('t') ?? '';
  const { id } = await followLink(context, query.get('approval') ?? '', link);
  return startLink(context, await sessionOf(context, request), query.get('token') ?? '', pagePath(id, link));
}

/** @throws ZektError `forbidden` */
export async function signOut(context: PageContext, request: Request, form: URLSearchParams): Promise<string> {
  const session = await sessionOf(context, request);
  if (session && !isFormToken(context.keys, session, 'sign-out', form.get('token') ?? ''))
    throw new ZektError('forbidden', 'This form is not from your session.');
  if (session) await closeSession(context.store, session.id);
  return setCookie(context.publicUrl(), 'session', '', 0);
}

const linkIn = (request: Request): string | null => new URL(request.url).searchParams.get('t');

const sessionOf = (context: PageContext, request: Request): Promise<Session | null> =>
  findSession(context.store, context.clock, readCookie(request, context.publicUrl(), 'session'));

function decisionIn(form: URLSearchParams): Decision {
  const decision = form.get('decision');
  if (decision !== 'approved' && decision !== 'rejected')
    throw new ZektError('invalid_body', "The form must say 'approved' or 'rejected'.");
  return decision;
}

async function render(
  context: PageContext,
  approval: ApprovalDocument,
  session: Session | null,
  link: string,
  notice: Notice | null,
): Promise<string> {
  const isAllowed = session !== null && !isOver(approval) && (await mayDecide(context, approval, session.person));
  return renderApproval({
    approval,
    notice,
    session,
    mayDecide: isAllowed,
    formToken: session ? formToken(context.keys, session, `decide:${approval.id}`) : '',
    signOutToken: session ? formToken(context.keys, session, 'sign-out') : '',
    link,
    linkOffer: session && (await linkOffer(context, session, { approval: approval.id, t: link })),
    providers: context.providers,
  });
}
