import { markdownPost } from '../event/describe.ts';
import { shorten } from '../event/shorten.ts';
import { withoutMarkup } from './neutral.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { basic, once, onOrigin } from './request.ts';
import { judgeChat } from './said-no.ts';

const mostChars = 10_000;

/** A bot's message to a topic of a stream: the channel is `stream/topic`. */
export const zulip: ProviderType = {
  type: 'zulip',
  needs: { ...webhookNeeds, channel: 'required', username: 'required', password: 'required' },
  gate: 'messages',
  neutral: withoutMarkup,
  mostMetadata: 3000,
  limits: [{ of: 'text', most: mostChars, unit: 'characters' }],
  taken: 'noRefusal',
  rate: { perMinute: 200, burst: 20 },
  problems: ({ channel }) =>
    /^[^/]+\/.+$/s.test(channel) ? [] : [`channel must be stream/topic; got '${channel.slice(0, 100)}'`],
  exchange(event, { address, channel, username, password, truncate }) {
    const slash = channel.indexOf('/');
    const content = markdownPost(event);
    const form = new URLSearchParams({
      type: 'stream',
      to: channel.slice(0, slash),
      topic: channel.slice(slash + 1),
      content: truncate ? shorten(content, mostChars) : content,
    });
    const request = {
      method: 'POST',
      url: onOrigin(address, '/api/v1/messages'),
      headers: [['Content-Type', 'application/x-www-form-urlencoded'] as const, basic(username, password)],
      body: form.toString(),
    };
    return once(request, (answer) => judgeChat(answer, judgeWrite));
  },
};
