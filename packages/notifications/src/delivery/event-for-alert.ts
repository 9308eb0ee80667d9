import type { AlertDocument } from '../alerts/alert-document.ts';
import { boundMetadata } from '../event/bound-metadata.ts';
import { mergeMetadata } from '../event/metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { keyText } from '../resources/object-key.ts';
import type { NotificationsContext } from './notifications-context.ts';

/** What a document has room for; no destination takes as much. */
const mostStoredChars = 100_000;
const mostStoredMetadata = 300_000;

/** The event with the metadata and the message that the alert makes of it. */
export async function eventForAlert(
  context: Pick<NotificationsContext, 'log'>,
  alert: AlertDocument,
  event: NotificationEvent,
): Promise<NotificationEvent> {
  const { log } = context;
  const { eventMetadata = {}, summary = null, template } = alert.spec;
  const { metadata, conflicts } = mergeMetadata(event, { eventMetadata, summary });
  if (conflicts.length > 0)
    log.warn({ alert: keyText(alert), conflicts }, 'metadata comes from more than one source; the last one wins');
  const { metadata: _, ...rest } = event;
  const merged: NotificationEvent = { ...rest, ...(Object.keys(metadata).length > 0 && { metadata }) };
  const message = template === undefined ? event.message : await templated(context, alert, template, merged);
  return boundMetadata({ ...merged, message: shorten(message, mostStoredChars) }, mostStoredMetadata);
}

/** Templates are loaded where there is one. */
async function templated(
  { log }: Pick<NotificationsContext, 'log'>,
  { name, namespace }: AlertDocument,
  template: string,
  event: NotificationEvent,
): Promise<string> {
  const { renderMessage } = await import('../alerts/render-template.ts');
  const { message, problem } = renderMessage(template, event, { name, namespace, summary: event.metadata?.summary });
  if (problem !== null)
    log.warn({ alert: keyText({ name, namespace }), problem }, 'a template failed; the message is sent as it is');
  return message;
}
