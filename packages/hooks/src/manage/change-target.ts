import { randomUUID } from 'node:crypto';
import { ZektError } from '@zekt/core';
import { removeTarget as withoutTarget } from '../executions/change-hooks.ts';
import { targetIn, type Scope } from '../executions/hooks-of-scope.ts';
import type { HooksContext } from '../hooks-context.ts';
import { keysInUse, type TargetDocument } from '../targets/target-document.ts';

export const noSuchTarget = (id: string): ZektError =>
  new ZektError('not_found', `There is no target '${id.slice(0, 200)}'.`);

/** @throws ZektError `not_found`, or what `change` throws */
export async function changeTarget(
  { scopes }: HooksContext,
  scope: Scope,
  id: string,
  change: (target: TargetDocument) => TargetDocument,
): Promise<TargetDocument> {
  const after = await scopes.change(scope, (hooks) => {
    const target = targetIn(hooks, id);
    if (!target) throw noSuchTarget(id);
    return { ...hooks, targets: { ...hooks.targets, [id]: change(target) } };
  });
  const target = targetIn(after, id);
  if (!target) throw noSuchTarget(id);
  return target;
}

/** Takes a target away and out of every execution, its keys with it. One that is not there is no failure. */
export async function removeTarget({ scopes, signingKeys }: HooksContext, scope: Scope, id: string): Promise<void> {
  let keys: TargetDocument['keys'] = [];
  await scopes.change(scope, (hooks) => {
    const target = targetIn(hooks, id);
    keys = target?.keys ?? [];
    return target ? withoutTarget(hooks, id) : hooks;
  });
  await signingKeys.remove(keys.map((key) => key.id));
}

/** The longest that an old key may be used on (ms): 30 days. */
export const longestGraceMs = 30 * 24 * 3_600_000;
/** Signatures of one call. */
const mostKeys = 5;

/**
 * A new signing key. Within the grace calls are signed with the old ones, too; without a grace they are not from now on. Keys whose time is
 * over are taken away.
 *
 * @returns the target and the key, which is told this once
 * @throws ZektError `not_found`; `conflict` while there are five keys already
 */
export async function rotateKey(
  context: HooksContext,
  scope: Scope,
  id: string,
  graceMs: number,
): Promise<{ readonly target: TargetDocument; readonly signingKey: string }> {
  const { scopes, signingKeys, clock } = context;
  if (!targetIn(await scopes.now(scope), id)) throw noSuchTarget(id);
  const keyId = randomUUID();
  const signingKey = await signingKeys.make(keyId);
  const nowMs = clock.now();
  let over: readonly string[] = [];
  try {
    const target = await changeTarget(context, scope, id, (before) => {
      const old = before.keys.map((key) => ({ ...key, until: Math.min(key.until ?? Infinity, nowMs + graceMs) }));
      const kept = keysInUse({ keys: old }, nowMs);
      if (kept.length >= mostKeys)
        throw new ZektError('conflict', `Calls are signed with ${kept.length} keys already. Wait until one is over.`);
      over = old.filter((key) => !kept.includes(key)).map((key) => key.id);
      return { ...before, keys: [{ id: keyId, until: null }, ...kept], changedAt: nowMs };
    });
    await signingKeys.remove(over);
    return { target, signingKey };
  } catch (error) {
    await signingKeys.remove([keyId]);
    throw error;
  }
}
