import type { AppliedResource, HookTargetSpec } from '@zekt/contracts';
import { describeChanges } from '@zekt/core';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ConditionId } from '../conditions/condition.ts';
import { setExecution } from '../executions/change-hooks.ts';
import { faultsOf, refuseFaults, unknownConditions, type Fault } from '../executions/faults.ts';
import { itemsIn, targetIn, type Item } from '../executions/hooks-of-scope.ts';
import type { HooksDocument } from '../store/scope-hooks.ts';
import type { TargetDocument } from '../targets/target-document.ts';

/** What a scope shall have, beside what it has. */
export interface WantedHooks {
  readonly targets: readonly (readonly [string, HookTargetSpec])[];
  /** Whole lists. */
  readonly executions: readonly (readonly [ConditionId, readonly Item[]])[];
  /** What is wrong already, and targets that are not to be missed on top of that. */
  readonly faults?: readonly Fault[];
  readonly declared?: readonly string[];
}

export interface PlannedChange {
  readonly after: HooksDocument;
  readonly targets: readonly Omit<AppliedResource, 'kind'>[];
  readonly executions: readonly Omit<AppliedResource, 'kind'>[];
}

export interface Planning {
  readonly catalogue: Catalogue;
  readonly nowMs: number;
  /** The id of the signing key of a target that is new. */
  readonly keyIdOf: (target: string) => string;
}

/** In one scope. */
export const mostTargets = 100;
export const mostExecutions = 100;

/**
 * What a scope becomes, all changes taken together: so their order does not matter, and one that is wrong leaves everything as it was.
 *
 * @throws ZektError naming everything that is wrong
 */
export function planChange(before: HooksDocument, wanted: WantedHooks, planning: Planning): PlannedChange {
  const targets = { ...before.targets };
  for (const [id, spec] of wanted.targets) targets[id] = changedTarget(targetIn(before, id), id, spec, planning);
  const filled = wanted.executions.filter(([, items]) => items.length > 0);
  const emptied = wanted.executions.filter(([, items]) => items.length === 0);
  const after = [...filled, ...emptied].reduce<HooksDocument>((hooks, [id, items]) => setExecution(hooks, id, items), {
    ...before,
    targets,
  });
  refuseFaults([
    ...(wanted.faults ?? []),
    ...unknownConditions(
      filled.map(([id]) => id),
      planning.catalogue,
    ),
    ...faultsOf(withDeclared(after, wanted.declared ?? [])),
    ...tooMany(after),
  ]);
  const appliedTargets = wanted.targets.map(([id, spec]) => describeTarget(targetIn(before, id), id, spec));
  const appliedExecutions = wanted.executions.map(([id, items]) => describeExecution(itemsIn(before, id), id, items));
  const isSame = [...appliedTargets, ...appliedExecutions].every(({ action }) => action === 'unchanged');
  return { after: isSame ? before : after, targets: appliedTargets, executions: appliedExecutions };
}

function changedTarget(
  before: TargetDocument | undefined,
  id: string,
  spec: HookTargetSpec,
  { nowMs, keyIdOf }: Planning,
): TargetDocument {
  if (before && isSame(before.spec, spec)) return before;
  if (before) return { ...before, spec, changedAt: nowMs };
  return { spec, keys: [{ id: keyIdOf(id), until: null }], publicKeys: [], createdAt: nowMs, changedAt: nowMs };
}

/** As if what could not be read were there: its own fault is named already. */
const withDeclared = (hooks: HooksDocument, declared: readonly string[]): HooksDocument => ({
  ...hooks,
  targets: { ...Object.fromEntries(declared.map((id) => [id, placeholder])), ...hooks.targets },
});
const placeholder: TargetDocument = {
  spec: { type: 'restAsync', endpoint: 'https://invalid.invalid', timeout: '1s' },
  keys: [],
  publicKeys: [],
  createdAt: 0,
  changedAt: 0,
};

function tooMany({ targets, executions }: HooksDocument): readonly Fault[] {
  const counted = [
    [Object.keys(targets).length, mostTargets, 'targets'],
    [Object.keys(executions).length, mostExecutions, 'executions'],
  ] as const;
  return counted
    .filter(([count, most]) => count > most)
    .map(([count, most, what]) => ({
      code: 'hook_list_too_long',
      sentence: `these are ${count} ${what}, and there may be ${most}`,
    }));
}

const sorted = (value: object): unknown => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
const isSame = (one: object, other: object): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

function describeTarget(
  before: TargetDocument | undefined,
  name: string,
  spec: HookTargetSpec,
): Omit<AppliedResource, 'kind'> {
  if (!before) return { name, action: 'created', changes: describeChanges(null, spec) };
  if (isSame(before.spec, spec)) return { name, action: 'unchanged', changes: [] };
  const gone = Object.keys(before.spec).filter((field) => !(field in spec));
  const wanted = { ...Object.fromEntries(gone.map((field) => [field, null])), ...spec };
  return { name, action: 'updated', changes: describeChanges(before.spec, wanted) };
}

const textOf = (items: readonly Item[]): string =>
  items.map((item) => ('target' in item ? item.target : `include ${item.include}`)).join(', ') || 'nothing';

function describeExecution(
  before: readonly Item[] | undefined,
  name: string,
  items: readonly Item[],
): Omit<AppliedResource, 'kind'> {
  if (textOf(before ?? []) === textOf(items)) return { name, action: 'unchanged', changes: [] };
  return {
    name,
    action: before ? 'updated' : 'created',
    changes: [`call: ${textOf(before ?? [])} -> ${textOf(items)}`],
  };
}
