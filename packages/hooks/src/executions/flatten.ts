import type { ConditionId } from '../conditions/condition.ts';
import { itemsIn, type HooksOfScope } from './hooks-of-scope.ts';

/** The most targets that one execution may come to. */
export const mostCalls = 50;

/** The ids of the targets that an execution calls, in order: an include's stand where it stands. A target may occur more than once. */
export function flatten(hooks: HooksOfScope, id: ConditionId, room = mostCalls + 1): string[] {
  const found: string[] = [];
  for (const item of itemsIn(hooks, id) ?? []) {
    if (found.length >= room) break;
    if ('target' in item) found.push(item.target);
    else found.push(...flatten(hooks, item.include, room - found.length));
  }
  return found;
}
