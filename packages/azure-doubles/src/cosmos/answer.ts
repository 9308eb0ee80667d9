import type { CosmosError } from './cosmos-error.ts';
import type { Json } from './query.ts';
import type { Priced } from './request-charge.ts';

export interface Answer {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it did to documents; without it, 1 RU. */
  readonly prices?: readonly Priced[];
}

export const refused = ({ status, code, message, subStatus, retryAfterMs }: CosmosError): Answer => ({
  status,
  body: { code, message },
  headers: {
    ...(subStatus !== undefined && { 'x-ms-substatus': String(subStatus) }),
    ...(retryAfterMs !== undefined && { 'x-ms-retry-after-ms': String(retryAfterMs) }),
  },
});
