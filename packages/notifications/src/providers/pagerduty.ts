import { hash } from 'node:crypto';
import { isError, kindAndName, spacedReason } from '../event/describe.ts';
import { canonicalJson, sortedEntries, wholeSeconds, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { onOrigin, postJson } from './request.ts';

const mostSummary = 1024;
/** A request has 512 KB. */
const mostMessage = 40_000;
/** How long a notification is tried (ms), and a little. */
const knownForMs = 27 * 3_600_000;

/** Triggers for an error, resolves for anything else, which it also tells as a change. The channel is the routing key. */
export const pagerduty: ProviderType = {
  type: 'pagerduty',
  needs: { ...webhookNeeds, channel: 'required' },
  gate: 'messages',
  mostMetadata: 20_000,
  skipsProgressing: true,
  limits: [
    { of: 'title', most: mostSummary, unit: 'characters' },
    { of: 'message', most: mostMessage, unit: 'characters' },
  ],
  taken: 'noPage',
  isState: true,
  exchange: tell,
};

function* tell(event: NotificationEvent, config: ProviderConfig, nowMs: number): Exchange {
  const { address, channel, truncate, remembered } = config;
  const { uid = '', kind = '', name = '' } = event.involvedObject;
  const summary = `${spacedReason(event.reason)}: ${kindAndName(event)}`;
  const common = {
    summary: truncate ? shorten(summary, mostSummary) : summary,
    source: `Flux ${event.reportingController}`,
  };
  const details = {
    message: truncate ? shorten(event.message, mostMessage) : event.message,
    metadata: Object.fromEntries(sortedEntries(event.metadata)),
  };
  const timestamp = wholeSeconds(event.timestamp);
  const payload = {
    ...common,
    severity: 'error',
    timestamp,
    component: name,
    group: kind,
    custom_details: details,
  };
  const alert = isError(event)
    ? { routing_key: channel, event_action: 'trigger', dedup_key: uid, payload }
    : { routing_key: channel, event_action: 'resolve', dedup_key: uid };
  // What was taken by a try whose second request failed is not sent again.
  const taken = `pagerduty:${hash('sha256', JSON.stringify(event.involvedObject))}`;
  const isHalfTold = !isError(event) && remembered.get(taken) === hash('sha256', canonicalJson(event));
  if (!isHalfTold) {
    const verdict = judgeWrite(yield postJson(onOrigin(address, '/v2/enqueue'), alert));
    if (verdict.kind !== 'done') return verdict;
    remembered.set(taken, '', nowMs);
    if (event.severity !== 'info') return verdict;
    remembered.set(taken, hash('sha256', canonicalJson(event)), nowMs + knownForMs);
  }
  const change = { routing_key: channel, payload: { ...common, timestamp, custom_details: details } };
  const verdict = judgeWrite(yield postJson(onOrigin(address, '/v2/change/enqueue'), change));
  if (verdict.kind === 'done') remembered.set(taken, '', nowMs);
  return verdict;
}
