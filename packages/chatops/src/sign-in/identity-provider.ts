import type { Person } from '../approval/may-decide.ts';

/** One trip to an identity provider and back. */
export interface Trip {
  readonly state: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** Where the provider sends the browser back to. */
  readonly redirectUri: string;
}

/** Where people prove who they are. */
export interface IdentityProvider {
  readonly name: 'github' | 'entra';
  /** For the button: "Sign in with …". */
  readonly title: string;
  /** Where the browser goes. */
  authorizationUrl(trip: Trip, codeChallenge: string): string;
  /**
   * @param query what the provider gave the browser to bring back
   * @throws ZektError `invalid_token` when anything about it is not as it must be
   */
  finish(trip: Trip, query: URLSearchParams): Promise<Person>;
}
