import type { AppliedResource, HookExecutionSpec } from '@zekt/contracts';
import { ZektError, type PutContext, type WantedHookResources } from '@zekt/core';
import { conditionIdOf, type ConditionId } from '../conditions/condition.ts';
import type { Fault } from '../executions/faults.ts';
import type { Item, Scope } from '../executions/hooks-of-scope.ts';
import type { HooksContext } from '../hooks-context.ts';
import { readHookMap } from '../map/read-hook-map.ts';
import { instance, scopeOfAccount } from '../scope.ts';
import { changeScope } from './change-scope.ts';
import type { WantedHooks } from './plan-change.ts';

interface Part extends WantedHooks {
  readonly owner: string | null;
  readonly notes?: readonly (readonly [string, string])[];
}

/**
 * Applies targets and executions, of each scope together. Signing keys of targets that are made are told nobody: logs of workflows show
 * what an apply answered. Whoever wants one rotates.
 *
 * @throws ZektError naming everything that is wrong with a scope; `forbidden` for another account's
 */
export async function applyHooks(
  context: HooksContext,
  { dryRun }: Pick<PutContext, 'dryRun'>,
  { resources, maps, own }: WantedHookResources,
): Promise<readonly AppliedResource[]> {
  const parts: Part[] = [
    ...resources.map((resource): Part => {
      const owner = resource.metadata?.owner ?? null;
      if (resource.kind === 'Target')
        return { owner, targets: [[resource.metadata.name, resource.spec]], executions: [] };
      return { owner, targets: [], executions: [executionOf(resource.spec)] };
    }),
    ...maps.map((map): Part => {
      const { problems, ...read } = readHookMap(map, context.catalogue);
      return { ...read, faults: problems.map((sentence): Fault => ({ code: 'invalid_resource', sentence })) };
    }),
  ];
  const owners = [...new Set(parts.map(({ owner }) => owner?.toLowerCase() ?? null))];
  const results: AppliedResource[] = [];
  for (const owner of owners) {
    const ofOwner = parts.filter((part) => (part.owner?.toLowerCase() ?? null) === owner);
    const scope = await scopeOf(context, ofOwner[0]?.owner ?? null, own);
    const changed = await changeScope(context, scope, joined(ofOwner), { isDryRun: dryRun });
    const shown = (name: string): string => (owner === null ? name : `${ofOwner[0]?.owner ?? ''}/${name}`);
    results.push(
      ...changed.targets.map((it): AppliedResource => ({ kind: 'Target', ...it, name: shown(it.name) })),
      ...changed.executions.map((it): AppliedResource => ({ kind: 'Execution', ...it, name: shown(it.name) })),
      ...ofOwner.flatMap(({ notes = [] }) =>
        notes.map(([id, note]): AppliedResource => ({
          kind: 'Target',
          name: shown(id),
          action: 'ignored',
          changes: [note],
        })),
      ),
    );
  }
  return results;
}

/** @throws ZektError `hook_condition_invalid` */
export const executionOf = ({ on, call }: HookExecutionSpec): readonly [ConditionId, readonly Item[]] => [
  conditionIdOf(on),
  call.map(({ target, include = {} }): Item =>
    target === undefined ? { include: conditionIdOf(include) } : { target },
  ),
];

async function scopeOf(
  { issuer, findAccount }: HooksContext,
  owner: string | null,
  own: WantedHookResources['own'],
): Promise<Scope> {
  if (own) {
    if (owner !== null && owner.toLowerCase() !== own.owner.toLowerCase())
      throw new ZektError('forbidden', `A workflow may apply what is its own; its hooks belong to ${own.owner}.`);
    return scopeOfAccount(issuer, own.ownerId);
  }
  if (owner === null) return instance;
  return scopeOfAccount(issuer, (await requireAccount(findAccount, owner)).id);
}

/** @throws ZektError `not_found` */
export async function requireAccount(
  findAccount: HooksContext['findAccount'],
  login: string,
): Promise<{ readonly id: string; readonly login: string }> {
  const found = await findAccount(login);
  if (!found) throw new ZektError('not_found', `The Zekt GitHub App is not installed on '${login.slice(0, 100)}'.`);
  return found;
}

function joined(parts: readonly Part[]): WantedHooks {
  const targets = parts.flatMap((part) => part.targets);
  const executions = parts.flatMap((part) => part.executions);
  const twice = [...repeated(targets.map(([id]) => `target '${id}'`)), ...repeated(executions.map(([id]) => id))];
  return {
    targets,
    executions,
    faults: [
      ...parts.flatMap(({ faults = [] }) => faults),
      ...twice.map((name): Fault => ({ code: 'invalid_resource', sentence: `${name} is given twice` })),
    ],
    declared: parts.flatMap(({ declared = [] }) => declared),
  };
}

const repeated = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
