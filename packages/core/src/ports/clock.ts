/** Time, so that every test can be exact. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once at or after `atMs`; the returned function cancels. Never keeps the process alive. */
  at(atMs: number, callback: () => void): () => void;
}

/** The longest wait that setTimeout takes; a longer one is split. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  at(atMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const waitMs = Math.max(0, atMs - Date.now());
      timer = setTimeout(() => (waitMs > longestTimerMs ? arm() : callback()), Math.min(waitMs, longestTimerMs));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** ISO 8601, UTC, milliseconds. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();
