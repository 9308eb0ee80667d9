import type { StoreProbe } from '@zekt/api';
import { broken, fine, type Check } from '@zekt/core';
import { storageFix } from './storage-trouble.ts';

/** What `GET /api/ready` says: whether a document can be written, and the bus answers. */
export async function checkStorage(probe: Pick<StoreProbe, 'look'>): Promise<readonly Check[]> {
  const { ready, problem = 'The store or the bus does not answer.' } = await probe.look();
  return [
    ready ? fine('storage', 'Documents can be written, and the bus answers.') : broken('storage', problem, storageFix),
  ];
}
