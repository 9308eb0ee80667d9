/** A request that an instance was started for comes sooner, and must not find it busy with this. */
export const warmUpAfterMs = 1000;

/**
 * Does a little later what the first request would wait for. So an instance that is kept ready has done it when it is asked.
 *
 * @param at calls back after so many milliseconds; what it returns cancels
 * @returns cancels
 */
export function warmUpLater(
  work: () => Promise<unknown>,
  at: (ms: number, callback: () => void) => () => void,
): () => void {
  // Whoever needs it next tries again, and tells what is wrong.
  return at(warmUpAfterMs, () => void work().catch(() => undefined));
}
