import { parseDuration } from '@zekt/core';

/** Minutes that part an hour evenly: a schedule can say no others. */
const evenMinutes = [30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1];
const minuteMs = 60_000;

/**
 * The schedule of a timer (NCRONTAB: second, minute, hour, …) that runs every so often, or a little more often where the time does not part
 * an hour evenly; every minute at most, every half an hour at least. A setting that is wrong is reported by whoever reads them all.
 *
 * @param setting a duration such as `5m`
 */
export function timerSchedule(setting: string | undefined, otherwiseMinutes: number): string {
  const wantedMs = parseDuration(setting ?? '') ?? otherwiseMinutes * minuteMs;
  // Never: it runs all the same, and does nothing.
  const minutes = wantedMs === 0 ? 30 : (evenMinutes.find((it) => it * minuteMs <= wantedMs) ?? 1);
  return `0 */${minutes} * * * *`;
}
