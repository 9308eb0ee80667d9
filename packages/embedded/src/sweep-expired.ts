import type { Clock } from '@zekt/core';
import type { Documents } from './documents.ts';
import type { WriteQueue } from './write-queue.ts';

const everyMs = 60_000;
/** Small enough not to be noticed by the requests that wait meanwhile. */
const atOnce = 500;
const pauseMs = 50;

/** Removes expired documents from the file, some at a time; returns what ends it. */
export function sweepExpired(writes: WriteQueue, documents: Documents, clock: Clock): () => void {
  let cancel = (): void => undefined;
  let isStopped = false;
  const later = (delayMs: number): void => {
    if (isStopped) return;
    cancel = clock.at(clock.now() + delayMs, () => {
      void writes
        .write(() => documents.sweep(atOnce, clock.now()))
        .then(
          (removed) => later(removed === atOnce ? pauseMs : everyMs),
          // A full disk may have room again.
          () => later(everyMs),
        );
    });
  };
  later(everyMs);
  return () => {
    isStopped = true;
    cancel();
  };
}
