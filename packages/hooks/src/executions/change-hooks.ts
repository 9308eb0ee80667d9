import { ZektError } from '@zekt/core';
import type { ConditionId } from '../conditions/condition.ts';
import { executionsOf, includesOf, type HooksOfScope, type Item, type TargetLike } from './hooks-of-scope.ts';

/**
 * Replaces the whole list of a condition. An empty list takes the execution away.
 *
 * @throws ZektError `hook_in_use` for an empty list where another execution includes it
 */
export function setExecution<T extends TargetLike>(
  hooks: HooksOfScope<T>,
  id: ConditionId,
  items: readonly Item[],
): HooksOfScope<T> {
  if (items.length > 0) return { ...hooks, executions: { ...hooks.executions, [id]: items } };
  const users = executionsOf(hooks).filter(([other, list]) => other !== id && includesOf(list).includes(id));
  if (users.length > 0)
    throw new ZektError(
      'hook_in_use',
      `${id} can't be removed: ${users.map(([user]) => user).join(', ')} ${users.length === 1 ? 'includes' : 'include'} it.`,
    );
  return { ...hooks, executions: without(hooks.executions, id) };
}

/**
 * Takes a target away, and out of every execution. An execution that has nothing left is gone, too, and with it the includes of it.
 */
export function removeTarget<T extends TargetLike>(hooks: HooksOfScope<T>, id: string): HooksOfScope<T> {
  const left = executionsOf(hooks).map(([condition, items]): [ConditionId, readonly Item[]] => [
    condition,
    items.filter((item) => !('target' in item && item.target === id)),
  ]);
  return { targets: without(hooks.targets, id), executions: Object.fromEntries(withoutEmpty(left)) };
}

function withoutEmpty(
  all: readonly (readonly [ConditionId, readonly Item[]])[],
): readonly (readonly [ConditionId, readonly Item[]])[] {
  const empty = new Set(all.filter(([, items]) => items.length === 0).map(([id]) => id));
  if (empty.size === 0) return all;
  return withoutEmpty(
    all
      .filter(([id]) => !empty.has(id))
      .map(([id, items]) => [id, items.filter((item) => !('include' in item && empty.has(item.include)))]),
  );
}

const without = <V>(all: Readonly<Record<string, V>>, id: string): Record<string, V> =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== id));
