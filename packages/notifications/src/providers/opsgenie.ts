import { hash } from 'node:crypto';
import { sortedEntries } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { once, postJson } from './request.ts';

const most = { message: 130, description: 15_000, detail: 1_000, details: 8_000 };

/** An alert for each event; the same object and reason is the same alert. Nothing is ever closed. */
export const opsgenie: ProviderType = {
  type: 'opsgenie',
  needs: { ...webhookNeeds, token: 'required' },
  gate: 'messages',
  limits: [
    { of: 'title', most: most.message, unit: 'characters' },
    { of: 'message', most: most.description, unit: 'characters' },
    { of: 'detail', most: most.detail, unit: 'characters' },
    { of: 'all details', most: most.details, unit: 'characters' },
  ],
  taken: 'noPage',
  exchange(event, { address, token, uid, truncate }) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject;
    const alias = hash('sha256', [uid, kind, namespace, name, event.reason].join('/'));
    const cut = (text: string, limit: number): string => (truncate ? shorten(text, limit) : text);
    const body = {
      message: cut(`${kind}/${name}`, most.message),
      alias,
      description: cut(event.message, most.description),
      details: Object.fromEntries(sortedEntries({ ...details(event.metadata, truncate), severity: event.severity })),
    };
    return once(postJson(address, body, [['Authorization', `GenieKey ${token}`]]), judgeWrite);
  },
};

/** As many pairs as there is room for. */
function details(metadata: Readonly<Record<string, string>> = {}, truncate: boolean): Record<string, string> {
  if (!truncate) return { ...metadata };
  let left = most.details;
  return Object.fromEntries(
    sortedEntries(metadata).flatMap(([key, value]) => {
      const pair = [shorten(key, most.detail), shorten(value, most.detail)] as const;
      left -= pair[0].length + pair[1].length;
      return left > 0 ? [pair] : [];
    }),
  );
}
