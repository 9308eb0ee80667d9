import { systemClock, type Bus, type Clock, type DocumentStore } from '@zekt/core';
import { connect, migrate, takeDirectory } from './database.ts';
import { DocumentReads } from './document-table.ts';
import { EmbeddedBus } from './embedded-bus.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { MessageReads } from './message-table.ts';
import { inlineExecutor, threadExecutor, WriteQueue } from './write-queue.ts';

export interface Embedded {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Finishes what is being written, then lets go of the file. Stop the consumers first. */
  close(): Promise<void>;
}

const sweepEveryMs = 60_000;
/** Small enough not to be noticed by the requests that wait meanwhile. */
const sweepLimit = 500;

/**
 * Store and bus for one machine, in one SQLite file.
 *
 * @param directory the data directory; `:memory:` keeps nothing
 * @throws DataDirectoryError when another process holds it, or a newer Zekt wrote it
 */
export function openEmbedded(directory: string, clock: Clock = systemClock): Embedded {
  const { reader, executor, release } = directory === ':memory:' ? openMemory() : openFile(directory);
  const writes = new WriteQueue(executor, clock);
  const bus = new EmbeddedBus(writes, new MessageReads(reader), clock);
  const store = new EmbeddedStore(new DocumentReads(reader), bus, clock);
  let cancelSweep = (): void => undefined;
  const sweepLater = (delayMs: number): void => {
    cancelSweep = clock.at(clock.now() + delayMs, () => {
      void writes.write('sweep', { limit: sweepLimit }).then(
        (removed) => sweepLater(removed === sweepLimit ? 50 : sweepEveryMs),
        () => undefined,
      );
    });
  };
  sweepLater(sweepEveryMs);
  return {
    store,
    bus,
    async close() {
      cancelSweep();
      await writes.close();
      release();
    },
  };
}

function openMemory() {
  const reader = connect(':memory:');
  migrate(reader, ':memory:');
  return { reader, executor: inlineExecutor(reader), release: () => undefined };
}

/** Reads here, writes in a thread of their own; both see what is committed. */
function openFile(directory: string) {
  const { path, release } = takeDirectory(directory);
  const executor = threadExecutor(path);
  const reader = connect(path, { readOnly: true });
  return {
    reader,
    executor,
    release: () => {
      reader.close();
      release();
    },
  };
}
