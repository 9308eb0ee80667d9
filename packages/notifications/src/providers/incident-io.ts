import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';

/** An alert source of incident.io: firing for an error, resolved for anything else. */
export const incidentIo: ProviderType = {
  type: 'incident.io',
  needs: { ...webhookNeeds, token: 'required' },
  gate: 'messages',
  skipsProgressing: true,
  isState: true,
  exchange(event, { address, token }) {
    const metadata = {
      ...event.metadata,
      severity: event.severity,
      reason: event.reason,
      ...(event.reportingController !== '' && { reportingController: event.reportingController }),
    };
    const body = {
      title: `${objectLine(event)}: ${event.reason}`,
      status: isError(event) ? 'firing' : 'resolved',
      deduplication_key: event.involvedObject.uid ?? '',
      description: event.message,
      metadata: Object.fromEntries(sortedEntries(metadata)),
    };
    return once(postJson(address, body, [['Authorization', `Bearer ${token}`]]));
  },
};
