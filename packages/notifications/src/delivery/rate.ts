import type { PaceLimits } from '@zekt/core';

/**
 * The generic cell rate algorithm: when the next may be sent, and the number to remember until then.
 *
 * @param arrival when what was given out so far would be used up (ms); 0: nothing was
 */
export function reserve(
  { perMinute, burst }: PaceLimits,
  arrival: number,
  nowMs: number,
): { readonly slot: number; readonly arrival: number } {
  const interval = 60_000 / perMinute;
  const from = Math.max(arrival, nowMs);
  return { slot: Math.ceil(Math.max(nowMs, from - (burst - 1) * interval)), arrival: from + interval };
}
