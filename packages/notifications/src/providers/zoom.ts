import { objectLine } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';

const mostChars = 4000;

/** An incoming webhook of Zoom Team Chat; its token has no scheme. */
export const zoom: ProviderType = {
  type: 'zoom',
  needs: { ...webhookNeeds, token: 'required' },
  gate: 'messages',
  mostMetadata: 4000,
  rate: { perMinute: 60, burst: 10 },
  exchange(event, { address, token, truncate }) {
    const url = new URL(address);
    if (!url.searchParams.get('format')) url.searchParams.set('format', 'full');
    const items = sortedEntries(event.metadata).map(([key, value]) => ({ key, value }));
    const body = {
      content: {
        head: { text: objectLine(event), sub_head: { text: event.severity } },
        body: [
          { type: 'message', text: truncate ? shorten(event.message, mostChars) : event.message },
          ...(items.length > 0 ? [{ type: 'fields', items }] : []),
        ],
      },
    };
    return once(postJson(url.href, body, [['Authorization', token]]));
  },
};
