import type { Log } from '@zekt/core';
import type { HttpServer } from './start-http-server.ts';
import type { Acceptor } from './start-acceptor.ts';

/** Before a thread that could not even start is tried again. */
const pauseMs = 1000;

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
): Promise<HttpServer> {
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
  const stop = async (graceMs: number): Promise<void> => {
    isStopping = true;
    await Promise.all(starting);
    await Promise.all([...running].map((acceptor) => acceptor.stop(graceMs)));
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
