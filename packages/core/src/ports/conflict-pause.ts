/** Up to 5, 10, 20 … 1,000 ms, at random, so that writers that met once do not meet again. */
export const conflictPauseMs = (tries: number, random: () => number): number =>
  Math.ceil(Math.min(5 * 2 ** tries, 1000) * random());

/** @param tries how often this writer has met a conflict before: 0 at the first */
export const pauseAfterConflict = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, conflictPauseMs(tries, Math.random)));
