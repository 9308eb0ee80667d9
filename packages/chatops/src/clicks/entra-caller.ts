import { ZektError, type Clock } from '@zekt/core';
import { OidcKeys } from '@zekt/oidc';
import { displayName, entraPerson, textClaim, type VerifyCardCaller } from './card-caller.ts';
import { verifyToken } from './verify-token.ts';

/** Microsoft's application that sends the clicks of actionable messages ("Security requirements for actionable messages"). */
export const actionableMessagesAppId = '48af08dc-f6d2-435f-b2a7-069abd99c086';

export interface EntraCallerOptions {
  /** `https://login.microsoftonline.com`, without trailing slash. */
  readonly authority: string;
  /** Tenants whose people may click, in lower case. */
  readonly tenants: readonly string[];
  /** What Microsoft was told to ask tokens for: an App ID URI, or a client id. */
  readonly audiences: readonly string[];
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** The issuer of tokens of version 1.0, whatever the authority. */
const v1Issuer = (tenant: string): string => `https://sts.windows.net/${tenant}/`;

/** Entra tokens, version 1.0 and 2.0, of the configured tenants. */
export function entraCaller({ authority, tenants, audiences, clock, fetch }: EntraCallerOptions): VerifyCardCaller {
  const rulesOf = new Map(
    tenants.flatMap((tenant) => {
      const v2Issuer = `${authority}/${tenant}/v2.0`;
      const keys = new OidcKeys(v2Issuer, { clock, fetch, coolDownMs: 60_000 });
      return [v2Issuer, v1Issuer(tenant)].map(
        (issuer) => [issuer, { tenant, keys, issuers: [issuer], audiences }] as const,
      );
    }),
  );
  return async ({ token }, unverifiedIssuer) => {
    const rules = rulesOf.get(unverifiedIssuer);
    if (!rules) return null;
    const claims = await verifyToken(token, rules, clock);
    if ((claims.azp ?? claims.appid) !== actionableMessagesAppId)
      throw new ZektError('invalid_token', 'The token was not given to the service that sends clicks.');
    if (textClaim(claims, 'tid').toLowerCase() !== rules.tenant)
      throw new ZektError('invalid_token', "The token's tenant is not its issuer's.");
    return entraPerson(rules.tenant, textClaim(claims, 'oid'), displayName(claims), claims.groups);
  };
}
