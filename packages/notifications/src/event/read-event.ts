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

/** What tells one taking in of an event from another. */
export interface EventIdentity {
  readonly id: string;
  /** Of an event whose sender chose the id: what it stands for. */
  readonly content?: string;
}

/** Whoever sends the same event twice says it twice: only the same request is the same. */
export const identityOfRequest = (request: string, event: NotificationEvent): EventIdentity => ({
  id: `flux-${digest(request).slice(0, 40)}`,
  content: digest(canonicalJson(event)).slice(0, 40),
});
