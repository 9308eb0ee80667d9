import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { AcceptorSettings, Answer, Crossing, FromAcceptor, HandedOver, ToAcceptor } from './acceptor-messages.ts';
import { gather } from './gather.ts';

/** A thread that listens. */
export interface Acceptor {
  readonly url: string;
  readonly port: number;
  /** Resolves with the reason when the thread ends without having been stopped. */
  readonly crashed: Promise<Error>;
  /** Takes no new connection from now on; resolves when that is so. */
  refuse(): Promise<void>;
  /** Takes no new connection, lets the requests in hand finish for at most `graceMs`, and ends the thread: see `HttpServer`. */
  stop(graceMs: number, quietMs?: number): Promise<void>;
}

/** After the grace, what a thread has to say that it has stopped. */
const stuckMs = 1000;

/**
 * @param takeOver does the second half of a request; never rejects
 * @throws what keeps the thread from listening
 */
export function startAcceptor(
  workerData: AcceptorSettings,
  takeOver: (handed: HandedOver) => Promise<Answer>,
): Promise<Acceptor> {
  // No arguments of this process: they may be meant for the test runner that it is.
  const worker = new Worker(new URL('./acceptor-thread.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const tell = (message: ToAcceptor): void => worker.postMessage(message);
  const answer = gather<Crossing<Answer>[number]>((items) => tell({ kind: 'answered', text: JSON.stringify(items) }));
  const crashed = new Promise<Error>((resolve) => {
    worker
      .once('error', (cause) => resolve(new Error(`the thread ended by ${String(cause)}`, { cause })))
      .once('exit', (code) => resolve(new Error(`the thread ended with code ${code}`)));
  });
  return new Promise((resolve, reject) => {
    let onRefusing = (): void => undefined;
    let onStopped = (): void => undefined;
    void crashed.then((reason) => {
      reject(reason);
      onRefusing();
      onStopped();
    });
    // A thread that is stuck does not hear of it.
    const atMost = (ms: number): Promise<void> => setTimeout(ms + stuckMs, undefined, { ref: false });
    const refuse = async (): Promise<void> => {
      const refusing = new Promise<void>((done) => (onRefusing = done));
      tell({ kind: 'refuse' });
      await Promise.race([refusing, atMost(0)]);
    };
    const stop = async (graceMs: number, quietMs = 0): Promise<void> => {
      const stopped = new Promise<void>((done) => (onStopped = done));
      tell({ kind: 'stop', graceMs, quietMs });
      await Promise.race([stopped, atMost(graceMs)]);
      await worker.terminate();
    };
    worker.on('message', (message: FromAcceptor) => {
      switch (message.kind) {
        case 'listening':
          resolve({ url: message.url, port: message.port, crashed, refuse, stop });
          break;
        case 'refusing':
          onRefusing();
          break;
        case 'stopped':
          onStopped();
          break;
        case 'handed':
          for (const [id, handed] of JSON.parse(message.text) as Crossing<HandedOver>)
            void takeOver(handed).then((it) => answer([id, it]));
      }
    });
  });
}
