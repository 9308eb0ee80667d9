import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries, type NotificationEvent } from '../event/notification-event.ts';
import { bytesOf, fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';
import { judgeChat } from './said-no.ts';

const mostBytes = 32_000;

/** A webhook of a space; its key and token are in the query of the address. Cards of the first version, with their nulls. */
export const googlechat: ProviderType = {
  type: 'googlechat',
  needs: webhookNeeds,
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 10_000,
  limits: [{ of: 'request', most: mostBytes, unit: 'bytes' }],
  taken: 'noRefusal',
  rate: { perMinute: 60, burst: 1 },
  exchange(event, { address, truncate }) {
    const render = (message: string): string => JSON.stringify(card(event, message));
    const body = truncate ? fitted(event.message, render, bytesOf, mostBytes) : render(event.message);
    return once(postJson(address, body), judgeChat);
  },
};

function card(event: NotificationEvent, message: string): object {
  const text = isError(event) ? `<font color="#ff0000">${message}</font>` : message;
  const pairs = sortedEntries(event.metadata).map(([topLabel, content]) => ({
    textParagraph: null,
    keyValue: { topLabel, content, contentMultiline: false, bottomLabel: null, icon: null },
  }));
  return {
    cards: [
      {
        header: { title: objectLine(event), subtitle: event.reportingController, imageUrl: null, imageStyle: null },
        sections: [
          { header: '', widgets: [{ textParagraph: { text }, keyValue: null }] },
          ...(pairs.length > 0 ? [{ header: '', widgets: pairs }] : []),
        ],
      },
    ],
  };
}
