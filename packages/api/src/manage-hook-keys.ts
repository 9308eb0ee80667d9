import { randomUUID } from 'node:crypto';
import type { HookTarget, JsonWebKeySet } from '@zekt/contracts';
import { goDurationMs, ZektError } from '@zekt/core';
import {
  activatePublicKey,
  addPublicKey,
  changeTarget,
  deactivatePublicKey,
  longestGraceMs,
  presentTarget,
  readPublicKey,
  removePublicKey,
  rotateKey,
} from '@zekt/hooks';
import { param, type Call } from './call.ts';
import { readContract } from './read-body.ts';
import { scopeOfHooks } from './scope-of-hooks.ts';

/** @throws ZektError `invalid_body` for a grace of more than 30 days */
export async function rotate(call: Call): Promise<HookTarget> {
  const { zekt, request } = call;
  const { scope, owner } = await scopeOfHooks(call);
  const { grace } = await readContract(request, 'HookRotateRequest');
  const graceMs = goDurationMs(grace);
  if (graceMs > longestGraceMs) throw new ZektError('invalid_body', `'grace' must be at most 720h; got '${grace}'.`);
  const id = param(call, 'id');
  const { target, signingKey } = await rotateKey(zekt.hooks, scope, id, graceMs);
  return presentTarget(id, target, owner, zekt.clock.now(), signingKey);
}

export async function add(call: Call): Promise<HookTarget> {
  const { zekt, request } = call;
  const scoped = await scopeOfHooks(call);
  const { pem, expiresAt } = await readContract(request, 'HookPublicKeyRequest');
  const key = readPublicKey(pem, {
    id: `key-${randomUUID()}`,
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    addedAt: zekt.clock.now(),
  });
  return changed(call, scoped, (keys) => addPublicKey(keys, key));
}

export async function activate(call: Call): Promise<HookTarget> {
  return changed(call, await scopeOfHooks(call), (keys) => activatePublicKey(keys, param(call, 'key')));
}

export async function deactivate(call: Call): Promise<HookTarget> {
  return changed(call, await scopeOfHooks(call), (keys) => deactivatePublicKey(keys, param(call, 'key')));
}

export async function remove(call: Call): Promise<HookTarget> {
  return changed(call, await scopeOfHooks(call), (keys) => removePublicKey(keys, param(call, 'key')));
}

async function changed(
  call: Call,
  { scope, owner }: Awaited<ReturnType<typeof scopeOfHooks>>,
  change: (keys: Parameters<typeof addPublicKey>[0]) => Parameters<typeof addPublicKey>[0],
): Promise<HookTarget> {
  const { hooks, clock } = call.zekt;
  const id = param(call, 'id');
  const changedAt = clock.now();
  const target = await changeTarget(hooks, scope, id, (before) => ({
    ...before,
    publicKeys: change(before.publicKeys),
    changedAt,
  }));
  return presentTarget(id, target, owner, changedAt);
}

/** Signed with: see `payloadType`. */
export async function published({ zekt }: Call): Promise<JsonWebKeySet> {
  return { keys: [{ ...zekt.hooks.serverKey.publicJwk }] };
}
