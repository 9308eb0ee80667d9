import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries, type NotificationEvent } from '../event/notification-event.ts';
import { bytesOf, fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';
import { judgeChat } from './said-no.ts';

/** Teams takes 28 KB; a flow says 202 to more, and drops it. */
const mostBytes = 28 * 1024;

/** A Workflows webhook takes an Adaptive Card; the connectors of Office 365, which are being retired, take a MessageCard. */
export const msteams: ProviderType = {
  type: 'msteams',
  needs: webhookNeeds,
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 8000,
  limits: [{ of: 'request', most: mostBytes, unit: 'bytes' }],
  taken: 'noRefusal',
  rate: { perMinute: 60, burst: 4 },
  exchange(event, { address, truncate }) {
    const isConnector = new URL(address).hostname.endsWith('.webhook.office.com');
    const render = (message: string): string =>
      JSON.stringify((isConnector ? connectorCard : adaptiveMessage)(event, message));
    const body = truncate ? fitted(event.message, render, bytesOf, mostBytes) : render(event.message);
    return once(postJson(address, body), judgeChat);
  },
};

const connectorCard = (event: NotificationEvent, message: string): object => ({
  '@type': 'MessageCard',
  '@context': 'http://schema.org/extensions',
  themeColor: isError(event) ? 'FF0000' : '0076D7',
  summary: objectLine(event),
  sections: [
    {
      activityTitle: message,
      activitySubtitle: objectLine(event),
      facts: sortedEntries(event.metadata).map(([name, value]) => ({ name, value })),
    },
  ],
});

function adaptiveMessage(event: NotificationEvent, message: string): object {
  const entries = sortedEntries(event.metadata);
  const facts = [...entries.filter(([key]) => key === 'summary'), ...entries.filter(([key]) => key !== 'summary')].map(
    ([title, value]) => ({ title, value }),
  );
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      {
        type: 'Container',
        items: [
          { type: 'TextBlock', text: objectLine(event), size: 'large', weight: 'bolder', wrap: true },
          { type: 'TextBlock', text: message, ...(isError(event) && { color: 'attention' }), wrap: true },
          { type: 'FactSet', ...(facts.length > 0 && { facts }) },
        ],
      },
    ],
    msteams: { width: 'Full' },
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}
