import { ZektError, type Clock } from '@zekt/core';
import { OidcKeys } from '@zekt/oidc';
import { decodeJwt } from 'jose';
import { entraPerson, textClaim } from '../clicks/card-caller.ts';
import { verifyToken } from '../clicks/verify-token.ts';
import { exchangeCode } from './exchange-code.ts';
import type { IdentityProvider } from './identity-provider.ts';

export interface EntraProviderOptions {
  /** `https://login.microsoftonline.com` */
  readonly authority: string;
  /** Tenants whose people may sign in, in lower case; with one, Microsoft shows its own sign-in page. */
  readonly tenants: readonly [string, ...string[]];
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** Microsoft Entra by OpenID Connect, code flow with PKCE. The object id and the tenant id are who it is; names are for display. */
export function entraProvider(options: EntraProviderOptions): IdentityProvider {
  const { authority, tenants, clientId, clientSecret, clock, fetch } = options;
  const place = tenants.length === 1 ? tenants[0] : 'organizations';
  const endpoint = (name: string): string => `${authority}/${place}/oauth2/v2.0/${name}`;
  const keysOf = new Map(
    tenants.map((tenant) => [
      tenant,
      new OidcKeys(`${authority}/${tenant}/v2.0`, { clock, fetch, coolDownMs: 60_000 }),
    ]),
  );
  return {
    name: 'entra',
    title: 'Microsoft',
    authorizationUrl({ state, nonce, redirectUri }, codeChallenge) {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        response_mode: 'query',
        scope: 'openid profile',
        redirect_uri: redirectUri,
        state,
        nonce,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${endpoint('authorize')}?${query.toString()}`;
    },
    async finish(trip, query) {
      const server = { issuer: `${authority}/${place}/v2.0`, token_endpoint: endpoint('token') };
      const answer = await exchangeCode({ server, id: clientId, secret: clientSecret, fetch }, trip, query);
      const token = typeof answer.id_token === 'string' ? answer.id_token : '';
      const tenant = tenantOf(token);
      const keys = keysOf.get(tenant);
      if (!keys) throw new ZektError('invalid_token', 'People of this tenant do not sign in here.');
      const issuers = [`${authority}/${tenant}/v2.0`];
      const claims = await verifyToken(token, { keys, issuers, audiences: [clientId] }, clock);
      if (claims.nonce !== trip.nonce || textClaim(claims, 'tid').toLowerCase() !== tenant)
        throw new ZektError('invalid_token', 'The sign-in did not succeed. Start again.');
      return entraPerson(tenant, textClaim(claims, 'oid'), claims.preferred_username ?? claims.name, claims.groups);
    },
  };
}

/** Only picks the keys; nothing is believed yet. */
function tenantOf(token: string): string {
  try {
    const { tid } = decodeJwt(token);
    return typeof tid === 'string' ? tid.toLowerCase() : '';
  } catch (error) {
    throw new ZektError('invalid_token', 'Microsoft did not say who signed in. Start again.', { cause: error });
  }
}
