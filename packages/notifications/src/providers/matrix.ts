import { hash } from 'node:crypto';
import type { Verdict } from '@zekt/egress';
import { isError, objectLine } from '../event/describe.ts';
import { canonicalJson, sortedEntries } from '../event/notification-event.ts';
import { memoise } from '../event/memoise.ts';
import { bytesOf, fitted } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { jsonContent, jsonOf, once } from './request.ts';

/** An event has 64 KiB, with what the server adds. */
const mostBytes = 60_000;

/** A message to a room; the same event again is the same transaction, so it is shown once. */
export const matrix: ProviderType = {
  type: 'matrix',
  needs: { ...webhookNeeds, channel: 'required', token: 'required' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 16_000,
  limits: [{ of: 'request', most: mostBytes, unit: 'bytes' }],
  taken: 'noPage',
  rate: { perMinute: 60, burst: 10 },
  exchange(event, { address, channel, token, truncate }) {
    const pairs = sortedEntries(event.metadata).map(([key, value]) => `- ${key}: ${value}\n`);
    const render = (message: string): string =>
      JSON.stringify({
        body: `${isError(event) ? '🚨' : '💫'} ${objectLine(event)}\n${message}\n${pairs.join('')}`,
        msgtype: 'm.text',
        // Nobody is mentioned, whatever the text says ("User and room mentions", Matrix Client-Server API).
        'm.mentions': {},
      });
    const body = truncate ? fitted(event.message, render, bytesOf, mostBytes) : render(event.message);
    const transaction = hash('sha1', canonicalJson(event));
    const room = encodeRoom(channel);
    return once(
      {
        method: 'PUT',
        url: `${address.replace(/\/+$/, '')}/_matrix/client/r0/rooms/${room}/send/m.room.message/${transaction}`,
        headers: [jsonContent, ['Authorization', `Bearer ${token}`]],
        body,
      },
      judgeMatrix,
    );
  },
};

/** `!id:server` may stand in a path as it is; what would end the segment may not. */
const encodeRoom = memoise((room: string): string =>
  room.replace(/[^A-Za-z0-9!:._~$&'()*+,;=@-]/gu, encodeURIComponent),
);

function judgeMatrix(answer: ReceivedAnswer): Verdict {
  const verdict = judgeWrite(answer);
  const wait = verdict.kind === 'limited' ? jsonOf(answer)?.retry_after_ms : undefined;
  return verdict.kind === 'limited' && verdict.afterMs === null && typeof wait === 'number'
    ? { ...verdict, afterMs: Math.min(wait, 3_600_000) }
    : verdict;
}
