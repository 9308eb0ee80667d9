import { doctorDocumentId, serverPartition } from '../identity/keys.ts';
import type { Bus } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { fine, type Check } from './check.ts';

/**
 * Writes one document and looks at the bus, as everything that is accepted must be written.
 *
 * @throws what keeps the store or the bus from it
 */
export async function checkStorage(
  store: Pick<DocumentStore, 'commit'>,
  bus: Pick<Bus, 'deadLetters'>,
  nowMs: number,
): Promise<readonly Check[]> {
  const body = { at: nowMs };
  await store.commit({ partition: serverPartition, writes: [{ kind: 'put', id: doctorDocumentId, body }] });
  await bus.deadLetters('correlate', { limit: 1 });
  return [fine('storage', 'Documents can be written, and the bus answers.')];
}
