import { html } from 'hono/html';
import type { Target, Vote } from '../approval/approval-document.ts';
import { shownState } from '../approval/approval-document.ts';
import { shortTime } from '../approval/short-time.ts';
import { cardContent, type Fact } from '../cards/card-content.ts';
import type { Session } from '../sign-in/session.ts';
import { visibleText } from '../visible-text.ts';
import { renderDocument, type Html } from './render-document.ts';
import { signInButtons, type SignInView } from './render-sign-in.ts';

/** What the page tells beside the question. */
export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
}

export interface PageView extends SignInView {
  readonly notice: Notice | null;
  readonly session: Session | null;
  /** Whether who is signed in may decide; null: it can't be told now, so they may try. */
  readonly mayDecide: boolean | null;
  /** What they typed before, when it could not be taken. */
  readonly comment: string;
  /** Of the form; bound to the session. */
  readonly formToken: string;
  readonly signOutToken: string;
  /** To link an account at another provider. */
  readonly linkOffer: Html | null;
}

/** The question, what was said to it so far, and the forms to decide it. */
export function renderApproval(view: PageView): Promise<string> {
  const { approval, notice, session } = view;
  const content = cardContent(approval);
  const said = content.facts.filter(({ isOfRequester }) => isOfRequester);
  const known = content.facts.filter(({ isOfRequester }) => !isOfRequester);
  return renderDocument(
    `${visibleText(content.summary)} - Zekt`,
    html`<p class="state ${shownState(approval)}">${content.heading}</p>
      <h1>${visibleText(content.title)}</h1>
      <p class="where">${visibleText(content.subtitle)}</p>
      ${notice && html`<p class="notice${notice.isProblem ? ' problem' : ''}" role="status">${visibleText(notice.text)}</p>`}
      ${content.text !== '' && html`<p class="text">${visibleText(content.text)}</p>`}
      ${facts([...known, ...(approval.target ? events(approval.target) : [])])}
      ${
        said.length > 0 &&
        html`<h2>Said by the requester</h2>
          ${facts(said)}`
      }
      ${approval.votes.length > 0 && votes(approval.votes)}
      ${content.isOpen && (session ? decisionForm(view, session) : signIn(view))} ${view.linkOffer}
      ${session && signedIn(view, session)}`,
  );
}

const facts = (list: readonly Fact[]): Html =>
  html`<dl>
    ${list.map(
      ({ name, value, isDigest }) =>
        html`<dt>${visibleText(name)}</dt>
          <dd class="${isDigest ? 'digest' : 'fact'}">${visibleText(value)}</dd>`,
    )}
  </dl>`;

/** What each decision sets off: somebody could name the one after the other. */
const events = ({ approved, rejected, repository }: Target): Fact[] => [
  { name: 'Sends if approved', value: `${approved.eventType} to ${repository}` },
  { name: 'Sends if rejected', value: `${rejected.eventType} to ${repository}` },
];

const votes = (list: readonly Vote[]): Html =>
  html`<h2>Decisions</h2>
    <ol>
      ${list.map(
        ({ decision, actor, comment, at }) =>
          html`<li>
            <span class="${decision}">${decision}</span> by ${visibleText(actor.name ?? actor.id)} (${actor.provider})
            at ${shortTime(at)}${comment !== '' && html`<br /><span class="text">${visibleText(comment)}</span>`}
          </li>`,
      )}
    </ol>`;

const signIn = (view: PageView): Html =>
  html`<h2>Sign in to decide</h2>
    <p>The decision is recorded under the account that you sign in with.</p>
    ${signInButtons(view)}`;

function decisionForm({ approval, comment, formToken, link, mayDecide }: PageView, session: Session): Html {
  if (mayDecide === false)
    return html`<p class="notice problem" role="status">You are not allowed to decide this request.</p>`;
  const { name, id } = session.person.actor;
  const isRequired = approval.policy.requireRejectComment;
  return html`<h2>Your decision, ${visibleText(name ?? id)}</h2>
    <form method="post" action="/chatops/approvals/${approval.id}/decision?t=${link}">
      <input type="hidden" name="token" value="${formToken}" />
      <label for="comment">Comment ${isRequired ? '(required for rejecting)' : '(optional)'}</label>
      <textarea id="comment" name="comment" maxlength="2000">${comment}</textarea>
      <div class="buttons">
        <button class="approve" name="decision" value="approved">Approve</button>
        <button class="reject" name="decision" value="rejected">Reject</button>
      </div>
    </form>`;
}

const signedIn = ({ signOutToken }: PageView, { person: { actor } }: Session): Html =>
  html`<form method="post" action="/chatops/sign-out">
    <input type="hidden" name="token" value="${signOutToken}" />
    <p class="who">
      Signed in as ${visibleText(actor.name ?? actor.id)} (${actor.provider}). <button class="plain">Sign out</button>
    </p>
  </form>`;
