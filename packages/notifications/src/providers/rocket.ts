import { shorten } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';
import { judgeChat } from './said-no.ts';
import { slackBody } from './slack-body.ts';

/** A server's own limit is for messages, which this text is beside; no event that is well-formed has more. */
const mostChars = 40_000;

/** Rocket.Chat's incoming webhook. */
export const rocket: ProviderType = {
  type: 'rocket',
  needs: { ...webhookNeeds, channel: 'optional', username: 'optional' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 20_000,
  limits: [{ of: 'message', most: mostChars, unit: 'characters' }],
  taken: 'noRefusal',
  rate: { perMinute: 60, burst: 10 },
  exchange(event, { address, channel, username, truncate }) {
    const body = slackBody(event, truncate ? shorten(event.message, mostChars) : event.message, {
      channel,
      username,
      colours: { error: '#FF0000', other: '#0076D7' },
      fallback: '',
    });
    return once(postJson(address, body), judgeChat);
  },
};
