/** Counts of a process are written this often. */
export const flushEveryMs = 60_000;
/** How long a provider's card is believed where other processes may change it: a right given within it may miss a run on another one. */
export const rememberCardsMs = 2000;

/**
 * Does something now and then every so often, never twice at once.
 *
 * @returns stops it, and waits for what is under way
 */
export function repeat(
  work: () => Promise<void>,
  everyMs: number,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> | null = null;
  const run = (): void => {
    running ??= work()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  };
  run();
  const timer = setInterval(run, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
