import type { HookDeadLetter, HookDeadLetterPage, HookDelivery, HookDeliveryPage } from '@zekt/contracts';
import { readTimeline } from '@zekt/core';
import { deliveriesTimeline, listDeadLetters, replayDeadLetter } from '@zekt/hooks';
import { param, readPaging, type Call } from './call.ts';
import { scopeOfHooks } from './scope-of-hooks.ts';

export async function listDeliveries(call: Call): Promise<HookDeliveryPage> {
  const { store, clock } = call.zekt;
  const { scope } = await scopeOfHooks(call);
  const page = await readTimeline<HookDelivery>(store, deliveriesTimeline(scope), clock.now(), readPaging(call));
  return { items: [...page.items], next: page.next };
}

export async function listLost(call: Call): Promise<HookDeadLetterPage> {
  const { scope } = await scopeOfHooks(call);
  const { after, limit } = readPaging(call);
  const page = await listDeadLetters(call.zekt.store, scope, after, limit);
  return { items: [...page.items], next: page.next };
}

export async function replay(call: Call): Promise<HookDeadLetter> {
  const { scope } = await scopeOfHooks(call);
  return replayDeadLetter(call.zekt.store, scope, param(call, 'id'));
}
