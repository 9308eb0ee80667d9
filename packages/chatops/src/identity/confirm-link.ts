import { ZektError } from '@zekt/core';
import type { Person } from '../approval/may-decide.ts';
import { linkPendingId, sessionPartition } from '../keys.ts';
import { renderLink, renderLinked } from '../page/render-link.ts';
import { formToken, isFormToken, type Session } from '../sign-in/session.ts';
import { tripMs, type SignInContext } from '../sign-in/sign-in.ts';
import { accountKey } from './account.ts';
import { linkAccounts } from './link-accounts.ts';

/** Where somebody says that both accounts are theirs. */
export const confirmPath = '/chatops/identity/confirm';

/** Somebody signed in with the other account, too, and has not said yet that the two are to be linked. */
interface PendingLink {
  readonly person: Person;
  /** Path of ours to go on to. */
  readonly returnTo: string;
  readonly until: number;
}

/** Keeps beside the session who signed in, until they say on {@link confirmPath} that the accounts are to be linked. */
export async function keepForConfirmation(
  { store, clock }: SignInContext,
  session: Session,
  person: Person,
  returnTo: string,
): Promise<void> {
  const until = clock.now() + tripMs;
  const body: PendingLink = { person, returnTo, until };
  await store.commit({
    partition: sessionPartition(session.id),
    writes: [{ kind: 'put', id: linkPendingId, body, expiresAt: until }],
  });
}

/** Of the form: for these two accounts and no others. */
const purposeFor = ({ person }: PendingLink): string => `confirm-link:${accountKey(person.actor)}`;

async function pendingOf({ store, clock }: SignInContext, session: Session | null) {
  if (!session)
    throw new ZektError('missing_token', 'You are not signed in any more. Open the link again and sign in.');
  const found = await store.get<PendingLink>(sessionPartition(session.id), linkPendingId);
  if (!found || found.body.until <= clock.now())
    throw new ZektError('not_found', 'There are no accounts to link, or it took too long. Start again on the page.');
  return { session, found };
}

/**
 * Shows who would be linked with whom. Reads only.
 *
 * @throws ZektError `missing_token` without a session, `not_found` where nothing waits
 */
export async function showLink(context: SignInContext, given: Session | null): Promise<string> {
  const { session, found } = await pendingOf(context, given);
  const token = formToken(context.keys, session, purposeFor(found.body));
  return renderLink({
    mine: session.person.actor,
    other: found.body.person.actor,
    token,
    returnTo: found.body.returnTo,
  });
}

/**
 * Links the accounts, which their person has seen side by side.
 *
 * @returns the page that says so
 * @throws ZektError `missing_token`, `not_found`, `forbidden` for a form of somebody else; `conflict` when an account is linked already
 */
export async function confirmLink(
  context: SignInContext,
  given: Session | null,
  form: URLSearchParams,
): Promise<string> {
  const { session, found } = await pendingOf(context, given);
  if (!isFormToken(context.keys, session, purposeFor(found.body), form.get('token') ?? ''))
    throw new ZektError('forbidden', 'This form is not from your session. Open the page again.');
  const { committed } = await context.store.commit({
    partition: sessionPartition(session.id),
    writes: [{ kind: 'delete', id: linkPendingId, etag: found.etag }],
  });
  if (!committed) throw new ZektError('not_found', 'These accounts were linked a moment ago.');
  const name = await linkAccounts(context, session.person, found.body.person);
  return renderLinked({
    mine: session.person.actor,
    other: found.body.person.actor,
    name,
    returnTo: found.body.returnTo,
  });
}
