import { setImmediate } from 'node:timers/promises';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { AlertDocument } from './alert-document.ts';
import { matchesAlert, patternSizeOf } from './match-alert.ts';

/** Of one turn of the event loop: some milliseconds. A step is an instruction of an expression at a character. */
const stepsOfATurn = 250_000;
/** An alert without expressions. */
const stepsOfAnAlert = 1000;

/** Lets others have their turn. */
export type NextTurn = () => Promise<unknown>;
export const nextTurn: NextTurn = () => setImmediate();

/** The alerts that are about an event, in their order; others have their turn meanwhile, however many there are. */
export async function matchingAlerts(
  event: NotificationEvent,
  alerts: readonly AlertDocument[],
  yieldTurn: NextTurn = nextTurn,
): Promise<AlertDocument[]> {
  const matching: AlertDocument[] = [];
  let spent = 0;
  for (const alert of alerts) {
    const steps = stepsOfAnAlert + patternSizeOf(alert.spec) * event.message.length;
    if (spent > 0 && spent + steps > stepsOfATurn) {
      await yieldTurn();
      spent = 0;
    }
    if (matchesAlert(event, alert.spec)) matching.push(alert);
    spent += steps;
  }
  return matching;
}
