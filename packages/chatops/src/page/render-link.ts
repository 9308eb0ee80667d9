import type { Actor } from '@zekt/contracts';
import { html } from 'hono/html';
import { visibleText } from '../visible-text.ts';
import { renderDocument, type Html } from './render-document.ts';

interface LinkView {
  readonly mine: Actor;
  readonly other: Actor;
  /** Path of ours to go on to. */
  readonly returnTo: string;
}

/** Both accounts, with what names can't show: ids, and the tenant. */
const accounts = (...actors: readonly Actor[]): Html =>
  html`<dl>
    ${actors.map(
      ({ provider, name, id, tenant }) =>
        html`<dt>${provider === 'github' ? 'GitHub' : 'Microsoft'}</dt>
          <dd class="fact">${visibleText(name ?? id)} (id ${id}${tenant !== null && html`, tenant ${tenant}`})</dd>`,
    )}
  </dl>`;

/** Asks whether the accounts are to be linked. */
export const renderLink = ({ mine, other, returnTo, token }: LinkView & { readonly token: string }): Promise<string> =>
  renderDocument(
    'Link accounts - Zekt',
    html`<h1>Link these accounts?</h1>
      ${accounts(mine, other)}
      <p>Zekt will know both as one person: who starts a run with the one does not decide about it with the other.</p>
      <p>Only an operator of this server can undo it, by deleting the identity.</p>
      <form method="post" action="/chatops/identity/confirm">
        <input type="hidden" name="token" value="${token}" />
        <div class="buttons">
          <button class="approve">Link accounts</button>
        </div>
      </form>
      <p class="who"><a href="${returnTo}">Do not link them</a></p>`,
  );

/** Says that they are, and how that is undone. */
export const renderLinked = ({ mine, other, returnTo, name }: LinkView & { readonly name: string }): Promise<string> =>
  renderDocument(
    'Accounts linked - Zekt',
    html`<h1>These accounts are linked</h1>
      ${accounts(mine, other)}
      <p>To undo it, ask an operator of this server to run:</p>
      <p class="digest">zekt delete identity ${name}</p>
      <p class="who"><a href="${returnTo}">Go on</a></p>`,
  );
