import { complete, type Decide, type Settlement, type Stored, type Writes } from '@zekt/core';
import { keyText, type ObjectKey } from '../resources/object-key.ts';
import { memoryWrites, rememberAgain, type Remembering } from './alert-memory.ts';
import {
  findNotification,
  notificationWrites,
  type NotificationDocument,
  type NotificationWork,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';

/** What has come of a notification. */
export interface Result {
  readonly next: NotificationDocument;
  /** What its alert remembers of that. */
  readonly memory?: { readonly alert: ObjectKey; readonly remembering: Remembering } | null;
  /** What its destination's answer says of the destination. */
  readonly destination?: () => Promise<Writes[]>;
}

/**
 * Writes down what has come of a notification, whose destination has been asked already: after a conflict only this is decided again.
 *
 * The alert's memory comes before the notification, and before what is known of the destination: where these are not one transaction,
 * whoever comes after a crash in between finds in the memory that it was sent.
 *
 * @param seen the notification as it was before it was sent
 */
export function record(
  context: NotificationsContext,
  seen: Stored<NotificationDocument>,
  { next, memory = null, destination = async () => [] }: Result,
): Decide {
  const { store } = context;
  report(context, next);
  let isFirst = true;
  return async () => {
    const current = isFirst ? seen : await findNotification(store, next.id);
    const remembered =
      memory &&
      memoryWrites(
        memory.alert,
        isFirst ? memory.remembering : await rememberAgain(store, memory.alert, memory.remembering),
      );
    isFirst = false;
    // Only what is pending is changed: a replay that came meanwhile is a notification of its own count.
    const isOurs = current?.body.state === 'pending' && current.body.replays === next.replays;
    return {
      batches: [
        ...(remembered ?? []),
        ...(isOurs ? [notificationWrites(next, current)] : []),
        ...(await destination()),
      ],
      settlement: isOurs ? settlementOf(next) : complete,
    };
  };
}

function settlementOf({ id, state, replays, nextAttemptAt }: NotificationDocument): Settlement {
  if (state !== 'pending' || nextAttemptAt === null) return complete;
  return { settle: 'again', at: nextAttemptAt, body: { kind: 'send', id, replays } satisfies NotificationWork };
}

/** It can be asked for again: nothing is thrown away. */
function report({ log, count }: NotificationsContext, next: NotificationDocument): void {
  const { id, alert, provider, state, outcome } = next;
  count(state === 'pending' ? 'notifications.retried' : `notifications.${state}`);
  if (state !== 'deadlettered') return;
  log.warn(
    { notification: id, alert: keyText(alert), provider: keyText(provider), reason: outcome },
    'a notification could not be delivered; zekt notifications replay sends it again',
  );
}
