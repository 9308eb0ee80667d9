import type { Verdict } from '@zekt/egress';
import { objectLine } from '../event/describe.ts';
import { shorten } from '../event/shorten.ts';
import { escapedForSlack } from './neutral.ts';
import { webhookNeeds, type ProviderType, type ReceivedAnswer } from './provider-type.ts';
import { bearer, done, jsonOf, judge, once, postJson, refused } from './request.ts';
import { judgeChat, unknownOutcome } from './said-no.ts';
import { slackBody } from './slack-body.ts';

/** The one address that is an API: whatever it is asked, it answers 200 and says in the body what came of it. */
const apiAddress = 'https://slack.com/api/chat.postMessage';
const mostChars = 40_000;
/** Of the one line that stands for the message in a notification. */
const mostFallback = 1000;

/** What Slack's own documentation calls passing. */
const passing = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** An incoming webhook, or the API with a token of an app. */
export const slack: ProviderType = {
  type: 'slack',
  needs: { ...webhookNeeds, channel: 'optional', username: 'optional', token: 'optional' },
  gate: 'messages',
  neutral: escapedForSlack,
  mostMetadata: 20_000,
  limits: [{ of: 'message', most: mostChars, unit: 'characters' }],
  taken: 'noRefusal',
  rate: { perMinute: 60, burst: 10 },
  problems: ({ address, channel }) =>
    address === apiAddress && channel === '' ? ['channel is missing: the API of Slack needs one'] : [],
  exchange(event, config) {
    const [firstLine = ''] = event.message.split('\n');
    const body = slackBody(event, config.truncate ? shorten(event.message, mostChars) : event.message, {
      channel: config.channel,
      username: config.username || event.reportingController,
      colours: { error: 'danger', other: 'good' },
      fallback: `${objectLine(event)}: ${config.truncate ? shorten(firstLine, mostFallback) : firstLine}`,
    });
    const request = postJson(config.address, body, bearer(config.token));
    return config.address === apiAddress
      ? once({ ...request, assumed: { text: '{"ok":true}' } }, judgeApi)
      : once(request, judgeChat);
  },
};

function judgeApi(answer: ReceivedAnswer): Verdict {
  const byStatus = judge(answer);
  if (byStatus.kind === 'limited' || byStatus.kind === 'again') return byStatus;
  if (byStatus.kind === 'done' && answer.cut) return unknownOutcome('Slack');
  const body = jsonOf(answer);
  if (!body && byStatus.kind !== 'done') return byStatus;
  if (!body) return refused(`Slack answered ${answer.status} with something that is no JSON.`);
  if (body.ok === true) return done;
  const error = typeof body.error === 'string' ? body.error : 'no reason';
  const reason = `Slack responded with error: ${error}`;
  if (error === 'ratelimited' || error === 'rate_limited') return { kind: 'limited', afterMs: null, reason };
  return { kind: passing.has(error) ? 'again' : 'refused', reason };
}
