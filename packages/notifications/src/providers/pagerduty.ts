import { isError, kindAndName, spacedReason } from '../event/describe.ts';
import { sortedEntries, wholeSeconds, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type Exchange, type ProviderConfig, type ProviderType } from './provider-type.ts';
import { judge, onOrigin, postJson } from './request.ts';

const mostSummary = 1024;

/** Triggers for an error, resolves for anything else, which it also tells as a change. The channel is the routing key. */
export const pagerduty: ProviderType = {
  type: 'pagerduty',
  needs: { ...webhookNeeds, channel: 'required' },
  gate: 'messages',
  mostMetadata: 20_000,
  skipsProgressing: true,
  isState: true,
  exchange: tell,
};

function* tell(event: NotificationEvent, { address, channel, truncate }: ProviderConfig): Exchange {
  const { uid = '', kind = '', name = '' } = event.involvedObject;
  const summary = `${spacedReason(event.reason)}: ${kindAndName(event)}`;
  const common = {
    summary: truncate ? shorten(summary, mostSummary) : summary,
    source: `Flux ${event.reportingController}`,
  };
  const details = { message: event.message, metadata: Object.fromEntries(sortedEntries(event.metadata)) };
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
  const verdict = judge(yield postJson(onOrigin(address, '/v2/enqueue'), alert));
  if (verdict.kind !== 'done' || event.severity !== 'info') return verdict;
  const change = { routing_key: channel, payload: { ...common, timestamp, custom_details: details } };
  return judge(yield postJson(onOrigin(address, '/v2/change/enqueue'), change));
}
