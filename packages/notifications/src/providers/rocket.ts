import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { once, postJson } from './request.ts';
import { slackBody } from './slack-body.ts';

/** Rocket.Chat's incoming webhook. */
export const rocket: ProviderType = {
  type: 'rocket',
  needs: { ...webhookNeeds, channel: 'optional', username: 'optional' },
  gate: 'messages',
  neutral: withoutMarkup,
  rate: { perMinute: 60, burst: 10 },
  exchange: (event, { address, channel, username }) =>
    once(
      postJson(
        address,
        slackBody(event, event.message, {
          channel,
          username,
          colours: { error: '#FF0000', other: '#0076D7' },
          fallback: '',
        }),
      ),
    ),
};
