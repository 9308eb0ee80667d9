import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EntraDoor } from '../identity/entra-door.ts';
import { unauthorized } from './cosmos-error.ts';

/** Path segments of a request, decoded. */
export const segmentsOf = (path: string): string[] => path.split('/').filter(Boolean).map(decodeURIComponent);

export interface AuthorizedRequest {
  readonly method: string;
  readonly path: string;
  readonly date: string;
  readonly authorization: string;
}

/**
 * Checks the signature of an account key: HMAC-SHA256 over method, resource type, resource id and date ("Access control in the Azure
 * Cosmos DB SQL API").
 */
export function requireKey(key: string, request: AuthorizedRequest): void {
  const segments = segmentsOf(request.path);
  const isFeed = segments.length % 2 === 1;
  const type = (isFeed ? segments.at(-1) : segments.at(-2)) ?? '';
  const id = (isFeed ? segments.slice(0, -1) : segments).join('/');
  const text = `${request.method.toLowerCase()}\n${type.toLowerCase()}\n${id}\n${request.date.toLowerCase()}\n\n`;
  const expected = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest();
  const given = /(?:^|&)sig=([^&]*)/.exec(decodeURIComponent(request.authorization))?.[1] ?? '';
  const signature = Buffer.from(given, 'base64');
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
    throw unauthorized("The input authorization token can't serve the request.");
  }
}

/** Checks a token of Entra's, which is for this account ("Role-based access control in Azure Cosmos DB": `type=aad&ver=1.0&sig=`). */
export function requireToken(door: EntraDoor, audience: string, { authorization }: AuthorizedRequest): void {
  const prefix = 'type=aad&ver=1.0&sig=';
  const text = authorization.startsWith(prefix) ? authorization : decodeURIComponent(authorization);
  if (!text.startsWith(prefix)) throw unauthorized('Local Authorization is disabled. Use an AAD token.');
  const verified = door.verify(text.slice(prefix.length), audience);
  if ('refused' in verified) throw unauthorized(`The AAD token is ${verified.refused}.`);
}
