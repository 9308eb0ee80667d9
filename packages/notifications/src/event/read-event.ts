import type { NotificationEvent as ReceivedEvent } from '@zekt/contracts';
import { digest } from '@zekt/core';
import { canonicalJson, type NotificationEvent } from './notification-event.ts';

/** An event from outside in our model; text that is no Unicode is mended, so that it can be sent on. */
export function readEvent(received: ReceivedEvent): NotificationEvent {
  const { involvedObject, severity, timestamp = null, message, reason = '', metadata } = received;
  const { reportingController = '', reportingInstance = '' } = received;
  const object = Object.entries(involvedObject).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const pairs = Object.entries(metadata ?? {});
  return {
    involvedObject: Object.fromEntries(object.map(([key, value]) => [key, value.toWellFormed()])),
    severity,
    timestamp,
    message: message.toWellFormed(),
    reason: reason.toWellFormed(),
    ...(pairs.length > 0 && {
      metadata: Object.fromEntries(pairs.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()])),
    }),
    reportingController: reportingController.toWellFormed(),
    ...(reportingInstance !== '' && { reportingInstance: reportingInstance.toWellFormed() }),
  };
}

/** The same event sent twice is one. */
export const eventIdOf = (event: NotificationEvent): string => `flux-${digest(canonicalJson(event)).slice(0, 40)}`;
