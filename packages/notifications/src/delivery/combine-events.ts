import { isError, objectLine } from '../event/describe.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ObjectKey } from '../resources/object-key.ts';

const same = <T>(values: readonly T[]): T | undefined =>
  values.every((value) => value === values[0]) ? values[0] : undefined;

/** One event that tells of several: what they share is kept, the severity is the worst. */
export function combineEvents(events: readonly NotificationEvent[], more: number, alert: ObjectKey): NotificationEvent {
  const [first] = events;
  const last = events.at(-1);
  if (!first || !last) throw new RangeError('there must be an event');
  if (events.length === 1 && more === 0) return first;
  const isOneObject = same(events.map((event) => JSON.stringify(objectLine(event)))) !== undefined;
  const errors = events.filter(isError).length;
  const lines = events.map(
    (event) => `- ${isError(event) ? '[error] ' : ''}${isOneObject ? '' : `${objectLine(event)}: `}${event.message}`,
  );
  const shared = Object.entries(first.metadata ?? {}).filter(([key, value]) =>
    events.every(({ metadata }) => metadata?.[key] === value),
  );
  const { metadata: _, ...rest } = last;
  return {
    ...rest,
    involvedObject: isOneObject
      ? last.involvedObject
      : { kind: 'Alert', namespace: alert.namespace, name: alert.name, apiVersion: 'zekt.dev/v1' },
    severity: errors > 0 ? 'error' : last.severity,
    reason: same(events.map(({ reason }) => reason)) ?? 'Grouped',
    message: [
      `${events.length + more} events${errors > 0 ? `, ${errors} of them errors` : ''}:`,
      ...lines,
      ...(more > 0 ? [`… and ${more} more`] : []),
    ].join('\n'),
    ...(shared.length > 0 && { metadata: Object.fromEntries(shared) }),
  };
}
