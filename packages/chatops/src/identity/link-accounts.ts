import { digest, ZektError, type Clock, type DocumentStore } from '@zekt/core';
import { linkIntentId, sessionPartition } from '../keys.ts';
import type { Person } from '../approval/may-decide.ts';
import { isFormToken, type Session } from '../sign-in/session.ts';
import { startSignIn, tripMs, type Redirect, type SignInContext } from '../sign-in/sign-in.ts';
import { isSameAccount, type Account } from './account.ts';
import type { IdentityDocument } from './identity-document.ts';
import { personOf } from './person-accounts.ts';
import { writeIdentity } from './write-identity.ts';

/** Kept beside the session of whoever wants to show that another account is theirs, too; good for one sign-in. */
interface LinkIntent {
  readonly state: string;
  readonly until: number;
}

/** What the token of a page is for. */
export const linkPurpose = 'link-account';

/**
 * Sends somebody who is signed in to the other provider, to show that an account there is theirs, too.
 *
 * @param token of the page that the session was shown
 * @param returnTo path of ours to come back to
 * @throws ZektError `missing_token` without a session, `forbidden` for a token of somebody else, `not_found` where there is no other provider
 */
export async function startLink(
  context: SignInContext,
  session: Session | null,
  token: string,
  returnTo: string,
): Promise<Redirect> {
  if (!session)
    throw new ZektError('missing_token', 'You are not signed in any more. Open the link again and sign in.');
  if (!isFormToken(context.keys, session, linkPurpose, token))
    throw new ZektError('forbidden', 'This link is not from your session. Open the page again.');
  const other = otherProvider(context, session);
  if (!other) throw new ZektError('not_found', 'There is no other sign-in on this server.');
  const { state, ...redirect } = await startSignIn(context, other.name, returnTo);
  const until = context.clock.now() + tripMs;
  const body: LinkIntent = { state, until };
  await context.store.commit({
    partition: sessionPartition(session.id),
    writes: [{ kind: 'put', id: linkIntentId, body, expiresAt: until }],
  });
  return redirect;
}

/** Where somebody could sign in, too. */
export const otherProvider = (
  { providers }: Pick<SignInContext, 'providers'>,
  { person }: Session,
): SignInContext['providers'][number] | null =>
  providers.find(({ name }) => name !== person.actor.provider && person.actor.provider !== 'operator') ?? null;

/** Whether this sign-in was started by that session to link accounts; can be asked once. */
export async function takeLinkIntent(
  { store, clock }: { readonly store: DocumentStore; readonly clock: Clock },
  { id }: Session,
  state: string,
): Promise<boolean> {
  const partition = sessionPartition(id);
  const found = await store.get<LinkIntent>(partition, linkIntentId);
  if (found?.body.state !== state || found.body.until <= clock.now()) return false;
  const { committed } = await store.commit({
    partition,
    writes: [{ kind: 'delete', id: linkIntentId, etag: found.etag }],
  });
  return committed;
}

/**
 * Keeps that two accounts are of one person, who has signed in with both.
 *
 * @returns the name of their identity
 * @throws ZektError `conflict` when one of them is linked to another account of the tenant already
 */
export async function linkAccounts(
  { store, clock }: { readonly store: DocumentStore; readonly clock: Clock },
  ...people: readonly [Person, Person]
): Promise<string> {
  const [first, second] = people.map(({ actor }): Account => ({ ...actor }));
  const gitHub = people.find(({ actor }) => actor.provider === 'github')?.actor;
  const entra = people.find(({ actor }) => actor.provider === 'entra')?.actor;
  if (!gitHub || entra?.tenant == null || !first || !second)
    throw new ZektError('invalid_token', 'An account of GitHub and one of Microsoft can be linked, and no other two.');
  const { tenant } = entra;
  const name = `link-${digest(gitHub.id, tenant, entra.id).slice(0, 24)}`;
  if (await isLinked(store, first, second)) return name;
  const at = clock.now();
  const identity: IdentityDocument = {
    name,
    github: { id: gitHub.id, login: gitHub.name },
    entra: { tenant, id: entra.id },
    allowSeveral: false,
    suspend: false,
    by: `github:${gitHub.name ?? gitHub.id} as entra:${entra.name ?? entra.id}`,
    at,
  };
  await writeIdentity(store, name, at, () => identity);
  return name;
}

const isLinked = async (store: DocumentStore, first: Account, second: Account): Promise<boolean> =>
  (await personOf(store, first)).accounts.some((it) => isSameAccount(it, second));
