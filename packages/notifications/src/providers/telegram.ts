import type { Verdict } from '@zekt/egress';
import { isError } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { jsonOf, once, postJson } from './request.ts';
import { judgeChat } from './said-no.ts';

const publicApi = 'https://api.telegram.org';
/** After its entities were read; before, a text is longer. */
const mostChars = 4096;

/** A bot's message to a chat, or to a topic of one: `-100123:7`. */
export const telegram: ProviderType = {
  type: 'telegram',
  needs: { ...webhookNeeds, address: 'optional', channel: 'required', token: 'required' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 800,
  limits: [{ of: 'text', most: mostChars, unit: 'characters' }],
  taken: 'noRefusal',
  rate: { perMinute: 20, burst: 5 },
  exchange(event, { address, channel, token, truncate }) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject;
    const pairs = sortedEntries(event.metadata).map(([key, value]) => `\\- *${escape(key)}*: ${escape(value)}\n`);
    const heading = `*${isError(event) ? '🚨' : '💫'} ${escape(`${kind.toLowerCase()}/${name}/${namespace}`)}*\n`;
    const render = (message: string): string => `${heading}${escape(message)}\n${pairs.join('')}`;
    const text = truncate ? fitted(event.message, render, (it) => it.length, mostChars) : render(event.message);
    const colon = channel.indexOf(':');
    const body = {
      chat_id: colon < 0 ? channel : channel.slice(0, colon),
      ...(colon >= 0 && { message_thread_id: channel.slice(colon + 1) }),
      text,
      parse_mode: 'MarkdownV2',
    };
    const api = (address || publicApi).replace(/\/+$/, '');
    return once(postJson(`${api}/bot${token}/sendMessage`, body), judgeTelegram);
  },
};

/** What MarkdownV2 would take for its own. */
const special = /[\\.\-_[\]()~>`#+=|{}!*]/g;
const escape = (text: string): string => text.replace(special, (character) => `\\${character}`);

/** Telegram says in the body how long to wait. */
function judgeTelegram(answer: ReceivedAnswer): Verdict {
  const verdict = judgeChat(answer, judgeWrite);
  const parameters = verdict.kind === 'limited' ? jsonOf(answer)?.parameters : undefined;
  const wait = (parameters as { retry_after?: unknown } | undefined)?.retry_after;
  return verdict.kind === 'limited' && verdict.afterMs === null && typeof wait === 'number'
    ? { ...verdict, afterMs: Math.min(wait * 1000, 3_600_000) }
    : verdict;
}
