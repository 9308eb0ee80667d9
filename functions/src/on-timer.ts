import { app } from '@azure/functions';
import { loadParts } from './load-parts.ts';
import { timers, type TimerName } from './timers.ts';

/** A function that runs by the clock. */
export function onTimer(name: TimerName): void {
  app.timer(name, {
    schedule: timers[name],
    handler: async (_timer, context) => (await loadParts()).tick(name, context),
  });
}
