import { html } from 'hono/html';
import type { ApprovalDocument } from '../approval/approval-document.ts';
import { renderDocument, type Html } from './render-document.ts';

export interface SignInView {
  readonly approval: ApprovalDocument;
  /** The link token for viewing. */
  readonly link: string;
  readonly providers: readonly { readonly name: string; readonly title: string }[];
}

/** Whose people are asked: the owner of the repository. A request for a service asks the service's. */
function ownerOf({ requester, target, subscription }: ApprovalDocument): string {
  const asker = subscription?.service ?? requester?.repository ?? target?.repository ?? '';
  return asker.split('/')[0] ?? '';
}

/** All that somebody sees who has the link and has not signed in. */
export const renderSignIn = (view: SignInView): Promise<string> =>
  renderDocument(
    'Sign in - Zekt',
    html`<h1>${ownerOf(view.approval) || 'Zekt'}</h1>
      ${signInButtons(view)}`,
  );

export function signInButtons({ approval, link, providers }: SignInView): Html {
  if (providers.length === 0)
    return html`<p class="notice problem">No sign-in is set up on this server: ask its operator.</p>`;
  return html`<div class="buttons">
    ${providers.map(({ name, title }) => {
      const query = new URLSearchParams({ approval: approval.id, t: link }).toString();
      return html`<a class="button" href="/chatops/sign-in/${name}?${query}">Sign in with ${title}</a>`;
    })}
  </div>`;
}
