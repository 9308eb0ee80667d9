import { once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { Clock } from '@zekt/core';
import type { Job, JobKind, Jobs, Outcome, Results } from './jobs.ts';
import { Writer } from './writer.ts';

/** Does a batch of jobs. */
export interface Executor {
  execute(jobs: readonly Job[]): Promise<readonly Outcome[]>;
  close(): Promise<void>;
}

/** In this thread: for a store in memory, which never waits for a disk. */
export function inlineExecutor(database: DatabaseSync): Executor {
  const writer = new Writer(database);
  return {
    execute: async (jobs) => writer.execute(jobs),
    close: async () => database.close(),
  };
}

/** In a thread of its own. The thread keeps the process alive only while it has something to do. */
export function threadExecutor(path: string): Executor {
  // No arguments of this process: they may be meant for the test runner that it is.
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
    workerData: { path },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let pending: {
    readonly resolve: (outcomes: readonly Outcome[]) => void;
    readonly reject: (error: unknown) => void;
  } | null = null;
  let failure: unknown = null;
  worker.on('message', (outcomes: readonly Outcome[]) => {
    worker.unref();
    pending?.resolve(outcomes);
  });
  worker.on('error', (error) => {
    failure = error;
    pending?.reject(error);
  });
  worker.unref();
  return {
    execute: (jobs) =>
      new Promise((resolve, reject) => {
        if (failure !== null) {
          reject(failure instanceof Error ? failure : new Error('the writer has failed'));
          return;
        }
        pending = { resolve, reject };
        worker.ref();
        worker.postMessage(jobs);
      }),
    async close() {
      if (failure !== null) return;
      worker.ref();
      worker.postMessage(null);
      await once(worker, 'exit');
    },
  };
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Hands jobs to the executor, one batch at a time; what comes meanwhile is the next batch. A job resolves when it is on disk. */
export class WriteQueue {
  readonly #executor: Executor;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;
  #isClosed = false;

  constructor(executor: Executor, clock: Clock) {
    this.#executor = executor;
    this.#clock = clock;
  }

  write<K extends JobKind>(kind: K, details: Jobs[K]): Promise<Results[K]> {
    if (this.#isClosed) return Promise.reject(new Error('The store is closed.'));
    return new Promise<Results[K]>((resolve, reject) => {
      const job = { kind, now: this.#clock.now(), ...details } as unknown as Job;
      this.#waiting.push({ job, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#run();
    });
  }

  /** Does what is waiting, then refuses more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    await this.#executor.close();
  }

  async #run(): Promise<void> {
    // Whatever else this turn of the event loop brings comes along.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#execute(batch);
    }
    this.#running = null;
  }

  async #execute(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#executor.execute(batch.map(({ job }) => job));
      batch.forEach(({ resolve, reject }, index) => {
        const outcome = outcomes[index];
        if (outcome?.ok) resolve(outcome.value);
        else reject(new Error(`The store could not write: ${outcome?.reason ?? 'no outcome'}`));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
