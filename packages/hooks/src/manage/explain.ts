import type { HookCondition, HookExplanation } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { candidatesFor, isKnown, triggerOf } from '../conditions/candidates.ts';
import { conditionIdOf } from '../conditions/condition.ts';
import { resolve } from '../executions/resolve.ts';
import type { HooksContext } from '../hooks-context.ts';
import type { HooksDocument } from '../store/scope-hooks.ts';

/**
 * Why a trigger calls what it calls.
 *
 * @throws ZektError `hook_condition_invalid` for what is no trigger
 */
export function explain(
  { catalogue, isOff }: Pick<HooksContext, 'catalogue' | 'isOff'>,
  hooks: HooksDocument,
  on: HookCondition,
): HookExplanation {
  const id = conditionIdOf(on);
  const trigger = triggerOf(id);
  if (!trigger || !isKnown(id, catalogue))
    throw new ZektError(
      'hook_condition_invalid',
      `'${id}' does not take place: a trigger is one method, function or event that there is.`,
    );
  const resolved = resolve(hooks, trigger);
  return {
    trigger: id,
    candidates: [...candidatesFor(trigger)],
    condition: resolved?.condition ?? null,
    targets: (resolved?.targets ?? []).map(([target, { spec }]) => ({
      id: target,
      type: spec.type,
      interruptOnError: spec.interruptOnError === true,
    })),
    off: isOff,
  };
}
