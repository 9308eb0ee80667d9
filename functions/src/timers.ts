import { timerSchedule } from './timer-schedule.ts';

/** When each timer runs (NCRONTAB, with seconds, UTC). None runs at the start: on Flex Consumption that would be twice. */
export const timers = {
  sweepOutbox: '20 * * * * *',
  sweepMessages: '40 */5 * * * *',
  reconcileWebhooks: timerSchedule(process.env.ZEKT_RECONCILE_EVERY, 5),
  watchHealth: '50 */5 * * * *',
} as const;

export type TimerName = keyof typeof timers;
