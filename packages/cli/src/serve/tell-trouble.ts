import type { Clock, Log } from '@zekt/core';

/** While every write fails, it is told so often (ms). */
const everyMs = 60_000;

/** Tells the log when the store can not be written, and when it can again. */
export function tellTrouble(log: Log, dataDir: string, clock: Clock): (cause: unknown) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let isTold = false;
  return (cause) => {
    if (cause === null) {
      if (isTold) log.info({ dataDir }, 'the store can be written again');
      isTold = false;
      return;
    }
    // Small writes may succeed between large ones that fail.
    if (clock.now() - toldAt < everyMs) return;
    toldAt = clock.now();
    isTold = true;
    log.error(
      { err: cause, dataDir },
      'the store can not be written: requests are refused with 503, and deliveries wait. Make room on its disk, or see to it',
    );
  };
}
