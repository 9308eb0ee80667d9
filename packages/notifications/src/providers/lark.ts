import type { Verdict } from '@zekt/egress';
import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries, type NotificationEvent } from '../event/notification-event.ts';
import { bytesOf, fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { jsonOf, once, postJson, refused } from './request.ts';
import { unknownOutcome } from './said-no.ts';

const mostBytes = 20_000;
/** Lark's codes for too many messages. */
const limitCodes = new Set([9499, 11232]);

/** A custom bot of a Lark (Feishu) group. */
export const lark: ProviderType = {
  type: 'lark',
  needs: webhookNeeds,
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 6000,
  limits: [{ of: 'request', most: mostBytes, unit: 'bytes' }],
  taken: 'noRefusal',
  rate: { perMinute: 100, burst: 5 },
  exchange(event, { address, truncate }) {
    const render = (message: string): string => JSON.stringify(card(event, message));
    const body = truncate ? fitted(event.message, render, bytesOf, mostBytes) : render(event.message);
    return once(postJson(address, body), judgeLark);
  },
};

function card(event: NotificationEvent, message: string): object {
  const pairs = sortedEntries(event.metadata).map(([key, value]) => `${key}: ${value}\n`);
  return {
    msg_type: 'interactive',
    card: {
      config: { wide_screen_mode: true },
      header: {
        title: { tag: 'plain_text', content: `${isError(event) ? '🚨' : '💫'} ${objectLine(event)}` },
        template: isError(event) ? 'red' : 'turquoise',
      },
      elements: [{ tag: 'div', text: { tag: 'lark_md', content: `**${message}**\n\n${pairs.join('')}` } }],
    },
  };
}

/** Lark says 200 and puts what went wrong into the body. */
function judgeLark(answer: ReceivedAnswer): Verdict {
  const verdict = judgeWrite(answer);
  if (verdict.kind !== 'done') return verdict;
  if (answer.cut) return unknownOutcome('Lark');
  const { code, msg } = jsonOf(answer) ?? {};
  if (typeof code !== 'number' || code === 0) return verdict;
  const reason = `Lark answered code ${code}: ${typeof msg === 'string' ? msg : ''}`;
  return limitCodes.has(code) ? { kind: 'limited', afterMs: null, reason } : refused(reason);
}
