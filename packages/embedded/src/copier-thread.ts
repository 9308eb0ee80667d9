// The thread that copies the log into the file: its many writes and its two syncs hold up nobody.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const database = new DatabaseSync((workerData as { path: string }).path, { timeout: 5000 });
database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;');
parentPort?.on('message', (what: 'copy' | 'close') => {
  if (what === 'copy') {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    parentPort?.postMessage('copied');
    return;
  }
  database.close();
  parentPort?.close();
});
