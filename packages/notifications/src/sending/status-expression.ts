import { evaluate, parse } from '@marcbachmann/cel-js';
import { orderedEvent, type NotificationEvent } from '../event/notification-event.ts';

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : '');

/** What is wrong with an expression that gives the context of a commit status; null: nothing. */
export function statusExpressionProblem(expression: string): string | null {
  try {
    parse(expression);
    return null;
  } catch (error) {
    return `commitStatusExpr is no CEL expression: ${reasonOf(error)}`;
  }
}

/**
 * The context that an expression gives.
 *
 * @throws Error when it gives no text
 */
export function evaluateStatusId(
  expression: string,
  event: NotificationEvent,
  alert: object,
  provider: object,
): string {
  let value: unknown;
  try {
    value = evaluate(expression, { event: orderedEvent(event), alert, provider });
  } catch (error) {
    throw new Error(`commitStatusExpr failed: ${reasonOf(error)}`, { cause: error });
  }
  if (typeof value !== 'string' || value === '') throw new Error('commitStatusExpr must give a text that is not empty');
  return value;
}
