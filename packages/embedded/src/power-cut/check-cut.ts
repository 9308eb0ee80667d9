import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Cut, Files } from './recorder.ts';
import { checkLog } from '../check-log.ts';
import { stateOf } from './read-state.ts';

/** Puts files into a directory, as a machine finds them that starts again. */
export function restore(directory: string, { file, log }: Files): string {
  const path = join(directory, 'zekt.sqlite');
  rmSync(`${path}-shm`, { force: true });
  writeFileSync(path, file);
  writeFileSync(`${path}-wal`, log);
  return path;
}

/**
 * Opens what a power cut has left.
 *
 * @throws Error when SQLite or the check of the log finds fault with it, or when it is neither what was synced nor what was written
 */
export function checkCut(directory: string, { where, files, states }: Cut): void {
  const path = restore(directory, files);
  checkLog(path, directory);
  const database = new DatabaseSync(path);
  try {
    // Nobody needs this one to last.
    database.exec('PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;');
    const { integrity_check: integrity } = database.prepare('PRAGMA integrity_check').get() ?? {};
    if (integrity !== 'ok') throw new Error(`power cut (${where}): ${String(integrity)}`);
    const found = stateOf(database);
    if (!states.includes(found))
      throw new Error(`power cut (${where}): found ${found}\nwhere one of these was expected:\n${states.join('\n')}`);
  } finally {
    database.close();
  }
}
