import type { NotificationEvent } from '../event/notification-event.ts';

/** How far ahead the clock of a sender may be. */
const skewMs = 5 * 60_000;

/** Where something stands in the order of what was said of an object. Times in milliseconds. */
export interface Place {
  /** By the event itself. */
  readonly newest: number;
  /** When its notification was made: decides where events, whose times are often whole seconds, have the same. Older documents have none. */
  readonly came?: number;
}

/** No clock that can be relied on says so. */
export const isImpossible = (at: number, nowMs: number): boolean => at > nowMs + skewMs;

/**
 * Where an event stands. One without a time stands at the second in which it came; so does one whose time is in the future: it would
 * silence everything until then.
 *
 * @param came when its notification was made
 */
export function placeOf({ timestamp }: NotificationEvent, came: number, nowMs: number): Place {
  const at = Date.parse(timestamp ?? '');
  const isKnown = !Number.isNaN(at) && !isImpossible(at, nowMs);
  return { newest: isKnown ? at : Math.floor(came / 1000) * 1000, came };
}

/** Whether something is older than what is known. A time in the future, which could once be remembered, is known of nothing. */
export function isOlder(place: Place, known: Place, nowMs: number): boolean {
  if (isImpossible(known.newest, nowMs)) return false;
  return place.newest === known.newest ? (place.came ?? 0) < (known.came ?? 0) : place.newest < known.newest;
}
