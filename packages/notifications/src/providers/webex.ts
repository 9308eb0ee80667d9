import type { Verdict } from '@zekt/egress';
import { isError, objectLine } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { bytesOf, fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { once, postJson } from './request.ts';

const mostBytes = 7439;

/** A message of a bot to a room that it is in. */
export const webex: ProviderType = {
  type: 'webex',
  needs: { ...webhookNeeds, channel: 'required', token: 'required' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 2500,
  limits: [{ of: 'text', most: mostBytes, unit: 'bytes' }],
  taken: 'noPage',
  rate: { perMinute: 60, burst: 5 },
  exchange(event, { address, channel, token, truncate }) {
    const pairs = sortedEntries(event.metadata).map(([key, value]) => `>**${key}**: ${value}\n`);
    const render = (message: string): string =>
      `${isError(event) ? '💣' : '✅'} **${objectLine(event)}**\n${message}\n${pairs.join('')}`;
    const markdown = truncate ? fitted(event.message, render, bytesOf, mostBytes) : render(event.message);
    const body = { ...(channel !== '' && { roomId: channel }), markdown };
    return once(postJson(address, body, [['Authorization', `Bearer ${token}`]]), judgeWebex);
  },
};

function judgeWebex(answer: ReceivedAnswer): Verdict {
  const verdict = judgeWrite(answer);
  return verdict.kind === 'refused' && answer.status === 404
    ? { ...verdict, reason: `${verdict.reason} Is the bot in the room?` }
    : verdict;
}
