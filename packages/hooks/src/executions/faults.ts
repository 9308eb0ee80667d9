import { ZektError, type ErrorCode } from '@zekt/core';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isKnown } from '../conditions/candidates.ts';
import { phaseOf, type ConditionId } from '../conditions/condition.ts';
import { flatten, mostCalls } from './flatten.ts';
import { executionsOf, includesOf, itemsIn, targetIn, type HooksOfScope } from './hooks-of-scope.ts';

/** Why executions can't be as they are wanted. */
export interface Fault {
  readonly code: ErrorCode;
  readonly sentence: string;
}

/** The most includes that may follow each other. */
const mostHops = 2;

/**
 * Everything that is wrong with the executions of a scope, looked at as a whole: so what is deep or long by what somebody else includes is
 * found, whichever of the two was changed.
 */
export function faultsOf(hooks: HooksOfScope): readonly Fault[] {
  const circles = executionsOf(hooks).flatMap(([id]) => (reaches(hooks, id, id) ? [id] : []));
  return [
    ...unknownTargets(hooks),
    ...executionsOf(hooks).flatMap(([id]) => faultsOfIncludes(hooks, id)),
    ...circles.map((id) => ({
      code: 'hook_include_circular' as const,
      sentence: `${id} includes itself, or what leads back to it`,
    })),
    // A circle has no length.
    ...(circles.length > 0 ? [] : faultsOfSizes(hooks)),
    ...executionsOf(hooks).flatMap(([id]) => faultsOfEvents(hooks, id)),
  ];
}

/** @throws ZektError with the first fault's code, naming all */
export function refuseFaults(faults: readonly Fault[]): void {
  const [first] = faults;
  if (first) throw new ZektError(first.code, `${faults.map(({ sentence }) => sentence).join('; ')}.`);
}

/** Conditions that nothing meets; asked only of what is set, so that what is stored outlives what it was for. */
export const unknownConditions = (ids: readonly ConditionId[], catalogue: Catalogue): readonly Fault[] =>
  ids
    .filter((id) => !isKnown(id, catalogue))
    .map((id) => ({ code: 'hook_condition_invalid', sentence: `there is nothing that '${id}' names` }));

function unknownTargets(hooks: HooksOfScope): readonly Fault[] {
  const named = executionsOf(hooks).flatMap(([, items]) => items.flatMap((it) => ('target' in it ? [it.target] : [])));
  const missing = [...new Set(named)].filter((id) => targetIn(hooks, id) === undefined);
  if (missing.length === 0) return [];
  const names = missing.map((id) => `'${id}'`).join(', ');
  return [
    {
      code: 'hook_target_unknown',
      sentence: missing.length === 1 ? `there is no target ${names}` : `there are no targets ${names}`,
    },
  ];
}

const faultsOfIncludes = (hooks: HooksOfScope, id: ConditionId): readonly Fault[] =>
  [...new Set(includesOf(itemsIn(hooks, id) ?? []))].flatMap((include): readonly Fault[] => {
    if (phaseOf(include) !== phaseOf(id))
      return [{ code: 'hook_include_unknown', sentence: `${id} includes ${include}, which is of another phase` }];
    if (itemsIn(hooks, include) !== undefined) return [];
    return [{ code: 'hook_include_unknown', sentence: `${id} includes ${include}, and there is no such execution` }];
  });

function faultsOfSizes(hooks: HooksOfScope): readonly Fault[] {
  const chainFrom = chainsOf(hooks);
  return executionsOf(hooks).flatMap(([id]): readonly Fault[] => {
    const chain = chainFrom(id);
    if (chain.length - 1 > mostHops)
      return [
        {
          code: 'hook_include_too_deep',
          sentence: `${id} includes over more than ${mostHops} hops: ${chain.join(' → ')}`,
        },
      ];
    if (flatten(hooks, id).length <= mostCalls) return [];
    return [{ code: 'hook_list_too_long', sentence: `${id} comes to more than ${mostCalls} targets` }];
  });
}

/** Nobody waits for what follows an event, so nothing can be answered to it. */
function faultsOfEvents(hooks: HooksOfScope, id: ConditionId): readonly Fault[] {
  if (phaseOf(id) !== 'event') return [];
  const direct = (itemsIn(hooks, id) ?? []).flatMap((it) => ('target' in it ? [it.target] : []));
  return [...new Set(direct)]
    .filter((target) => targetIn(hooks, target)?.spec.type === 'restCall')
    .map((target) => ({
      code: 'hook_target_unfit',
      sentence: `${id} calls '${target}', a restCall: events are told to restWebhook and restAsync targets`,
    }));
}

function reaches(hooks: HooksOfScope, from: ConditionId, to: ConditionId): boolean {
  const seen = new Set<ConditionId>();
  const ahead = includesOf(itemsIn(hooks, from) ?? []);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    ahead.push(...includesOf(itemsIn(hooks, next) ?? []));
  }
  return false;
}

/** The longest chain of includes that begins at an execution. Where there is no circle. */
function chainsOf(hooks: HooksOfScope): (id: ConditionId) => readonly ConditionId[] {
  const known = new Map<ConditionId, readonly ConditionId[]>();
  const chainFrom = (id: ConditionId): readonly ConditionId[] => {
    const before = known.get(id);
    if (before) return before;
    const below = [...new Set(includesOf(itemsIn(hooks, id) ?? []))].map(chainFrom);
    const longest = below.reduce<readonly ConditionId[]>((one, other) => (other.length > one.length ? other : one), []);
    const chain = [id, ...longest];
    known.set(id, chain);
    return chain;
  };
  return chainFrom;
}
