import { HookFailure, type FailureClass } from '../calls/hook-failure.ts';

/** Waits between the tries of an event's call (ms): six tries in somewhat more than an hour. */
export const retryScheduleMs = [5_000, 30_000, 120_000, 600_000, 3_600_000] as const;

const longestWaitMs = 3_600_000;
const passing = new Set([408, 425, 429]);

/** What came of a try. */
export type Tried =
  | { readonly outcome: 'delivered'; readonly status: number }
  | {
      readonly outcome: 'failed';
      readonly failure: FailureClass;
      readonly status: number | null;
      readonly askedToWaitMs: number | null;
    };

/** A 2xx is a success, whatever its body says: nobody is there to be answered. */
export function triedOf(error: HookFailure): Tried {
  const { failure, status, askedToWaitMs } = error;
  if (status !== null && status >= 200 && status <= 299) return { outcome: 'delivered', status };
  return { outcome: 'failed', failure, status, askedToWaitMs };
}

/** When to try again (ms from now); null: it is given up. */
export function waitAfter(tried: Tried, attempts: number, random: () => number): number | null {
  if (tried.outcome === 'delivered') return null;
  const wait = retryScheduleMs[attempts - 1];
  if (wait === undefined || !isPassing(tried)) return null;
  const jittered = Math.round(wait * (0.8 + 0.4 * random()));
  return Math.min(Math.max(jittered, tried.askedToWaitMs ?? 0), Math.max(longestWaitMs, jittered));
}

function isPassing({ failure, status }: Extract<Tried, { outcome: 'failed' }>): boolean {
  if (status !== null) return passing.has(status) || status >= 500;
  return failure === 'timeout' || failure === 'unreachable';
}
