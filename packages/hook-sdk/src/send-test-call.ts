import { randomUUID } from 'node:crypto';
import type { HookHandler } from './create-hook-handler.ts';
import type { HookEvent, HookRequest, HookResponse } from './generated/bodies.ts';
import type { HookFunctionCall } from './read-call.ts';
import { sign } from './signature.ts';

export interface TestCall {
  /** Where to: an address, or a handler in this process. */
  readonly to: string | URL | HookHandler;
  /** The signing key, or all of them. */
  readonly key: string | readonly string[];
  readonly body: HookRequest | HookResponse | HookFunctionCall | HookEvent;
  readonly deliveryId?: string;
  readonly attempt?: number;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

/** Calls a hook as Zekt does, signed, for tests. */
export async function sendTestCall(call: TestCall): Promise<Response> {
  const { to, key, body, deliveryId = `hook-${randomUUID()}`, attempt = 1, now = Date.now() } = call;
  const bytes = Buffer.from(JSON.stringify(body));
  const init = {
    method: 'POST',
    body: bytes,
    headers: {
      'content-type': 'application/json',
      'zekt-signature': sign(typeof key === 'string' ? [key] : key, Math.floor(now / 1000), bytes),
      'zekt-delivery': deliveryId,
      'zekt-attempt': String(attempt),
    },
  };
  return typeof to === 'function' ? to(new Request('http://localhost/', init)) : fetch(to, init);
}
