import type { Verdict } from '@zekt/egress';
import { shorten } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { jsonOf, once, postJson } from './request.ts';
import { judgeChat } from './said-no.ts';
import { slackBody } from './slack-body.ts';

/** The text of an attachment becomes the description of an embed. */
const mostChars = 4096;

/** Nobody is called, whatever a text says ("Allowed Mentions Object", Discord documentation). */
const nobody = { parse: [] };

/** Discord's webhook in the form that takes Slack's body. */
export const discord: ProviderType = {
  type: 'discord',
  needs: { ...webhookNeeds, username: 'optional' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 1800,
  limits: [{ of: 'message', most: mostChars, unit: 'characters' }],
  taken: 'noRefusal',
  rate: { perMinute: 30, burst: 5 },
  exchange(event, config) {
    const body = slackBody(event, config.truncate ? shorten(event.message, mostChars) : event.message, {
      channel: '',
      username: config.username || event.reportingController,
      colours: { error: 'danger', other: 'good' },
      fallback: '',
    });
    return once(postJson(slackAddress(config.address), { ...body, allowed_mentions: nobody }), judgeDiscord);
  },
};

/** Looks at the end of the whole address, as the reference implementation does: `…/slack?x=1` becomes `…/slack/slack?x=1`. */
function slackAddress(address: string): string {
  if (address.endsWith('/slack')) return address;
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/slack`;
  return url.href;
}

/** Discord names the wait in seconds in the body, too. */
function judgeDiscord(answer: ReceivedAnswer): Verdict {
  const verdict = judgeChat(answer);
  const wait = verdict.kind === 'limited' ? jsonOf(answer)?.retry_after : undefined;
  return verdict.kind === 'limited' && verdict.afterMs === null && typeof wait === 'number'
    ? { ...verdict, afterMs: Math.min(Math.ceil(wait * 1000), 3_600_000) }
    : verdict;
}
