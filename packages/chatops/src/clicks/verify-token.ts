import { ZektError, type Clock } from '@zekt/core';
import type { OidcKeys } from '@zekt/oidc';
import { errors, jwtVerify, type JWTPayload } from 'jose';

/** Microsoft's clocks and ours may differ by this much. */
const clockSkewSeconds = 300;

export interface TokenRules {
  readonly keys: OidcKeys;
  /** Exact. */
  readonly issuers: readonly string[];
  /** Exact: one of these, and the token has no other. */
  readonly audiences: readonly string[];
}

/**
 * Checks a token in this order: RS256, key, signature, issuer, audience, times. A claim that is missing is a claim that fails.
 *
 * @throws ZektError `invalid_token`, `token_expired` or `issuer_unreachable`
 */
export async function verifyToken(token: string, rules: TokenRules, clock: Clock): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, rules.keys.find, {
      algorithms: ['RS256'],
      issuer: [...rules.issuers],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(clock.now()),
      requiredClaims: ['iss', 'aud', 'exp'],
    });
    if (typeof payload.aud !== 'string' || !rules.audiences.includes(payload.aud))
      throw new ZektError('invalid_token', "The token's audience is not this server's.");
    return payload;
  } catch (error) {
    if (error instanceof ZektError) throw error;
    if (error instanceof errors.JWTExpired)
      throw new ZektError('token_expired', 'The token has expired.', { cause: error });
    throw new ZektError('invalid_token', 'The token can not be verified.', { cause: error });
  }
}
