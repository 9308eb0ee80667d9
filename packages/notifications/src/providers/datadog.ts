import { isError } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { onOrigin, once, postJson } from './request.ts';

const most = { text: 4000, tag: 200 };

/** An event of Datadog. */
export const datadog: ProviderType = {
  type: 'datadog',
  needs: { ...webhookNeeds, token: 'required' },
  gate: 'messages',
  mostMetadata: 20_000,
  limits: [
    { of: 'message', most: most.text, unit: 'characters' },
    { of: 'tag', most: most.tag, unit: 'characters' },
  ],
  taken: 'noPage',
  exchange(event, { address, token, truncate }, nowMs) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject;
    const at = Date.parse(event.timestamp ?? '');
    const tags = [
      `flux_reporting_controller:${event.reportingController}`,
      `flux_reason:${event.reason}`,
      `kube_kind:${kind}`,
      `kube_name:${name}`,
      `kube_namespace:${namespace}`,
      ...sortedEntries(event.metadata).map(([key, value]) => `${key}:${value}`),
    ].map((tag) => tag.toLowerCase());
    const body = {
      title: `Events from the ${kind} ${name}/${namespace}`,
      text: truncate ? shorten(event.message, most.text) : event.message,
      tags: truncate ? tags.map((tag) => shorten(tag, most.tag)) : tags,
      alert_type: isError(event) ? 'error' : 'info',
      date_happened: Math.floor((Number.isNaN(at) ? nowMs : at) / 1000),
      source_type_name: 'fluxcd',
    };
    return once(postJson(onOrigin(address, '/api/v1/events'), body, [['DD-API-KEY', token]]), judgeWrite);
  },
};
