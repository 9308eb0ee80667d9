import { ZektError } from '@zekt/core';
import { answerOutcome, asRefusal, expiredAnswer, invalidLink, tooManyClicks } from '../approval/answer-click.ts';
import {
  findApproval,
  isOver,
  shownState,
  type ApprovalDocument,
  type Decision,
} from '../approval/approval-document.ts';
import type { ApprovalsContext } from '../approval/approvals-context.ts';
import { askAboutPerson } from '../approval/ask-about-person.ts';
import { decide, type Outcome } from '../approval/decide.ts';
import { checkLinkToken } from '../approval/link-token.ts';
import { mayDecide } from '../approval/may-decide.ts';
import { getChannel } from '../channel.ts';
import type { RateLimit } from '../clicks/rate-limit.ts';
import { confirmLink, showLink } from '../identity/confirm-link.ts';
import { startLink } from '../identity/link-accounts.ts';
import { linkOffer } from '../identity/link-offer.ts';
import { readCookie, setCookie } from '../sign-in/cookies.ts';
import { closeSession, findSession, formToken, isFormToken, type Session } from '../sign-in/session.ts';
import type { Redirect, SignInContext } from '../sign-in/sign-in.ts';
import { renderApproval, type Notice, type PageView } from './render-page.ts';
import { renderSignIn } from './render-sign-in.ts';

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
  const session = await sessionOf(context, request);
  if (!session && !(await isShownByLink(context, approval)))
    return { html: await renderSignIn({ approval, link: link ?? '', providers: context.providers }), refusal };
  return render(context, { approval: shown, session, link: link ?? '', refusal, comment: '' });
}

/** The job's log may be public, and the link is in it: without a session the question is shown only where the channel says so. */
async function isShownByLink({ store }: PageContext, { posting }: ApprovalDocument): Promise<boolean> {
  return posting !== null && (await getChannel(store, posting.channel))?.pageVisibility === 'link';
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
  const comment = (form.get('comment') ?? '').slice(0, maxCommentLength).trim();
  const shown = { session, link: link ?? '', comment };
  let outcome: Outcome;
  try {
    outcome = await decide(context, approval, {
      decision,
      person: session.person,
      comment,
      via: 'page',
      requestId: null,
    });
  } catch (error) {
    if (!(error instanceof ZektError)) throw error;
    // What was typed is kept for the next try.
    return render(context, { ...shown, approval, refusal: error });
  }
  context.log.info(
    { approvalId: id, decision, outcome: outcome.kind, actor: `${provider}:${personId}` },
    'the page took a decision',
  );
  const refusal = asRefusal(answerOutcome(outcome));
  if (!refusal) return { location: `${context.publicUrl()}${pagePath(id, link ?? '')}` };
  return render(context, { ...shown, approval: outcome.approval, refusal });
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

/** The accounts that somebody may link; see `showLink`. */
export const linkPage = async (context: PageContext, request: Request): Promise<string> =>
  showLink(context, await sessionOf(context, request));

/** Links them; see `confirmLink`. */
export const confirmLinkOnPage = async (
  context: PageContext,
  request: Request,
  form: URLSearchParams,
): Promise<string> => confirmLink(context, await sessionOf(context, request), form);

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

/** The page as who is signed in sees it; where it can't be told whether they may decide, they are told so and may try. */
async function render(
  context: PageContext,
  view: Pick<PageView, 'approval' | 'session' | 'link' | 'comment'> & { readonly refusal: ZektError | null },
): Promise<Page> {
  const { approval, session } = view;
  const standing = session && hasForm(approval) ? await standingOf(context, approval, session) : false;
  const refusal = view.refusal ?? (standing instanceof ZektError ? standing : null);
  const notice: Notice | null = refusal && { text: refusal.message, isProblem: true };
  const html = await renderApproval({
    ...view,
    notice,
    mayDecide: standing instanceof ZektError ? null : standing,
    formToken: session ? formToken(context.keys, session, `decide:${approval.id}`) : '',
    signOutToken: session ? formToken(context.keys, session, 'sign-out') : '',
    linkOffer: session && (await linkOffer(context, session, { approval: approval.id, t: view.link })),
    providers: context.providers,
  });
  return { html, refusal };
}

const hasForm = (approval: ApprovalDocument): boolean => !isOver(approval) && shownState(approval) !== 'inDoubt';

/** Whether they may decide, or why that can't be told. */
async function standingOf(
  context: PageContext,
  approval: ApprovalDocument,
  { person }: Session,
): Promise<boolean | ZektError> {
  try {
    return await askAboutPerson(mayDecide(context, approval, person), null);
  } catch (error) {
    if (error instanceof ZektError) return error;
    throw error;
  }
}
