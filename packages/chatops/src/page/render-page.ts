import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { ApprovalDocument, Vote } from '../approval/approval-document.ts';
import { cardContent, shortTime } from '../cards/card-content.ts';
import type { Session } from '../sign-in/session.ts';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What the page tells beside the question. */
export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
}

export interface PageView {
  readonly approval: ApprovalDocument;
  readonly notice: Notice | null;
  readonly session: Session | null;
  /** Whether who is signed in may decide. */
  readonly mayDecide: boolean;
  /** Of the form; bound to the session. */
  readonly formToken: string;
  readonly signOutToken: string;
  /** The link token for viewing. */
  readonly link: string;
  /** To link an account at another provider. */
  readonly linkOffer: Html | null;
  readonly providers: readonly { readonly name: string; readonly title: string }[];
}

/** A whole document. Nothing in it runs: it works without JavaScript. */
export async function renderDocument(title: string, body: Html): Promise<string> {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="/chatops/style.css" />
      </head>
      <body>
        <main>
          <p class="brand">Zekt approvals</p>
          <article>${body}</article>
        </main>
      </body>
    </html> `;
  return String(await page);
}

/** A page that only says something: the link is not valid, the sign-in failed. */
export const renderMessage = (heading: string, text: string): Promise<string> =>
  renderDocument(
    `${heading} - Zekt`,
    html`<h1>${heading}</h1>
      <p>${text}</p>`,
  );

/** The question, what was said to it so far, and the forms to decide it. */
export function renderApproval(view: PageView): Promise<string> {
  const { approval, notice } = view;
  const content = cardContent(approval);
  return renderDocument(
    `${content.summary} - Zekt`,
    html`<p class="state ${approval.state}">${content.heading}</p>
      <h1>${content.title}</h1>
      <p class="where">${content.subtitle}</p>
      ${notice && html`<p class="notice${notice.isProblem ? ' problem' : ''}" role="status">${notice.text}</p>`}
      ${content.text !== '' && html`<p class="text">${content.text}</p>`}
      <dl>
        ${content.facts.map(
          ({ name, value, isDigest }) =>
            html`<dt>${name}</dt>
              <dd class="${isDigest ? 'digest' : 'fact'}">${value}</dd>`,
        )}
      </dl>
      ${approval.votes.length > 0 && votes(approval.votes)}
      ${content.isOpen && (view.session ? decisionForm(view, view.session) : signIn(view))} ${view.linkOffer}
      ${view.session && signedIn(view, view.session)}`,
  );
}

const votes = (list: readonly Vote[]): Html =>
  html`<h2>Decisions</h2>
    <ol>
      ${list.map(
        ({ decision, actor, comment, at }) =>
          html`<li>
            <span class="${decision}">${decision}</span> by ${actor.name ?? actor.id} (${actor.provider}) at
            ${shortTime(at)}${comment !== '' && html`<br /><span class="text">${comment}</span>`}
          </li>`,
      )}
    </ol>`;

function signIn({ approval, link, providers }: PageView): Html {
  if (providers.length === 0)
    return html`<p class="notice problem">No sign-in is set up on this server: ask its operator.</p>`;
  return html`<h2>Sign in to decide</h2>
    <p>The decision is recorded under the account that you sign in with.</p>
    <div class="buttons">
      ${providers.map(({ name, title }) => {
        const query = new URLSearchParams({ approval: approval.id, t: link }).toString();
        return html`<a class="button" href="/chatops/sign-in/${name}?${query}">Sign in with ${title}</a>`;
      })}
    </div>`;
}

function decisionForm({ approval, formToken, link, mayDecide }: PageView, session: Session): Html {
  if (!mayDecide) return html`<p class="notice problem" role="status">You are not allowed to decide this request.</p>`;
  const { name, id } = session.person.actor;
  const isRequired = approval.policy.requireRejectComment;
  return html`<h2>Your decision, ${name ?? id}</h2>
    <form method="post" action="/chatops/approvals/${approval.id}/decision?t=${link}">
      <input type="hidden" name="token" value="${formToken}" />
      <label for="comment">Comment ${isRequired ? '(required for rejecting)' : '(optional)'}</label>
      <textarea id="comment" name="comment" maxlength="2000"></textarea>
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
      Signed in as ${actor.name ?? actor.id} (${actor.provider}). <button class="plain">Sign out</button>
    </p>
  </form>`;
