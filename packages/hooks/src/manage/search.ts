import type { HookExecutionSearchRequest, HookSearchRequest } from '@zekt/contracts';
import { conditionIdOf, phaseOf, type ConditionId } from '../conditions/condition.ts';
import { flatten } from '../executions/flatten.ts';
import { executionsOf } from '../executions/hooks-of-scope.ts';
import type { HooksDocument } from '../store/scope-hooks.ts';
import type { TargetDocument } from '../targets/target-document.ts';

type Entry = readonly [string, TargetDocument];

/** Targets that every filter lets through, in order. */
export function searchTargets(
  { targets }: HooksDocument,
  { ids, name, sortBy = 'id', descending = false }: HookSearchRequest,
): readonly Entry[] {
  const isNamed = name === undefined ? () => true : nameFilter(name.value, name.method ?? 'contains');
  const found = Object.entries(targets).filter(
    ([id, { spec }]) => (ids === undefined || ids.includes(id)) && isNamed(spec.name ?? id),
  );
  const sorted = found.sort(
    (one, other) => compare(fieldOf(one, sortBy), fieldOf(other, sortBy)) || compare(one[0], other[0]),
  );
  return descending ? sorted.reverse() : sorted;
}

function nameFilter(
  value: string,
  method: 'equals' | 'startsWith' | 'endsWith' | 'contains',
): (name: string) => boolean {
  const wanted = value.toLowerCase();
  return (name) => {
    const given = name.toLowerCase();
    if (method === 'equals') return given === wanted;
    if (method === 'startsWith') return given.startsWith(wanted);
    return method === 'endsWith' ? given.endsWith(wanted) : given.includes(wanted);
  };
}

function fieldOf([id, target]: Entry, field: NonNullable<HookSearchRequest['sortBy']>): string | number {
  if (field === 'id') return id;
  if (field === 'createdAt' || field === 'changedAt') return target[field];
  return target.spec[field] ?? id;
}

const compare = (one: string | number, other: string | number): number => (one < other ? -1 : one > other ? 1 : 0);

/** @throws ZektError `hook_condition_invalid` */
export function searchExecutions(
  hooks: HooksDocument,
  { conditions, phase, target }: HookExecutionSearchRequest,
): readonly ConditionId[] {
  const ids = conditions?.map(conditionIdOf);
  return executionsOf(hooks)
    .map(([id]) => id)
    .filter(
      (id) =>
        (ids === undefined || ids.includes(id)) &&
        (phase === undefined || phaseOf(id) === phase) &&
        (target === undefined || flatten(hooks, id).includes(target)),
    );
}
