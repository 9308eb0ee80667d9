import { ZektError, type Bus, type DocumentStore, type Notices } from '@zekt/core';
import { redact } from '@zekt/github';

/** What to do where nothing can be written. */
export const storageFix =
  'Make room where the data are kept, and look at the rights of ZEKT_DATA_DIR; in Azure, at Cosmos DB and the rights of the identity.';

/** Why nothing could be written, and what to do. Null for what is no fault of the storage. */
function storageTrouble(error: unknown): { readonly sentence: string; readonly fix: string } | null {
  if (error instanceof RangeError || (error instanceof ZektError && error.code !== 'unavailable')) return null;
  const said = error instanceof Error ? error.message : String(error);
  return { sentence: `Nothing can be written now: ${redact(said)}`, fix: storageFix };
}

/** A store that tells of each write that failed. */
export function noticingStore(store: DocumentStore, notices: Pick<Notices, 'note'>): DocumentStore {
  return {
    get: (partition, id) => store.get(partition, id),
    list: (partition, options) => store.list(partition, options),
    commit: (batch) => store.commit(batch).catch(noted(notices)),
  };
}

/** A bus that tells of each write that failed. */
export function noticingBus(bus: Bus, notices: Pick<Notices, 'note'>): Bus {
  return {
    publish: (messages) => bus.publish(messages).catch(noted(notices)),
    commit: (work) => bus.commit(work).catch(noted(notices)),
    consume: (queue, handler, options) => bus.consume(queue, handler, options),
    deadLetters: (queue, options) => bus.deadLetters(queue, options),
    revive: (queue, id) => bus.revive(queue, id),
    reviveAll: (queue) => bus.reviveAll(queue),
    depth: (queue) => bus.depth(queue),
  };
}

const noted =
  (notices: Pick<Notices, 'note'>) =>
  (error: unknown): never => {
    const trouble = storageTrouble(error);
    if (trouble) notices.note('storage', trouble);
    throw error;
  };
