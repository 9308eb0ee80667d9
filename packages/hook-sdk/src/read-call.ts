import type { HookEvent, HookRequest, HookResponse, HookTestBody } from './generated/bodies.ts';

/** A step of the server's loop asks: its name, what earlier targets answered, and what belongs to it. */
export interface HookFunctionCall {
  readonly function: string;
  readonly response?: unknown;
  readonly [field: string]: unknown;
}

export type HookCall =
  | { readonly kind: 'request'; readonly body: HookRequest }
  | { readonly kind: 'response'; readonly body: HookResponse }
  | { readonly kind: 'function'; readonly body: HookFunctionCall }
  | { readonly kind: 'event'; readonly body: HookEvent }
  | { readonly kind: 'test'; readonly body: HookTestBody };

/**
 * What a verified body is. It is the server's, so its fields are taken as they come: a request may be one that the method refuses later.
 *
 * @returns null for what is no call of Zekt's
 */
export function readCall(bytes: Uint8Array): HookCall | null {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null) return null;
  if ('fullMethod' in body)
    return 'response' in body
      ? { kind: 'response', body: body as HookResponse }
      : { kind: 'request', body: body as HookRequest };
  if ('function' in body) return { kind: 'function', body: body as HookFunctionCall };
  if ('eventType' in body) return { kind: 'event', body: body as HookEvent };
  return 'test' in body ? { kind: 'test', body: body as HookTestBody } : null;
}
