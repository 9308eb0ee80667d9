import type { HookTargetSpec } from '@zekt/contracts';
import type { ConditionId } from '../conditions/condition.ts';

/** Whom hooks belong to: the operator, or one account as `<issuer tag>.<numeric id>`. */
export type Scope = 'instance' | `${string}.${string}`;

/** One entry of an execution's list. */
export type Item = { readonly target: string } | { readonly include: ConditionId };

/** An HTTP endpoint, as far as executions are concerned. */
export interface TargetLike {
  readonly spec: Pick<HookTargetSpec, 'type'>;
}

/** Targets by id and executions by condition, all of one scope. An execution that is there has a list that is not empty. */
export interface HooksOfScope<T extends TargetLike = TargetLike> {
  readonly targets: Readonly<Record<string, T>>;
  readonly executions: Readonly<Partial<Record<ConditionId, readonly Item[]>>>;
}

/** All executions, in the order of their conditions. */
export const executionsOf = ({ executions }: HooksOfScope): (readonly [ConditionId, readonly Item[]])[] =>
  (Object.entries(executions) as [ConditionId, readonly Item[]][]).sort(([a], [b]) => (a < b ? -1 : 1));

/** The target of this id; nothing that every object has. */
export const targetIn = <T extends TargetLike>({ targets }: HooksOfScope<T>, id: string): T | undefined =>
  Object.hasOwn(targets, id) ? targets[id] : undefined;

export const itemsIn = ({ executions }: HooksOfScope, id: ConditionId): readonly Item[] | undefined =>
  Object.hasOwn(executions, id) ? executions[id] : undefined;

export const includesOf = (items: readonly Item[]): ConditionId[] =>
  items.flatMap((item) => ('include' in item ? [item.include] : []));
