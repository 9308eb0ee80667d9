import { isError } from '../event/describe.ts';
import { eventPrefix, groupPrefix } from '../event/metadata.ts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ProviderType } from '../providers/provider-type.ts';

/** Why a kind of destination takes no such event; null: it takes it. Decided on the event as it came. */
export function gateReason(event: NotificationEvent, type: ProviderType): string | null {
  const { metadata = {}, reason } = event;
  const isStatusOnly = metadata[`${groupPrefix(event)}commit_status`] === 'update';
  if (type.skipsProgressing && reason === 'Progressing') return 'it takes no events about what is still going on';
  switch (type.gate) {
    case 'everything':
      return null;
    case 'commitStatus': {
      const isOpen = (metadata[`${eventPrefix}commit`] ?? '') !== '' || isStatusOnly || isError(event);
      return isOpen ? null : 'it takes events that name a commit, and errors';
    }
    case 'comment':
      if (isStatusOnly) return 'the event is for commit statuses only';
      return (metadata[`${eventPrefix}change_request`] ?? '') === ''
        ? 'it takes events that name a change request'
        : null;
    case 'messages':
      return isStatusOnly ? 'the event is for commit statuses only' : null;
  }
}
