import { createHmac } from 'node:crypto';
import type { EntraDoor } from '../identity/entra-door.ts';
import type { AmqpMessage } from './rhea.ts';

/** What a token of Service Bus must be for, whatever the namespace. */
const audience = 'https://servicebus.azure.net';

/** For how long a token is good: in the broker's time, or for so long from now in real time. */
export type TokenEnd = { readonly atMs: number } | { readonly afterMs: number };

export interface PutToken {
  /** What it is for: `track`, `track/$management`. */
  readonly address: string;
  /** Null: the token is not taken. */
  readonly end: TokenEnd | null;
}

/** Reads a `put-token` request: a shared access signature, or a token of Entra's where the broker has a door for these. */
export function readPutToken(
  request: AmqpMessage,
  keys: Readonly<Record<string, string>>,
  entra?: EntraDoor,
): PutToken {
  const { name, type } = request.application_properties ?? {};
  const address = (typeof name === 'string' ? name : '').replace(/^\w+:\/\/[^/]*\//, '');
  const raw = request.body;
  const text = String(raw !== null && typeof raw === 'object' && 'content' in raw ? raw.content : raw);
  if (type !== 'jwt') return { address, end: endOfSignature(text, keys) };
  const verified = entra?.verify(text, audience);
  return { address, end: verified && 'expiresAt' in verified ? { atMs: verified.expiresAt } : null };
}

/** The key signs resource and expiry ("Service Bus access control with Shared Access Signatures"). */
function endOfSignature(text: string, keys: Readonly<Record<string, string>>): TokenEnd | null {
  const fields = new URLSearchParams(text.replace(/^SharedAccessSignature /, ''));
  const key = keys[fields.get('skn') ?? ''];
  const signed = `${encodeURIComponent(fields.get('sr') ?? '')}\n${fields.get('se') ?? ''}`;
  const afterMs = Number(fields.get('se')) * 1000 - Date.now();
  const isGood =
    key !== undefined && afterMs > 0 && createHmac('sha256', key).update(signed).digest('base64') === fields.get('sig');
  return isGood ? { afterMs } : null;
}
