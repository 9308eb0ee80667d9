import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { once, postJson } from './request.ts';

/** Its service names no limits; these are more than a person reads. */
const most = { title: 500, description: 20_000 };

/** An alert source of incident.io: firing for an error, resolved for anything else. */
export const incidentIo: ProviderType = {
  type: 'incident.io',
  needs: { ...webhookNeeds, token: 'required' },
  gate: 'messages',
  skipsProgressing: true,
  mostMetadata: 20_000,
  limits: [
    { of: 'title', most: most.title, unit: 'characters' },
    { of: 'message', most: most.description, unit: 'characters' },
  ],
  taken: 'noPage',
  isState: true,
  exchange(event, { address, token, truncate }) {
    const cut = (text: string, limit: number): string => (truncate ? shorten(text, limit) : text);
    const metadata = {
      ...event.metadata,
      severity: event.severity,
      reason: event.reason,
      ...(event.reportingController !== '' && { reportingController: event.reportingController }),
    };
    const body = {
      title: cut(`${objectLine(event)}: ${event.reason}`, most.title),
      status: isError(event) ? 'firing' : 'resolved',
      deduplication_key: event.involvedObject.uid ?? '',
      description: cut(event.message, most.description),
      metadata: Object.fromEntries(sortedEntries(metadata)),
    };
    return once(postJson(address, body, [['Authorization', `Bearer ${token}`]]), judgeWrite);
  },
};
