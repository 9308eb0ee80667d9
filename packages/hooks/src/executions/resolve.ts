import { candidatesFor, type Trigger } from '../conditions/candidates.ts';
import type { ConditionId } from '../conditions/condition.ts';
import { flatten } from './flatten.ts';
import { itemsIn, targetIn, type HooksOfScope, type TargetLike } from './hooks-of-scope.ts';

export interface Resolved<T extends TargetLike> {
  readonly condition: ConditionId;
  readonly targets: readonly (readonly [string, T])[];
}

/** The most exact execution wins alone, nothing of a wider one is added. Null: nobody hooks in. */
export function resolve<T extends TargetLike>(hooks: HooksOfScope<T>, trigger: Trigger): Resolved<T> | null {
  const condition = candidatesFor(trigger).find((id) => itemsIn(hooks, id) !== undefined);
  if (condition === undefined) return null;
  const targets = flatten(hooks, condition).flatMap((id) => {
    const target = targetIn(hooks, id);
    return target === undefined ? [] : [[id, target] as const];
  });
  return { condition, targets };
}
