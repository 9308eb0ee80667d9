import { judgeAnswer, type Verdict } from '@zekt/egress';
import { memoise } from '../event/memoise.ts';
import type { Exchange, ReceivedAnswer, WireRequest } from './provider-type.ts';

type Headers = readonly (readonly [string, string])[];

export const jsonContent = ['Content-Type', 'application/json'] as const;
export const bearer = (token: string): Headers => (token === '' ? [] : [['Authorization', `Bearer ${token}`]]);
export const basic = (username: string, password: string): readonly [string, string] => [
  'Authorization',
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
];

export const postJson = (url: string, body: unknown, headers: Headers = []): WireRequest => ({
  method: 'POST',
  url,
  headers: [jsonContent, ...headers],
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** A request to an API that speaks JSON, with a body or without. */
export const apiRequest = (
  method: string,
  url: string,
  headers: Headers,
  body?: object | string,
  assumed?: WireRequest['assumed'],
): WireRequest => ({
  method,
  url,
  headers: [...headers, ...(body === undefined ? [] : [jsonContent])],
  body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  ...(assumed && { assumed }),
});

export const judge = (answer: ReceivedAnswer): Verdict => judgeAnswer(answer, answer.at);

/** An exchange of a single request. */
export function* once(request: WireRequest, read: (answer: ReceivedAnswer) => Verdict = judge): Exchange {
  return read(yield request);
}

export const refused = (reason: string): Verdict => ({ kind: 'refused', reason });
export const done: Verdict = { kind: 'done' };

export function* nothing(verdict: Verdict): Exchange {
  return verdict;
}

/** The JSON object of an answer; null when it is none. */
export function jsonOf({ text }: { readonly text: string }): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A path on the origin of an address. */
export const onOrigin = (address: string, path: string): string => originOf(address) + path;

const originOf = memoise((address: string): string => {
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
});
