import { systemClock, type Bus, type Clock, type DocumentStore } from '@zekt/core';
import { openDatabase } from './database.ts';
import { DocumentTable } from './document-table.ts';
import { EmbeddedBus } from './embedded-bus.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { GroupCommit } from './group-commit.ts';
import { MessageTable } from './message-table.ts';

export interface Embedded {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Finishes what is being written, then lets go of the file. Stop the consumers first. */
  close(): void;
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
  const database = openDatabase(directory);
  const commits = new GroupCommit(database);
  const messages = new MessageTable(database, clock);
  const documents = new DocumentTable(database, clock);
  const bus = new EmbeddedBus(commits, messages, clock);
  const store = new EmbeddedStore(commits, documents, messages, bus);
  let cancelSweep = (): void => undefined;
  const sweepLater = (delayMs: number): void => {
    cancelSweep = clock.at(clock.now() + delayMs, () => {
      void commits
        .write(() => documents.sweep(sweepLimit))
        .then(
          (removed) => sweepLater(removed === sweepLimit ? 50 : sweepEveryMs),
          () => undefined,
        );
    });
  };
  sweepLater(sweepEveryMs);
  return {
    store,
    bus,
    close() {
      cancelSweep();
      commits.close();
      database.close();
    },
  };
}
