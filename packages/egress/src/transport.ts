import { createHash } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { Agent, ProxyAgent, request, Socks5ProxyAgent, type Dispatcher } from 'undici';
import { AddressGuard, ForbiddenAddressError, type Lookup } from './guarded-connector.ts';
import type { Exceptions } from './address-guard.ts';
import { readSome, type Cut } from './read-some.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  /** In this order, with these names. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Uint8Array | null;
  /** The most of the body of a 2xx answer that is read. @default 65,536 bytes, as of any other answer */
  readonly mostAnswerBytes?: number;
  /** The most that this request may take, where that is less than the route's (ms). */
  readonly withinMs?: number;
}

/** What a destination answered. */
export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As much as was asked for. */
  readonly text: string;
  /** Why `text` is not the whole answer: then it is no data. Absent: it is whole. */
  readonly cut?: Cut;
  /** What of it people may see, where that is less. */
  readonly shown?: string;
}

export interface ProxyAddress {
  /** `http:`, `https:` or `socks5:`. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Named by the operator in the environment: it may be private. */
  readonly isTrusted?: boolean;
}

/** PEM. */
export interface TlsMaterial {
  /** Replaces the system's certificate authorities. */
  readonly ca?: string | undefined;
  /** Client certificate and its key go together. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** How a destination is reached. */
export interface Route {
  /** For everything: name, connection, answer. */
  readonly timeoutMs: number;
  readonly proxy?: ProxyAddress | undefined;
  readonly tls?: TlsMaterial | undefined;
}

/**
 * Sends to an address that a user gave. Once a status has come, that is the answer, whatever becomes of its body. Rejects with an Error that
 * does not hold the URL, which may carry a secret.
 */
export type Transport = (request: OutgoingRequest, route: Route) => Promise<Answer>;

/** There was no answer in time. */
export class TimedOutError extends Error {
  override readonly name = 'TimedOutError';
}

/** Ways to destinations that are kept open for the next request. */
const rememberedRoutes = 200;

/**
 * The one way out to addresses that users give. The guard looks at each address that is dialled. No redirect is followed: it could lead
 * anywhere, and would take the body along. Certificates are always verified.
 */
export function createTransport(exceptions: Exceptions, lookup?: Lookup): Transport {
  const guard = new AddressGuard(exceptions, lookup);
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherOf = (route: Route, isPlain: boolean): Dispatcher => {
    const key = keyOf(route, isPlain);
    const known = dispatchers.get(key);
    if (known) return known;
    const made = openRoute(route, isPlain, guard);
    dispatchers.set(key, made);
    const oldest = dispatchers.size > rememberedRoutes ? dispatchers.keys().next().value : undefined;
    if (oldest !== undefined) {
      void dispatchers.get(oldest)?.close();
      dispatchers.delete(oldest);
    }
    return made;
  };
  return async ({ method, url, headers, body, mostAnswerBytes, withinMs }, route) => {
    const target = URL.parse(url);
    if (!target || !['http:', 'https:'].includes(target.protocol))
      throw new ForbiddenAddressError('the address must be an http or https URL');
    const limitMs = Math.min(withinMs ?? route.timeoutMs, route.timeoutMs);
    const signal = AbortSignal.timeout(limitMs);
    try {
      if (route.proxy) guard.checkBehindProxy(target.hostname.replace(/^\[|\]$/g, ''));
      const answer = await request(target, {
        method,
        headers: headers.flat(),
        body,
        signal,
        dispatcher: dispatcherOf(route, target.protocol === 'http:'),
      });
      const { statusCode: status } = answer;
      const most = status >= 200 && status < 300 ? mostAnswerBytes : undefined;
      return { status, headers: answer.headers, ...(await readSome(answer.body, () => signal.aborted, most)) };
    } catch (error) {
      throw withoutAddress(error, signal.aborted, limitMs);
    }
  };
}

const keyOf = ({ timeoutMs, proxy, tls }: Route, isPlain: boolean): string =>
  createHash('sha256')
    .update(JSON.stringify([timeoutMs, proxy, proxy && isPlain, tls]))
    .digest('base64');

function openRoute({ timeoutMs, proxy, tls }: Route, isPlain: boolean, guard: AddressGuard): Dispatcher {
  const times = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
  if (!proxy) return new Agent({ ...times, connect: guard.connector({ timeout: timeoutMs, ...tls }) });
  const url = new URL(proxy.url);
  const isSocks = url.protocol.startsWith('socks5');
  const username = proxy.username ?? decodeURIComponent(url.username);
  const password = proxy.password ?? decodeURIComponent(url.password);
  const token = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  url.username = '';
  url.password = '';
  const dial = { timeout: timeoutMs, ...(!proxy.isTrusted && { lookup: guard.lookup }) };
  if (!proxy.isTrusted) guard.checkLiteral(url.hostname.replace(/^\[|\]$/g, ''));
  if (isSocks)
    return new Socks5ProxyAgent(url, {
      ...times,
      ...(username !== '' && { username, password }),
      connect: proxy.isTrusted ? undefined : guard.connector({ timeout: timeoutMs }),
      requestTls: { ...tls },
    } as Socks5ProxyAgent.Options);
  return new ProxyAgent({
    ...times,
    uri: url.href,
    ...(username !== '' && { token }),
    // Whom a destination is trusted by, the way to it may be, too.
    proxyTls: { ...dial, ...(tls?.ca !== undefined && { ca: [...getCACertificates('default'), tls.ca] }) },
    requestTls: { timeout: timeoutMs, ...tls },
    // A plain request is handed to the proxy; only what is encrypted needs a tunnel.
    proxyTunnel: !isPlain,
  });
}

function withoutAddress(error: unknown, isLate: boolean, timeoutMs: number): Error {
  const forbidden = causeOf(error, (it) => it instanceof ForbiddenAddressError);
  if (forbidden) return forbidden;
  if (isLate) return new TimedOutError(`no answer within ${timeoutMs / 1000} s`, { cause: error });
  const refusal = causeOf(error, ({ message }) => message.startsWith('Proxy '));
  const status = /\((\d{3})\)/.exec(refusal?.message ?? '')?.[1];
  if (status !== undefined) return new Error(`the proxy answered ${status}`, { cause: error });
  const code = causeOf(error, (it) => 'code' in it && typeof it.code === 'string');
  return new Error(`the request failed${code ? ` (${String((code as NodeJS.ErrnoException).code)})` : ''}`, {
    cause: error,
  });
}

/** The innermost cause that is what is looked for. */
function causeOf(error: unknown, isIt: (error: Error) => boolean): Error | null {
  if (!Error.isError(error)) return null;
  return causeOf(error.cause, isIt) ?? (isIt(error) ? error : null);
}
