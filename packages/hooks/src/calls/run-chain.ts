import { randomUUID } from 'node:crypto';
import type { HooksContext } from '../hooks-context.ts';
import type { TargetDocument } from '../targets/target-document.ts';
import { prepareCall, sendCall, type PreparedCall, type TargetAnswer } from './call-target.ts';
import { HookFailure } from './hook-failure.ts';

/** What a chain works on. */
export interface ChainOptions<V> {
  readonly targets: readonly (readonly [string, TargetDocument])[];
  /** What is looked at, and may be changed. */
  readonly value: V;
  /** What a target is told of it, at its turn. */
  readonly bodyOf: (value: V, target: TargetDocument) => object;
  /**
   * What becomes of the value by a `restCall`'s answer; never called for an empty one.
   *
   * @returns a sentence when the answer is not acceptable: then nothing of it is taken
   */
  readonly take: (value: V, answer: unknown) => { readonly value: V } | string;
  /** When all must be done (ms since the epoch). */
  readonly deadlineMs: number;
}

/** The calls that nobody waits for, at a time, in this process. */
const mostInBackground = 256;
let inBackground = 0;

/**
 * Calls the targets in order, each with what those before it left. Only a target with `interruptOnError` ends it by failing; the failures
 * of others are counted, and leave the value as it was.
 *
 * @throws HookFailure of an interrupting target
 */
export async function runChain<V>(context: HooksContext, options: ChainOptions<V>): Promise<V> {
  let { value } = options;
  for (const [id, target] of options.targets) {
    try {
      value = await callInTurn(context, id, target, { ...options, value });
      context.count('hooks.called');
    } catch (error) {
      if (!(error instanceof HookFailure)) throw error;
      context.count(`hooks.${error.failure}`);
      context.log.debug({ target: id, failure: error.failure, status: error.status, err: error.cause }, 'hook failed');
      if (target.spec.interruptOnError === true && target.spec.type !== 'restAsync') throw error;
    }
  }
  return value;
}

async function callInTurn<V>(
  context: HooksContext,
  id: string,
  target: TargetDocument,
  { value, bodyOf, take, deadlineMs }: ChainOptions<V>,
): Promise<V> {
  const identity = { deliveryId: `hook-${randomUUID()}`, attempt: 1 };
  // Built here, and once: what comes later in the chain changes nothing of what this target is told.
  const call = await prepareCall(context, id, target, bodyOf(value, target), identity);
  if (target.spec.type === 'restAsync') {
    sendInBackground(context, call);
    return value;
  }
  const answer: TargetAnswer = await sendCall(context, call, deadlineMs - context.clock.now());
  if (target.spec.type !== 'restCall' || answer.body === undefined) return value;
  const taken = take(value, answer.body);
  if (typeof taken === 'string')
    throw new HookFailure('answer', `The hook '${id}' answered what can't be taken: ${taken}`, {
      status: answer.status,
    });
  return taken.value;
}

/** Its failure is nobody's but the log's. */
function sendInBackground(context: HooksContext, call: PreparedCall): void {
  if (inBackground >= mostInBackground) {
    context.count('hooks.dropped');
    return;
  }
  inBackground += 1;
  sendCall(context, call)
    .catch((error: unknown) => {
      const failure = error instanceof HookFailure ? error.failure : 'unreachable';
      context.count(`hooks.${failure}`);
      context.log.debug({ target: call.id, failure }, 'hook failed');
    })
    .finally(() => {
      inBackground -= 1;
    });
}
