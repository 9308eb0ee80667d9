import type { Exceptions } from './address-guard.ts';
import { createTransport, type Answer } from './transport.ts';

/** POSTs to an address that a user gave. Rejects with an Error that does not hold the URL, which may carry a secret. */
export type Post = (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<Answer>;

export interface PostOptions {
  /** For everything: name, connection, answer. @default 10,000 */
  readonly timeoutMs?: number;
  readonly exceptions: Exceptions;
}

/** The transport, for whoever needs no more than a POST. */
export function guardedPost({ exceptions, timeoutMs = 10_000 }: PostOptions): Post {
  const send = createTransport(exceptions);
  return (url, body, headers) => send({ method: 'POST', url, headers: Object.entries(headers), body }, { timeoutMs });
}
