import { ZektError } from '@zekt/core';
import { decodeJwt } from 'jose';
import type { Person } from '../approval/may-decide.ts';
import type { VerifyCardCaller } from './card-caller.ts';

const maxTokenLength = 16_384;

/** Microsoft puts its token into `Action-Authorization` where the card gave a header `Authorization` of its own. */
function bearerToken(headers: Headers): string {
  const given = headers.get('action-authorization') ?? headers.get('authorization') ?? '';
  const token = /^Bearer ([^\s,]+)$/i.exec(given)?.[1];
  if (token === undefined || token.length > maxTokenLength)
    throw new ZektError('missing_token', 'Missing or invalid Authorization header: it must be "Bearer" and one token.');
  return token;
}

/**
 * Who clicked, by whichever of the configured verifiers knows the token's issuer.
 *
 * @throws ZektError `missing_token`, `invalid_token`, `token_expired`, `issuer_not_trusted` or `issuer_unreachable`
 */
export async function identifyCaller(
  verifiers: readonly VerifyCardCaller[],
  headers: Headers,
  body: unknown,
): Promise<Person> {
  const token = bearerToken(headers);
  // Only picks the verifier; nothing is believed yet.
  const issuer = issuerOf(token);
  for (const verify of verifiers) {
    const person = await verify({ token, body }, issuer);
    if (person) return person;
  }
  throw new ZektError('issuer_not_trusted', `Nobody here trusts tokens of '${issuer.slice(0, 200)}'.`);
}

function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch (error) {
    throw new ZektError('invalid_token', 'The token is not a signed JWT.', { cause: error });
  }
}
