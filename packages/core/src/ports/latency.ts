import type { Telemetry } from './telemetry.ts';

/** How long it takes to answer a sender, to answer GitHub, and from a completion to its dispatch. */
export type Timed = 'receiveEvent' | 'receiveWebhook' | 'dispatch';

/** Upper bounds of latencies that are told apart (ms). */
export const latencyBoundsMs: readonly number[] = [
  ...[10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000],
  ...[30_000, 60_000, 300_000, 900_000, 3_600_000, 86_400_000],
];

/** A latency above all bounds. */
const beyondMs = 999_999_999;

/**
 * Counts a latency by the least bound that it is within. Application Insights keeps sum, least and most of a distribution, and so no
 * percentile; a count for each bound gives one, exact to the bound, whatever share of the traces is kept.
 */
export function tellLatency(telemetry: Pick<Telemetry, 'count'>, step: Timed, ms: number): void {
  const within = latencyBoundsMs.find((bound) => ms <= bound) ?? beyondMs;
  telemetry.count('zekt.latency', { step, within });
}
