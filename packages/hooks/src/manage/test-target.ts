import { randomUUID } from 'node:crypto';
import type { HookTestAnswer, HookTestBody } from '@zekt/contracts';
import { isoTime } from '@zekt/core';
import { prepareCall, sendCall } from '../calls/call-target.ts';
import { HookFailure } from '../calls/hook-failure.ts';
import { targetIn, type Scope } from '../executions/hooks-of-scope.ts';
import type { HooksContext } from '../hooks-context.ts';
import { noSuchTarget } from './change-target.ts';

/** Whoever tests waits no longer (ms), whatever the target's timeout. */
const longestTestMs = 20_000;

/**
 * Calls a target at once with a body that says that it is a test. What it answered is not shown: a target may be somebody's whom a tester
 * should not be able to read.
 *
 * @throws ZektError `not_found`
 */
export async function testTarget(context: HooksContext, scope: Scope, id: string): Promise<HookTestAnswer> {
  const { scopes, clock, isOff } = context;
  const target = targetIn(await scopes.now(scope), id);
  if (!target) throw noSuchTarget(id);
  if (isOff) return { target: id, ok: false, status: null, ms: 0, reason: 'ZEKT_HOOKS=off: nothing is called.' };
  const startedAt = clock.now();
  const answered = (ok: boolean, status: number | null, reason: string | null): HookTestAnswer => ({
    target: id,
    ok,
    status,
    ms: clock.now() - startedAt,
    reason,
  });
  const body: HookTestBody = { test: true, target: id, sentAt: isoTime(startedAt) };
  try {
    const call = await prepareCall(context, id, target, body, { deliveryId: `hook-${randomUUID()}`, attempt: 1 });
    const { status } = await sendCall(context, call, longestTestMs);
    return answered(true, status, null);
  } catch (error) {
    if (error instanceof HookFailure) return answered(false, error.status, error.message);
    throw error;
  }
}
