// The thread that writes: while it waits for the disk, the process goes on answering, and the next batch gathers.
import { parentPort, workerData } from 'node:worker_threads';
import { connect } from './database.ts';
import type { Job } from './jobs.ts';
import { Writer } from './writer.ts';

const database = connect((workerData as { path: string }).path);
const writer = new Writer(database);
parentPort?.on('message', (jobs: readonly Job[] | null) => {
  if (jobs === null) {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(writer.execute(jobs));
});
