import type { IdentityPage, Removed } from '@zekt/contracts';
import { listIdentities, removeIdentity } from '@zekt/chatops';
import { param, readPaging, type Call } from './call.ts';

export async function list(call: Call): Promise<IdentityPage> {
  const { after, limit } = readPaging(call);
  const page = await listIdentities(call.zekt.store, after, limit);
  return { items: [...page.items], next: page.next };
}

export async function remove(call: Call): Promise<Removed> {
  const { store, clock } = call.zekt;
  await removeIdentity(store, param(call, 'name'), clock.now());
  return { removed: param(call, 'name') };
}
