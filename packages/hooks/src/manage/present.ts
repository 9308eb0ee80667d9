import type { HookCall, HookExecution, HookTarget } from '@zekt/contracts';
import { isoTime } from '@zekt/core';
import { conditionOf, type ConditionId } from '../conditions/condition.ts';
import { flatten } from '../executions/flatten.ts';
import { itemsIn } from '../executions/hooks-of-scope.ts';
import type { HooksDocument } from '../store/scope-hooks.ts';
import { keysInUse, type TargetDocument } from '../targets/target-document.ts';

const metadataOf = (owner: string | null): { owner?: string } => (owner === null ? {} : { owner });
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** @param signingKey only where the answer is the one that tells it */
export function presentTarget(
  name: string,
  { spec, keys, publicKeys, createdAt, changedAt }: TargetDocument,
  owner: string | null,
  nowMs: number,
  signingKey?: string,
): HookTarget {
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Target',
    metadata: { ...metadataOf(owner), name },
    spec,
    status: {
      createdAt: isoTime(createdAt),
      changedAt: isoTime(changedAt),
      keys: keysInUse({ keys }, nowMs).map(({ id, until }) => ({ id, until: timeOrNull(until) })),
      publicKeys: publicKeys.map(({ id, fingerprint, active, expiresAt, addedAt }) => ({
        id,
        fingerprint,
        active,
        expiresAt: timeOrNull(expiresAt),
        addedAt: isoTime(addedAt),
      })),
    },
    ...(signingKey !== undefined && { signingKey }),
  };
}

/** One that is not there has an empty list. */
export function presentExecution(hooks: HooksDocument, condition: ConditionId, owner: string | null): HookExecution {
  const call = (itemsIn(hooks, condition) ?? []).map((item): HookCall =>
    'target' in item ? item : { include: conditionOf(item.include) },
  );
  return {
    apiVersion: 'zekt.dev/v1',
    kind: 'Execution',
    metadata: metadataOf(owner),
    spec: { on: conditionOf(condition), call },
    condition,
    targets: flatten(hooks, condition),
  };
}
