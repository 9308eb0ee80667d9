import type { DatabaseSync } from 'node:sqlite';
import { systemClock, type Bus, type Clock, type DocumentStore } from '@zekt/core';
import { BodyBudget, bodyLimits, type BodyLimits } from './body-budget.ts';
import { threadCopier } from './copier.ts';
import { checkLog } from './check-log.ts';
import { takeDirectory } from './data-directory.ts';
import { openDatabase } from './database.ts';
import { noDisk, type Disk } from './disk.ts';
import { DocumentCache } from './document-cache.ts';
import { Documents } from './documents.ts';
import { EmbeddedBus } from './embedded-bus.ts';
import { EmbeddedStore } from './embedded-store.ts';
import type { Identity } from './files/assert-private.ts';
import { systemFiles, type FileSystem } from './files/file-system.ts';
import { openLogFile } from './log-file.ts';
import { Messages } from './messages.ts';
import { Performer } from './performer.ts';
import { ReadySignal } from './ready-signal.ts';
import { preparing, type Observer } from './statements.ts';
import { startError } from './start-error.ts';
import { StoreHealth, type OnTrouble } from './store-health.ts';
import { sweepExpired } from './sweep-expired.ts';
import { Transactor } from './transactor.ts';
import { WalDisk } from './wal-disk.ts';
import { WriteQueue } from './write-queue.ts';

export interface Embedded {
  readonly store: DocumentStore;
  readonly bus: Bus;
  /** Resolves when the disk has failed so that only a new start can tell what it has kept. */
  readonly lost: Promise<Error>;
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
  /** Told of each write that the disk refuses, and when it takes them again. */
  readonly onTrouble?: OnTrouble;
  readonly files?: FileSystem;
  readonly identity?: Identity;
}

/**
 * Store and bus for one machine, in one SQLite file that this process alone holds.
 *
 * @param directory the data directory; `:memory:` keeps nothing
 * @throws DataDirectoryError when it can't be used: in use, damaged, full, open to other users, or written by another version of Zekt
 */
export function openEmbedded(directory: string, clock: Clock = systemClock, options: EmbeddedOptions = {}): Embedded {
  try {
    return openParts(directory, clock, options);
  } catch (error) {
    throw startError(error, directory);
  }
}

function openParts(directory: string, clock: Clock, options: EmbeddedOptions): Embedded {
  const { database, disk, release } = directory === ':memory:' ? openMemory(options) : openFile(directory, options);
  try {
    return putTogether({ database, disk, release }, clock, options);
  } catch (error) {
    database.close();
    release();
    throw error;
  }
}

function putTogether({ database, disk, release }: Opened, clock: Clock, options: EmbeddedOptions): Embedded {
  const prepare = preparing(database, options.onStatement);
  const ready = new ReadySignal();
  const documents = new Documents(prepare, new DocumentCache(options.cacheBytes));
  const budget = new BodyBudget(options.bodyLimits ?? bodyLimits);
  const messages = new Messages(prepare, budget, clock, (queue) => ready.announce(queue));
  const health = new StoreHealth(options.onTrouble);
  const transactor = new Transactor(prepare, () => database.isTransaction, options.onTransaction);
  const writes = new WriteQueue(transactor, disk, health);
  const performer = new Performer(writes, documents, messages, clock);
  const stopSweeping = sweepExpired(writes, documents, clock);
  return {
    store: new EmbeddedStore(writes, documents, performer, clock),
    bus: new EmbeddedBus(writes, messages, performer, ready, clock),
    lost: health.lost,
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

function openFile(directory: string, options: EmbeddedOptions): Opened {
  const { files = systemFiles, identity } = options;
  const { path, release } = takeDirectory(directory, files, identity);
  const walDisk = (database: DatabaseSync): Disk => new WalDisk(database, openLogFile(path, files), threadCopier(path));
  try {
    checkLog(path, directory, files);
    const database = openDatabase(path, directory, files);
    try {
      return { database, disk: (options.openDisk ?? walDisk)(database, path), release };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    release();
    throw error;
  }
}
