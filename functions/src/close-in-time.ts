import type { Clock } from '@zekt/core';

/** The host ends the process five seconds after it has told the app to end. */
const writeDownMs = 1500;
const closeMs = 3000;
/** For all of it, whatever hangs. */
export const terminationMs = writeDownMs + closeMs;

/** Waits for work, but no longer than so many milliseconds. Whether it failed is not asked: there is nobody to tell any more. */
export async function waitAtMost(ms: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.at(clock.now() + ms, resolve);
    const done = (): void => {
      cancel();
      resolve();
    };
    void work.then(done, done);
  });
}

export interface Closing {
  /** What is only in memory is written down, while everything is still open. */
  readonly writeDown: () => Promise<unknown>;
  /** Then these are closed, side by side. */
  readonly close: readonly (() => Promise<unknown>)[];
}

/** Ends an app within `terminationMs`: neither a store that does not answer, nor a collector, holds it up. */
export async function closeInTime({ writeDown, close }: Closing, clock: Clock): Promise<void> {
  await waitAtMost(writeDownMs, writeDown(), clock);
  await waitAtMost(closeMs, Promise.allSettled(close.map((it) => it())), clock);
}
