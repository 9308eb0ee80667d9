import { ZektError, type Clock, type DocumentStore } from '@zekt/core';
import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
} from 'oauth4webapi';
import type { Person } from '../approval/may-decide.ts';
import type { SigningKeys } from '../approval/signing-keys.ts';
import { readCookie, setCookie } from './cookies.ts';
import type { IdentityProvider, Trip } from './identity-provider.ts';

export interface SignInContext {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly publicUrl: () => string;
  readonly providers: readonly IdentityProvider[];
}

/** Where a browser is sent, and what it is given to keep. */
export interface Redirect {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** What the browser keeps while it is away; signed, so that it comes back as it left. */
interface Baggage extends Omit<Trip, 'redirectUri'> {
  readonly provider: string;
  /** Path of ours to come back to. */
  readonly returnTo: string;
  /** Seconds since the epoch. */
  readonly until: number;
}

/** For the way there and back. */
export const tripMs = 600_000;
const tripSeconds = tripMs / 1000;

/** @throws ZektError `not_found` */
function providerNamed({ providers }: SignInContext, name: string): IdentityProvider {
  const provider = providers.find((it) => it.name === name);
  if (!provider)
    throw new ZektError('not_found', `Signing in with '${name.slice(0, 40)}' is not set up on this server.`);
  return provider;
}

const redirectUri = (context: SignInContext, { name }: IdentityProvider): string =>
  `${context.publicUrl()}/chatops/sign-in/${name}/callback`;

/** Sends a browser to a provider, with `state` and PKCE. */
export async function startSignIn(
  context: SignInContext,
  name: string,
  returnTo: string,
): Promise<Redirect & { readonly state: string }> {
  const provider = providerNamed(context, name);
  const trip = {
    state: generateRandomState(),
    codeVerifier: generateRandomCodeVerifier(),
    nonce: generateRandomNonce(),
  };
  const until = Math.floor(context.clock.now() / 1000) + tripSeconds;
  const baggage: Baggage = { ...trip, provider: name, returnTo, until };
  const text = Buffer.from(JSON.stringify(baggage)).toString('base64url');
  const { keyId, mac } = context.keys.sign('forms', text);
  const challenge = await calculatePKCECodeChallenge(trip.codeVerifier);
  return {
    state: trip.state,
    location: provider.authorizationUrl({ ...trip, redirectUri: redirectUri(context, provider) }, challenge),
    cookies: [setCookie(context.publicUrl(), 'sign-in', `${text}.${keyId}.${mac.toString('base64url')}`, tripSeconds)],
  };
}

/** Somebody who came back, and where to. */
export interface SignedIn {
  readonly person: Person;
  readonly state: string;
  /** Path of ours. */
  readonly returnTo: string;
}

/**
 * Takes a browser back in.
 *
 * @throws ZektError `invalid_token` when this browser did not start, or the provider does not vouch for anybody
 */
export async function proveSignIn(context: SignInContext, name: string, request: Request): Promise<SignedIn> {
  const provider = providerNamed(context, name);
  const publicUrl = context.publicUrl();
  const baggage = readBaggage(context, readCookie(request, publicUrl, 'sign-in'));
  if (baggage?.provider !== name)
    throw new ZektError(
      'invalid_token',
      'This browser did not start a sign-in here, or it took too long. Start again.',
    );
  const { state, codeVerifier, nonce } = baggage;
  const trip: Trip = { state, codeVerifier, nonce, redirectUri: redirectUri(context, provider) };
  const person = await provider.finish(trip, new URL(request.url).searchParams);
  return { person, state, returnTo: baggage.returnTo };
}

function readBaggage({ keys, clock }: SignInContext, cookie: string | null): Baggage | null {
  const [text = '', keyId = '', mac = ''] = (cookie ?? '').split('.');
  if (!keys.isSigned('forms', keyId, text, Buffer.from(mac, 'base64url'))) return null;
  const baggage = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Baggage;
  return baggage.until * 1000 > clock.now() ? baggage : null;
}
