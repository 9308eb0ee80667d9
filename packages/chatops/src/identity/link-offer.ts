import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { formToken, type Session } from '../sign-in/session.ts';
import type { SignInContext } from '../sign-in/sign-in.ts';
import { entraAccount, gitHubAccount } from './account.ts';
import { linkPurpose, otherProvider } from './link-accounts.ts';
import { personOf } from './person-accounts.ts';

/** What a page offers to whoever is signed in with one of two providers. Null: they are known with both, or there is no other. */
export async function linkOffer(
  context: SignInContext,
  session: Session,
  page: { readonly approval: string; readonly t: string },
): Promise<HtmlEscapedString | null> {
  const other = otherProvider(context, session);
  if (!other) return null;
  const { provider, tenant, id } = session.person.actor;
  const { accounts } = await personOf(
    context.store,
    provider === 'github' ? gitHubAccount(id) : entraAccount(tenant ?? '', id),
  );
  if (accounts.some((account) => account.provider === other.name)) return null;
  const query = new URLSearchParams({ ...page, token: formToken(context.keys, session, linkPurpose) }).toString();
  // A link and no form: browsers do not let a form lead to another site, as the page's policy says.
  return html`<p class="who">
    Do you have a ${other.title} account, too?
    <a href="/chatops/identity/link?${query}">Link your ${other.title} account</a>
  </p>`;
}
