import { ZektError, type Clock } from '@zekt/core';
import { OidcKeys } from '@zekt/oidc';
import { displayName, entraPerson, textClaim, type VerifyCardCaller } from './card-caller.ts';
import { actionableMessagesAppId } from './entra-caller.ts';
import { verifyToken } from './verify-token.ts';

export interface LegacyCallerOptions {
  /** `https://substrate.office.com/sts/` */
  readonly issuer: string;
  /** The audience: this server's base URL as configured, never as a request says it. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/**
 * The token of Outlook's and Teams' own issuer, which Microsoft retired on 8 June 2026 (MC1189663). Off unless configured: for whoever
 * still has something that makes such tokens. `sub` is the object id where it came by a connector; an e-mail address is refused.
 */
export function legacyCaller({ issuer, publicUrl, clock, fetch }: LegacyCallerOptions): VerifyCardCaller {
  const discoveryUrl = `${issuer}common/.well-known/openid-configuration`;
  const keys = new OidcKeys(issuer, { clock, fetch, discoveryUrl, coolDownMs: 60_000 });
  return async ({ token }, unverifiedIssuer) => {
    if (unverifiedIssuer !== issuer) return null;
    const claims = await verifyToken(token, { keys, issuers: [issuer], audiences: [publicUrl()] }, clock);
    if (claims.appid !== actionableMessagesAppId)
      throw new ZektError('invalid_token', 'The token was not given to the service that sends clicks.');
    const subject = textClaim(claims, 'sub');
    if (subject.includes('@'))
      throw new ZektError('invalid_token', 'The token names a person by e-mail address, not by id.');
    return entraPerson(textClaim(claims, 'tid'), subject, displayName(claims));
  };
}
