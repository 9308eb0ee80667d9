import { objectLine } from '../event/describe.ts';
import { sortedEntries } from '../event/notification-event.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { basic, bearer, once, postJson } from './request.ts';

/** An annotation of Grafana. With both user name and token, the token wins. */
export const grafana: ProviderType = {
  type: 'grafana',
  needs: { ...webhookNeeds, username: 'optional', password: 'optional', token: 'optional' },
  gate: 'messages',
  exchange(event, { address, username, password, token }, nowMs) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject;
    const at = Date.parse(event.timestamp ?? '');
    const body = {
      // In seconds: Grafana reads `time`, not `when`, and takes the time of arrival.
      when: Math.floor((Number.isNaN(at) ? nowMs : at) / 1000),
      text: objectLine(event),
      tags: [
        'flux',
        event.reportingController,
        ...sortedEntries(event.metadata).map(([key, value]) => `${plain(key)}: ${plain(value)}`),
        `kind: ${kind}`,
        `name: ${name}`,
        `namespace: ${namespace}`,
      ],
    };
    const headers =
      token !== '' ? bearer(token) : username !== '' && password !== '' ? [basic(username, password)] : [];
    return once(postJson(address, body, headers));
  },
};

const plain = (text: string): string => text.replaceAll(':', '|');
