import { randomUUID } from 'node:crypto';
import { ZektError } from '@zekt/core';
import type { HooksContext } from '../hooks-context.ts';
import { targetIn, type Scope } from '../executions/hooks-of-scope.ts';
import { phaseOf } from '../conditions/condition.ts';
import type { Fault } from '../executions/faults.ts';
import { instance } from '../scope.ts';
import { noHooks } from '../store/scope-hooks.ts';
import { checkEndpoint } from '../targets/check-endpoint.ts';
import { targetProblem } from '../targets/target-problem.ts';
import { planChange, type PlannedChange, type Planning, type WantedHooks } from './plan-change.ts';

export interface ChangedScope extends PlannedChange {
  /** Signing keys of the targets that were made, by target: told once. */
  readonly madeKeys: ReadonlyMap<string, string>;
}

/**
 * Makes targets and executions of one scope what is wanted, all or none. A key is in the secret store before a target names it; one that no
 * target came to name is taken away again.
 *
 * @throws ZektError as planned, `hook_endpoint_refused`, `invalid_resource` for what a target could never be
 */
export async function changeScope(
  context: HooksContext,
  scope: Scope,
  wanted: WantedHooks,
  { isDryRun = false }: { readonly isDryRun?: boolean } = {},
): Promise<ChangedScope> {
  const { scopes, clock, catalogue, signingKeys } = context;
  for (const [id, spec] of wanted.targets) {
    const problem = targetProblem(spec);
    if (problem !== null) throw new ZektError('invalid_resource', `Target ${id}: ${problem}`);
  }
  const keyIds = new Map(wanted.targets.map(([id]) => [id, randomUUID()]));
  const planning: Planning = { catalogue, nowMs: clock.now(), keyIdOf: (target) => keyIds.get(target) ?? '' };
  const own: WantedHooks = { ...wanted, faults: [...(wanted.faults ?? []), ...eventsOfAccounts(scope, wanted)] };
  const before = await scopes.now(scope);
  const planned = planChange(before, own, planning);
  for (const [, spec] of wanted.targets) await checkEndpoint(context, spec.endpoint);
  if (isDryRun) return { ...planned, madeKeys: new Map() };
  const values = new Map<string, string>();
  for (const [id] of wanted.targets)
    if (!targetIn(before, id)) values.set(id, await signingKeys.make(keyIds.get(id) ?? ''));
  let done: PlannedChange = { ...planned, after: noHooks };
  const after = await scopes.change(scope, (current) => {
    done = planChange(current, own, planning);
    return done.after;
  });
  const isNamed = (id: string): boolean => targetIn(after, id)?.keys.some((key) => key.id === keyIds.get(id)) === true;
  const unused = [...values.keys()].filter((id) => !isNamed(id));
  await signingKeys.remove(unused.map((id) => keyIds.get(id) ?? ''));
  return { ...done, madeKeys: new Map([...values].filter(([id]) => isNamed(id))) };
}

/** An event tells of both sides of a subscription, whoever's it is: so only the operator's targets are told. */
const eventsOfAccounts = (scope: Scope, { executions }: WantedHooks): readonly Fault[] =>
  scope === instance || !executions.some(([id, items]) => phaseOf(id) === 'event' && items.length > 0)
    ? []
    : [{ code: 'hook_condition_invalid', sentence: "events are told to the operator's targets, not to an account's" }];
