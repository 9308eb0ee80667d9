import type { DatabaseSync } from 'node:sqlite';
import { systemClock, type Bus, type Clock, type DocumentStore } from '@zekt/core';
import { BodyBudget, bodyLimits, type BodyLimits } from './body-budget.ts';
import { threadCopier } from './copier.ts';
import { takeDirectory } from './data-directory.ts';
import { openDatabase } from './database.ts';
import { noDisk, type Disk } from './disk.ts';
import { DocumentCache } from './document-cache.ts';
import { Documents } from './documents.ts';
import { EmbeddedBus } from './embedded-bus.ts';
import { EmbeddedStore } from './embedded-store.ts';
import { openLogFile } from './log-file.ts';
import { Messages } from './messages.ts';
import { Performer } from './performer.ts';
import { ReadySignal } from './ready-signal.ts';
import { preparing, type Observer } from './statements.ts';
import { sweepExpired } from './sweep-expired.ts';
import { Transactor } from './transactor.ts';
import { WalDisk } from './wal-disk.ts';
import { WriteQueue } from './write-queue.ts';

export interface Embedded {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Finishes what is being written, then lets go of the file. Stop the consumers first. */
  close(): Promise<void>;
}

export interface EmbeddedOptions extends Observer {
  /** @default 10,000 of each queue, 32 Mi characters of all */
  readonly bodyLimits?: BodyLimits;
  /** Documents in memory, about; half as many for lists. @default 8 MiB: a larger heap costs more to collect than the reads it saves */
  readonly cacheBytes?: number;
  /** What makes the log durable. @default the file system, with a thread that copies the log */
  readonly openDisk?: (database: DatabaseSync, path: string) => Disk;
}

/**
 * Store and bus for one machine, in one SQLite file that this process alone holds.
 *
 * @param directory the data directory; `:memory:` keeps nothing
 * @throws DataDirectoryError when another process holds it, or another version of Zekt wrote it
 */
export function openEmbedded(directory: string, clock: Clock = systemClock, options: EmbeddedOptions = {}): Embedded {
  const { database, disk, release } = directory === ':memory:' ? openMemory(options) : openFile(directory, options);
  const prepare = preparing(database, options.onStatement);
  const ready = new ReadySignal();
  const documents = new Documents(prepare, new DocumentCache(options.cacheBytes));
  const budget = new BodyBudget(options.bodyLimits ?? bodyLimits);
  const messages = new Messages(prepare, budget, clock, (queue) => ready.announce(queue));
  const writes = new WriteQueue(new Transactor(prepare, () => database.isTransaction, options.onTransaction), disk);
  const performer = new Performer(writes, documents, messages, clock);
  const stopSweeping = sweepExpired(writes, documents, clock);
  return {
    store: new EmbeddedStore(writes, documents, performer, clock),
    bus: new EmbeddedBus(writes, messages, performer, ready, clock),
    async close() {
      stopSweeping();
      await writes.close();
      database.close();
      release();
    },
  };
}

interface Opened {
  readonly database: DatabaseSync;
  readonly disk: Disk;
  readonly release: () => void;
}

function openMemory({ openDisk = () => noDisk }: EmbeddedOptions): Opened {
  const database = openDatabase(':memory:', ':memory:');
  return { database, disk: openDisk(database, ':memory:'), release: () => undefined };
}

const walDisk = (database: DatabaseSync, path: string): Disk =>
  new WalDisk(database, openLogFile(path), threadCopier(path));

function openFile(directory: string, { openDisk = walDisk }: EmbeddedOptions): Opened {
  const { path, release } = takeDirectory(directory);
  try {
    const database = openDatabase(path, directory);
    return { database, disk: openDisk(database, path), release };
  } catch (error) {
    release();
    throw error;
  }
}
