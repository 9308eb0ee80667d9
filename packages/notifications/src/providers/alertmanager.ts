import { sortedEntries, wholeSeconds } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import { memoise } from '../event/memoise.ts';
import { webhookNeeds, type ProviderType } from './provider-type.ts';
import { judgeWrite } from './read-answer.ts';
import { basic, bearer, once, postJson } from './request.ts';

/** It names no limit, but holds all alerts in memory and hands them to its peers. */
const mostChars = 40_000;

/** Alertmanager takes it for no end, and lets the alert time out. */
const noTime = '0001-01-01T00:00:00Z';

/** Prometheus Alertmanager, version 2 of its API. Always firing. With both user name and token, the user name wins. */
export const alertmanager: ProviderType = {
  type: 'alertmanager',
  needs: { ...webhookNeeds, username: 'optional', password: 'optional', token: 'optional' },
  gate: 'messages',
  mostMetadata: 20_000,
  limits: [{ of: 'message', most: mostChars, unit: 'characters' }],
  taken: 'noPage',
  exchange(event, { address, username, password, token, truncate }, nowMs) {
    const { kind = '', name = '', namespace = '' } = event.involvedObject;
    const { summary, ...others } = event.metadata ?? {};
    const labels = {
      ...others,
      alertname: `Flux${kind}${titleCase(event.reason)}`,
      severity: event.severity,
      reason: event.reason,
      kind,
      name,
      namespace,
      reportingcontroller: event.reportingController,
    };
    const alert = {
      status: 'firing',
      labels: Object.fromEntries(sortedEntries(labels)),
      annotations: {
        message: truncate ? shorten(event.message, mostChars) : event.message,
        ...(summary !== undefined && { summary }),
      },
      startsAt: wholeSeconds(event.timestamp) ?? wholeSeconds(new Date(nowMs).toISOString()),
      endsAt: noTime,
    };
    const hasUser = username !== '' && password !== '';
    return once(postJson(address, [alert], hasUser ? [basic(username, password)] : bearer(token)), judgeWrite);
  },
};

/** The rest of each word in lower case: `UpgradeSucceeded` reads `Upgradesucceeded`. Receivers route by these names. */
const titleCase = memoise((text: string): string =>
  text.replace(/\p{L}[\p{L}\p{N}'_]*/gu, (word) => {
    const [first = '', ...rest] = word;
    return first.toUpperCase() + rest.join('').toLowerCase();
  }),
);
