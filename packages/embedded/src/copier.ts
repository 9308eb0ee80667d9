import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Copies what is in the log into the file (a passive checkpoint), as far as nobody is in its way. */
export interface Copier {
  copy(): Promise<void>;
  close(): Promise<void>;
}

/** In a thread of its own, made when there is first something to do; it keeps the process alive only while it does it. */
export function threadCopier(path: string): Copier {
  let worker: Worker | null = null;
  const start = (): Worker => {
    // No arguments of this process: they may be meant for the test runner that it is.
    const made = new Worker(new URL('./copier-thread.ts', import.meta.url), {
      workerData: { path },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    made.once('exit', () => (worker = null));
    return made;
  };
  return {
    async copy() {
      worker ??= start();
      worker.ref();
      worker.postMessage('copy');
      // Rejects when the thread fails.
      await once(worker, 'message').finally(() => worker?.unref());
    },
    async close() {
      if (worker === null) return;
      const exit = once(worker, 'exit');
      worker.ref();
      worker.postMessage('close');
      await exit;
    },
  };
}
