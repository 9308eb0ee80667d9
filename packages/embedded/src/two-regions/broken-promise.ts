import type { FailoverScenario } from './failover-scenarios.ts';
import { lagMs, type FailoverOutcome } from './play-failover.ts';

/**
 * What a failover broke of what is promised; null where it kept it all. docs/explanation/multi-region.md says the same in words.
 */
export function brokenPromise(scenario: FailoverScenario, outcome: FailoverOutcome): string | null {
  const { consistency, failure, redelivers, returns, traffic } = scenario;
  const { lost, foreign, repeated, failedAt, revokedAt, isRightBack, usedAt, deadLetters } = outcome;
  if (foreign.length > 0) return `what nobody should have had: ${foreign.join(', ')}`;
  // With session consistency what was written within the lag may be gone, and with it what was to tell of it.
  const mayLose = consistency === 'Session' && failure !== 'bus';
  for (const answeredAt of lost) {
    if (answeredAt !== null && mayLose && answeredAt > failedAt - lagMs) continue;
    if (answeredAt === null && !redelivers) continue;
    return answeredAt === null
      ? 'a completion was lost'
      : `a message was lost, answered ${failedAt - answeredAt} ms before`;
  }
  for (const { times, firstAt, wasRecorded, regions } of repeated) {
    const areBothAtWork = traffic === 'both' || failure === 'cut off' || returns;
    const since = failedAt - (consistency === 'Session' ? lagMs : inHandMs);
    const wasForgotten = failure !== 'bus' && !wasRecorded && firstAt >= since;
    // Each region that works on it sends it, and again where nothing tells that it did.
    const allowed = (areBothAtWork && regions === 2 ? 2 : 1) * (wasForgotten ? 2 : 1);
    if (times > allowed) return `a delivery went out ${times} times, first ${failedAt - firstAt} ms before the failure`;
  }
  if (consistency === 'Strong' && deadLetters > 0) return `${deadLetters} messages were given up`;
  if (revokedAt === null || (mayLose && revokedAt > failedAt - lagMs)) return null;
  if (isRightBack) return `a right is back that was taken back ${failedAt - revokedAt} ms before`;
  const late = usedAt.find((at) => at > revokedAt + inHandMs);
  return late === undefined ? null : `a right was used ${late - revokedAt} ms after it was taken back`;
}

/** What was in hand when the region was lost, was begun by then. */
const inHandMs = 500;
