import { done, ZektError, type Decide, type Handler, type Stored } from '@zekt/core';
import { fixOfProvider } from '../fix-of-provider.ts';
import { shownKey, type ObjectKey } from '../resources/object-key.ts';
import { sendEvent } from '../sending/send-event.ts';
import { afterSend, ended, sent } from './after-send.ts';
import { closeGroup } from './close-group.ts';
import { combineEvents } from './combine-events.ts';
import {
  findNotification,
  type NotificationDocument,
  type NotificationWork,
  type SendWork,
} from './notification-document.ts';
import type { NotificationsContext } from './notifications-context.ts';
import { partiesOf, recallFor, resolveFor } from './prepare.ts';
import { record } from './record.ts';

/** The longest that a notification is worth sending. */
const longestLifeMs = 26 * 3_600_000;

/** Sends what is to be sent, and closes the windows of groups. */
export function notificationsHandler(context: NotificationsContext): Handler {
  return async ({ body }) => {
    const work = body as NotificationWork;
    if (work.kind === 'close') return () => closeGroup(context, work.id);
    const seen = await findSent(context, work);
    return seen ? send(context, work, seen) : async () => done;
  };
}

/**
 * The notification that a message is about; null when it is over.
 *
 * @throws ZektError `unavailable` while it can't be seen as it was when the message was published
 */
async function findSent({ store }: NotificationsContext, work: SendWork): Promise<Stored<NotificationDocument> | null> {
  const seen = await findNotification(store, work.id);
  if (!seen || seen.body.replays < work.replays || seen.body.state === 'collecting')
    throw new ZektError('unavailable', `The notification ${work.id} is not visible yet.`);
  return seen.body.state === 'pending' && seen.body.replays === work.replays ? seen : null;
}

/** Asks the destination, once; what has come of it is for the decision to write down. */
async function send(
  context: NotificationsContext,
  work: SendWork,
  seen: Stored<NotificationDocument>,
): Promise<Decide> {
  const { clock, retry, destinations } = context;
  const notification = seen.body;
  const nowMs = clock.now();
  if (notification.nextAttemptAt !== null && notification.nextAttemptAt > nowMs)
    return comeBack(work, notification.nextAttemptAt);
  const parties = await partiesOf(context, notification);
  const { alert, provider } = parties;
  const isReplay = notification.replays > 0;
  if (!alert && !isReplay)
    return record(context, seen, { next: ended(notification, 'dropped', 'The alert was removed.') });
  if (provider?.spec.suspend === true)
    return record(context, seen, { next: ended(notification, 'dropped', 'The provider is suspended.') });
  const recalled = await recallFor(context, parties, notification);
  const memory = alert && recalled && { alert, remembering: recalled.remembering };
  if (recalled?.isSent) return record(context, seen, { next: sent(notification, nowMs, null) });
  if (recalled?.reason)
    return record(context, seen, { next: ended(notification, 'suppressed', recalled.reason), memory });
  const resolved = await resolveFor(context, notification, parties);
  if ('problems' in resolved) {
    const verdict = { kind: 'again', reason: resolved.problems.join('; ') } as const;
    noteTrouble(context, notification.provider, verdict.reason);
    return record(context, seen, { next: afterSend(notification, verdict, null, nowMs, retry) });
  }
  const { rateLimit } = provider?.spec ?? {};
  const admission = await destinations.admit(notification.provider, {
    limits: rateLimit ? { burst: 1, ...rateLimit } : (resolved.type.rate ?? null),
    reserved: work.reserved,
    random: retry.random,
  });
  if (admission.kind === 'wait') {
    const { until, reserved } = admission;
    if (until <= notification.createdAt + longestLifeMs || isReplay) return comeBack(work, until, reserved);
    const reason = 'The destination could not be sent to for more than a day.';
    return record(context, seen, { next: ended(notification, 'deadlettered', reason) });
  }
  const members = recalled?.members ?? notification.members;
  const event = combineEvents(
    members.map((member) => member.event),
    notification.more,
    notification.alert,
  );
  const { verdict, status } = await sendEvent(context, resolved, event);
  const at = clock.now();
  const { limits } = notification;
  if (verdict.kind !== 'done') noteTrouble(context, notification.provider, verdict.reason);
  return record(context, seen, {
    next: afterSend(notification, verdict, status, at, retry),
    memory: verdict.kind === 'done' ? memory : null,
    destination: await destinations.take(notification.provider, {
      verdict,
      status,
      at,
      limits,
      random: retry.random(),
    }),
  });
}

function noteTrouble({ notices }: NotificationsContext, provider: ObjectKey, reason: string): void {
  const name = shownKey(provider);
  notices.note(`provider ${name}`, {
    sentence: `The provider ${name} could not be sent to: ${reason}`,
    fix: fixOfProvider(name),
  });
}

/** Later, with nothing to write down. */
function comeBack({ reserved: before, ...work }: SendWork, at: number, reserved = before): Decide {
  const body: SendWork = { ...work, ...(reserved !== undefined && { reserved }) };
  return async () => ({ settlement: { settle: 'again', at, body } });
}
