import { confirmPath, keepForConfirmation } from '../identity/confirm-link.ts';
import { takeLinkIntent } from '../identity/link-accounts.ts';
import { namedPerson } from '../identity/named-person.ts';
import { readCookie, setCookie } from './cookies.ts';
import { findSession, openSession, sessionMs } from './session.ts';
import { proveSignIn, type Redirect, type SignInContext } from './sign-in.ts';

/**
 * Takes a browser back in, and opens a session; or, where the session that is open wanted that, asks whether the account is to be linked to
 * the one of the session.
 *
 * @throws ZektError `invalid_token` when this browser did not start, or the provider does not vouch for anybody
 */
export async function finishSignIn(context: SignInContext, name: string, request: Request): Promise<Redirect> {
  const { store, clock } = context;
  const publicUrl = context.publicUrl();
  const { person, state, returnTo } = await proveSignIn(context, name, request);
  const location = `${publicUrl}${returnTo}`;
  const done = setCookie(publicUrl, 'sign-in', '', 0);
  const session = await findSession(store, clock, readCookie(request, publicUrl, 'session'));
  if (session && (await takeLinkIntent(context, session, state))) {
    await keepForConfirmation(context, session, person, returnTo);
    return { location: `${publicUrl}${confirmPath}`, cookies: [done] };
  }
  const opened = await openSession(store, clock, await namedPerson(store, person));
  return { location, cookies: [setCookie(publicUrl, 'session', opened, sessionMs / 1000), done] };
}
