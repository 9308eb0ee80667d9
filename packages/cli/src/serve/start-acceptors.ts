import type { Log } from '@zekt/core';
import type { Acceptor } from './start-acceptor.ts';

/** Before a thread that could not even start is tried again. */
const pauseMs = 1000;

export interface SharedPort {
  readonly url: string;
  readonly port: number;
  /** See `HttpServer`. */
  stop(graceMs: number, quietMs?: number): Promise<void>;
}

/**
 * Several threads that listen on one port. One that crashes is replaced; what it had in hand is lost as with any broken connection: its
 * senders were not answered.
 *
 * @param count 1 or more
 * @param start starts one, on this port; 0: on any
 * @throws what keeps the first ones from listening
 */
export async function startAcceptors(
  count: number,
  port: number,
  start: (port: number) => Promise<Acceptor>,
  log: Log,
): Promise<SharedPort> {
  const running = new Set<Acceptor>();
  const starting = new Set<Promise<void>>();
  let isStopping = false;

  const add = async (on: number): Promise<Acceptor> => {
    const acceptor = await start(on);
    running.add(acceptor);
    void acceptor.crashed.then((err) => {
      running.delete(acceptor);
      if (isStopping) return;
      log.error({ err }, 'a thread that listens has crashed; starting another');
      replace(acceptor.port);
    });
    return acceptor;
  };
  const replace = (on: number): void => {
    if (isStopping) return;
    const attempt = add(on)
      .then(() => undefined)
      .catch((err: unknown) => {
        log.error({ err }, 'a thread that listens could not be started; trying again');
        setTimeout(() => replace(on), pauseMs).unref();
      })
      .finally(() => starting.delete(attempt));
    starting.add(attempt);
  };
  const stop = async (graceMs: number, quietMs = 0): Promise<void> => {
    isStopping = true;
    await Promise.all(starting);
    // First all, or whoever is told by one to connect anew does so to another that is about to stop, and is reset.
    await Promise.all([...running].map((acceptor) => acceptor.refuse()));
    await Promise.all([...running].map((acceptor) => acceptor.stop(graceMs, quietMs)));
  };

  try {
    const first = await add(port);
    const others = await Promise.allSettled(Array.from({ length: count - 1 }, () => add(first.port)));
    const failed = others.find((other) => other.status === 'rejected');
    if (failed) throw failed.reason;
    return { url: first.url, port: first.port, stop };
  } catch (error) {
    await stop(0);
    throw error;
  }
}
