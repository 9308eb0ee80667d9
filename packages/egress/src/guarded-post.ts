import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { mayDial, type Exceptions } from './address-guard.ts';

/** What a destination answered. */
export interface PostAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first 64 kB. */
  readonly text: string;
}

/** POSTs to an address that a user gave. Rejects with an Error that does not hold the URL, which may carry a secret. */
export type Post = (url: string, body: string, headers: Readonly<Record<string, string>>) => Promise<PostAnswer>;

export interface PostOptions {
  /** For everything: name, connection, answer. @default 10,000 */
  readonly timeoutMs?: number;
  readonly exceptions: Exceptions;
}

const maxAnswerBytes = 65_536;

/** Told apart from other failures: trying again can't help. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

const forbidden = (host: string): ForbiddenAddressError =>
  new ForbiddenAddressError(
    `the host '${host}' is a private or reserved address; the operator can allow it with ZEKT_EGRESS_ALLOW`,
  );

/**
 * Makes the one way out to addresses that users give. The guard looks at the address that is dialled, after the name was resolved, so a
 * name that changes its mind between two look-ups gains nothing. No redirect is followed.
 */
export function guardedPost({ exceptions, timeoutMs = 10_000 }: PostOptions): Post {
  const connect = guardedConnector(exceptions, timeoutMs);
  const dispatcher = new Agent({
    connect,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxRedirections: 0,
  } as Agent.Options);
  return async (url, body, headers) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(url, { method: 'POST', body, headers, dispatcher, signal });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: await readSome(answer.body),
      };
    } catch (error) {
      if (error instanceof ForbiddenAddressError) throw error;
      if (signal.aborted) throw new Error(`no answer within ${timeoutMs / 1000} s`, { cause: error });
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      throw new Error(`the request failed${code === '' ? '' : ` (${code})`}`, { cause: error });
    }
  };
}

function guardedConnector(exceptions: Exceptions, timeoutMs: number): buildConnector.connector {
  const dial = buildConnector({
    timeout: timeoutMs,
    lookup(host: string, options: LookupOptions, done: (error: Error | null, address: LookupAddress[]) => void) {
      lookup(host, { ...options, all: true }, (error, addresses) => {
        const allowed = exceptions.hosts.has(host.toLowerCase())
          ? addresses
          : (error ? [] : addresses).filter(({ address }) => mayDial(address, exceptions));
        if (error) done(error, []);
        else if (allowed.length === 0) done(forbidden(host), []);
        else done(null, allowed);
      });
    },
  });
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    // A literal address is never looked up.
    if (isIP(host) !== 0 && !mayDial(host, exceptions)) callback(forbidden(host), null);
    else dial(options, callback);
  };
}

async function readSome(body: AsyncIterable<Uint8Array> & { destroy(): void }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8');
}
