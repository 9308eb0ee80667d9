import fc from 'fast-check';
import { operations, type Operation } from '@zekt/contracts';
import { longText, nearly, oddValue, text } from './json-values.ts';

/** Who the sender says it is. */
export type Proof = 'none' | 'admin' | 'workflow' | 'broken' | 'basic' | 'signature';

/** A request before it is made into bytes. */
export interface WireRequest {
  readonly method: string;
  /** With its query. Every byte is printable ASCII. */
  readonly target: string;
  readonly proof: Proof;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | null;
  readonly isChunked: boolean;
  /** The sender is gone after so much of the request; null: it waits for the answer. */
  readonly hangsUpAt: number | null;
}

const proofs: readonly Proof[] = [
  'none',
  'admin',
  'admin',
  'admin',
  'workflow',
  'workflow',
  'broken',
  'basic',
  'signature',
];
const segments = fc.oneof(
  text.filter((it) => it !== '\ud800').map(encodeSafely),
  fc.constantFrom(
    '%',
    '%zz',
    '%2e%2e',
    '%00',
    '%ff%fe',
    'a%2fb',
    'delivery-1',
    'apr_0123456789abcdef0123456789abcdef',
    'sub-1',
    '101:1:1',
  ),
);

function encodeSafely(value: string): string {
  try {
    return encodeURIComponent(value).slice(0, 8000);
  } catch {
    return '%ED%A0%80';
  }
}

const cursor = fc.oneof(text, fc.base64String({ maxLength: 200 }), fc.constantFrom('AAAA', 'e30', '/'));

function queryOf({ query = {} }: Operation): fc.Arbitrary<string> {
  const names = [...Object.keys(query), 'after', 'limit', 'unknown'];
  const pair = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(cursor, fc.constantFrom('0', '1', '100', '101', '1e3', 'NaN', 'approved', 'failed')),
  );
  return fc
    .array(pair, { maxLength: 3 })
    .map((pairs) =>
      pairs.length > 0 ? `?${pairs.map(([name, value]) => `${name}=${encodeSafely(value)}`).join('&')}` : '',
    );
}

function bodyOf({ request }: Operation): fc.Arbitrary<Uint8Array | null> {
  const json = (request === undefined ? oddValue : nearly(request)).map((value) => Buffer.from(JSON.stringify(value)));
  return fc.oneof(
    { weight: 6, arbitrary: json },
    { weight: 1, arbitrary: json.map((bytes) => bytes.subarray(0, bytes.length / 2)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }) },
    { weight: 1, arbitrary: longText.map((it) => Buffer.from(`comment=${it}`)) },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

const headerValue = fc.oneof(
  fc.string({ maxLength: 30 }).map((it) => it.replace(/[^\x20-\x7e]/g, '')),
  longText.map((it) => it.replace(/[^\x20-\x7e]/g, 'Z').slice(0, 3000)),
  fc.constantFrom('', 'application/json', 'application/x-www-form-urlencoded', 'gzip', '-1', 'null'),
);
const headerName = fc.constantFrom(
  'content-type',
  'accept',
  'idempotency-key',
  'x-request-id',
  'traceparent',
  'x-github-event',
  'x-github-delivery',
  'x-github-hook-id',
  'cookie',
  'origin',
  'content-encoding',
  'x-forwarded-for',
  'if-match',
);

const requestOf = (operation: Operation): fc.Arbitrary<WireRequest> =>
  fc.record({
    method: fc.oneof(
      { weight: 12, arbitrary: fc.constant<string>(operation.method) },
      { weight: 1, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD') },
    ),
    target: fc
      .tuple(
        fc.array(segments, { minLength: 3, maxLength: 3 }),
        queryOf(operation),
        fc.constantFrom('', '', '', '', '/', '//'),
      )
      .map(([values, query, end]) => {
        let n = 0;
        return operation.path.replace(/\{\w+\}/g, () => values[(n += 1) - 1] ?? 'x') + end + query;
      }),
    proof: fc.constantFrom(...proofs),
    headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 3 }),
    body: bodyOf(operation),
    isChunked: fc.boolean(),
    hangsUpAt: fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(2000) }),
  });

/** Requests to every route of the table, nearly right or broken. */
export const wireRequests: fc.Arbitrary<WireRequest> = fc.oneof(...Object.values(operations).map(requestOf));
