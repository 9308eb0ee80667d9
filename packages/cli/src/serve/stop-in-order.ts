import type { Log } from '@zekt/core';
import type { ServingZekt } from './start-zekt.ts';

/** Clients that send one request after the other have their next one on its way within this (ms). */
const quietMs = 1000;

/**
 * Waits for a signal, or for a store that can't go on; then stops in order.
 *
 * @throws Error when it was the store, once all has stopped
 */
export async function stopInOrder(
  zekt: Pick<ServingZekt, 'lost' | 'stop'>,
  interrupted: Promise<string>,
  log: Log,
): Promise<void> {
  const ending = await Promise.race([interrupted, zekt.lost]);
  if (typeof ending === 'string') log.info({ signal: ending }, 'stopping: no new work, finishing what is in hand');
  else log.error({ err: ending }, 'stopping: the store can not go on');
  await zekt.stop(quietMs);
  if (typeof ending !== 'string') throw ending;
}
