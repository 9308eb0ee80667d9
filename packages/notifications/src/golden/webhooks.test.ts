import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { canonical, config, error, info, providerUid, Recorder, type Reply } from '../testing/play.ts';

// What goes over the wire for the event of the reference, byte for byte: method, address, headers in their order, body.

let recorder: Recorder;
beforeAll(async () => {
  recorder = await Recorder.start();
});
afterAll(() => recorder.stop());

const agent = 'User-Agent: Go-http-client/1.1';
const json = ['Content-Type: application/json', agent];
const withAuth = (value: string): string[] => ['Content-Type: application/json', `Authorization: ${value}`, agent];

interface Golden {
  readonly config: Partial<ProviderConfig>;
  readonly method?: string;
  readonly url: string;
  readonly headers?: readonly string[];
  readonly info: unknown;
  readonly error: unknown;
  readonly replies?: readonly Reply[];
}

const slackInfo = (channel: string, username: string, fallback: string, color: string): object => ({
  channel,
  username,
  icon_url: '',
  icon_emoji: '',
  attachments: [
    {
      fallback,
      color,
      author_name: 'helmrelease/shop.retail',
      text: 'Upgrade done',
      mrkdwn_in: ['text'],
      fields: [
        { title: 'env', value: 'prod', short: false },
        { title: 'revision', value: '6.2.0', short: false },
      ],
    },
  ],
});
const slackError = (channel: string, username: string, fallback: string, color: string): object => {
  const body = slackInfo(channel, username, fallback, color) as { attachments: object[] };
  return { ...body, attachments: [{ ...body.attachments[0], text: 'Upgrade failed: timed out' }] };
};

const callsNobody = (body: object): object => ({ ...body, allowed_mentions: { parse: [] } });

const adaptive = (message: object): object => ({
  type: 'message',
  attachments: [
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
        type: 'AdaptiveCard',
        version: '1.4',
        body: [
          {
            type: 'Container',
            items: [
              { type: 'TextBlock', text: 'helmrelease/shop.retail', size: 'large', weight: 'bolder', wrap: true },
              message,
              {
                type: 'FactSet',
                facts: [
                  { title: 'env', value: 'prod' },
                  { title: 'revision', value: '6.2.0' },
                ],
              },
            ],
          },
        ],
        msteams: { width: 'Full' },
      },
    },
  ],
});

const connector = (themeColor: string, activityTitle: string): object => ({
  '@type': 'MessageCard',
  '@context': 'http://schema.org/extensions',
  themeColor,
  summary: 'helmrelease/shop.retail',
  sections: [
    {
      activityTitle,
      activitySubtitle: 'helmrelease/shop.retail',
      facts: [
        { name: 'env', value: 'prod' },
        { name: 'revision', value: '6.2.0' },
      ],
    },
  ],
});

const keyValue = (topLabel: string, content: string): object => ({
  textParagraph: null,
  keyValue: { topLabel, content, contentMultiline: false, bottomLabel: null, icon: null },
});
const googleCard = (text: string): object => ({
  cards: [
    {
      header: { title: 'helmrelease/shop.retail', subtitle: 'helm-controller', imageUrl: null, imageStyle: null },
      sections: [
        { header: '', widgets: [{ textParagraph: { text }, keyValue: null }] },
        { header: '', widgets: [keyValue('env', 'prod'), keyValue('revision', '6.2.0')] },
      ],
    },
  ],
});

const larkCard = (emoji: string, template: string, message: string): object => ({
  msg_type: 'interactive',
  card: {
    config: { wide_screen_mode: true },
    header: { title: { tag: 'plain_text', content: `${emoji} helmrelease/shop.retail` }, template },
    elements: [{ tag: 'div', text: { tag: 'lark_md', content: `**${message}**\n\nenv: prod\nrevision: 6.2.0\n` } }],
  },
});

const opsgenie = (reason: string, description: string, severity: string): object => ({
  message: 'HelmRelease/shop',
  alias: createHash('sha256').update(`${providerUid}/HelmRelease/retail/shop/${reason}`).digest('hex'),
  description,
  details: { env: 'prod', revision: '6.2.0', severity },
});

const alertmanager = (alertname: string, reason: string, severity: string, message: string): object[] => [
  {
    status: 'firing',
    labels: {
      alertname,
      env: 'prod',
      kind: 'HelmRelease',
      name: 'shop',
      namespace: 'retail',
      reason,
      reportingcontroller: 'helm-controller',
      revision: '6.2.0',
      severity,
    },
    annotations: { message },
    startsAt: '2031-02-03T04:05:06Z',
    endsAt: '0001-01-01T00:00:00Z',
  },
];

const annotation = {
  when: 1_927_857_906,
  text: 'helmrelease/shop.retail',
  tags: [
    'flux',
    'helm-controller',
    'env: prod',
    'revision: 6.2.0',
    'kind: HelmRelease',
    'name: shop',
    'namespace: retail',
  ],
};

const datadog = (reason: string, text: string, alert_type: string): object => ({
  title: 'Events from the HelmRelease shop/retail',
  text,
  tags: [
    'flux_reporting_controller:helm-controller',
    `flux_reason:${reason}`,
    'kube_kind:helmrelease',
    'kube_name:shop',
    'kube_namespace:retail',
    'env:prod',
    'revision:6.2.0',
  ],
  alert_type,
  date_happened: 1_927_857_906,
  source_type_name: 'fluxcd',
});

const form = (pairs: Readonly<Record<string, string>>): string => new URLSearchParams(pairs).toString();
const zulip = (emoji: string, message: string): string =>
  form({
    type: 'stream',
    to: 'ops',
    topic: 'releases/shop',
    content: `## Flux Status\n\n${emoji} HelmRelease/retail/shop\n\n${message}\n\nMetadata:\n* \`env\`: prod\n* \`revision\`: 6.2.0\n`,
  });

const zoom = (severity: string, text: string): object => ({
  content: {
    head: { text: 'helmrelease/shop.retail', sub_head: { text: severity } },
    body: [
      { type: 'message', text },
      {
        type: 'fields',
        items: [
          { key: 'env', value: 'prod' },
          { key: 'revision', value: '6.2.0' },
        ],
      },
    ],
  },
});

const incident = (reason: string, status: string, severity: string, description: string): object => ({
  title: `helmrelease/shop.retail: ${reason}`,
  status,
  deduplication_key: 'a1b2c3d4-0000-4000-8000-000000000001',
  description,
  metadata: { env: 'prod', reason, reportingController: 'helm-controller', revision: '6.2.0', severity },
});

const signed = (signature: string): string[] => [
  'Content-Type: application/json',
  'Gotk-Component: helm-controller',
  'X-Env: prod',
  `X-Signature: sha256=${signature}`,
  agent,
];

const goldens: Readonly<Record<string, Golden>> = {
  slack: {
    config: { address: 'https://hooks.slack.com/services/T/B/x', channel: 'ops' },
    url: 'https://hooks.slack.com/services/T/B/x',
    info: slackInfo('ops', 'helm-controller', 'helmrelease/shop.retail: Upgrade done', 'good'),
    error: slackError('ops', 'helm-controller', 'helmrelease/shop.retail: Upgrade failed: timed out', 'danger'),
  },
  'slack, its API': {
    config: { address: 'https://slack.com/api/chat.postMessage', channel: 'ops', username: 'flux', token: 'xoxb-1' },
    url: 'https://slack.com/api/chat.postMessage',
    headers: withAuth('Bearer xoxb-1'),
    info: slackInfo('ops', 'flux', 'helmrelease/shop.retail: Upgrade done', 'good'),
    error: slackError('ops', 'flux', 'helmrelease/shop.retail: Upgrade failed: timed out', 'danger'),
    replies: [{ status: 200, body: '{"ok":true,"channel":"C1"}' }],
  },
  discord: {
    config: { address: 'https://discord.com/api/webhooks/1/x', channel: 'ignored' },
    url: 'https://discord.com/api/webhooks/1/x/slack',
    info: callsNobody(slackInfo('', 'helm-controller', '', 'good')),
    error: callsNobody(slackError('', 'helm-controller', '', 'danger')),
  },
  'discord, with the path and a query': {
    config: { address: 'https://discord.com/api/webhooks/1/x/slack?x=1', username: 'flux' },
    url: 'https://discord.com/api/webhooks/1/x/slack/slack?x=1',
    info: callsNobody(slackInfo('', 'flux', '', 'good')),
    error: callsNobody(slackError('', 'flux', '', 'danger')),
  },
  rocket: {
    config: { address: 'https://chat.acme.io/hooks/1/x' },
    url: 'https://chat.acme.io/hooks/1/x',
    info: slackInfo('', '', '', '#0076D7'),
    error: slackError('', '', '', '#FF0000'),
  },
  'msteams, a connector': {
    config: { address: 'https://acme.webhook.office.com/webhookb2/1' },
    url: 'https://acme.webhook.office.com/webhookb2/1',
    info: connector('0076D7', 'Upgrade done'),
    error: connector('FF0000', 'Upgrade failed: timed out'),
  },
  'msteams, a flow': {
    config: { address: 'https://x-webhook.office.com/workflows/1?sig=s' },
    url: 'https://x-webhook.office.com/workflows/1?sig=s',
    info: adaptive({ type: 'TextBlock', text: 'Upgrade done', wrap: true }),
    error: adaptive({ type: 'TextBlock', text: 'Upgrade failed: timed out', color: 'attention', wrap: true }),
  },
  googlechat: {
    config: { address: 'https://chat.googleapis.com/v1/spaces/S/messages?key=k&token=t' },
    url: 'https://chat.googleapis.com/v1/spaces/S/messages?key=k&token=t',
    info: googleCard('Upgrade done'),
    error: googleCard('<font color="#ff0000">Upgrade failed: timed out</font>'),
  },
  webex: {
    config: { address: 'https://webexapis.com/v1/messages', channel: 'ROOM', token: 'bot' },
    url: 'https://webexapis.com/v1/messages',
    headers: withAuth('Bearer bot'),
    info: {
      roomId: 'ROOM',
      markdown: '✅ **helmrelease/shop.retail**\nUpgrade done\n>**env**: prod\n>**revision**: 6.2.0\n',
    },
    error: {
      roomId: 'ROOM',
      markdown: '💣 **helmrelease/shop.retail**\nUpgrade failed: timed out\n>**env**: prod\n>**revision**: 6.2.0\n',
    },
  },
  telegram: {
    config: { channel: '-100123:7', token: '1:abc' },
    url: 'https://api.telegram.org/bot1:abc/sendMessage',
    info: {
      chat_id: '-100123',
      message_thread_id: '7',
      text: '*💫 helmrelease/shop/retail*\nUpgrade done\n\\- *env*: prod\n\\- *revision*: 6\\.2\\.0\n',
      parse_mode: 'MarkdownV2',
    },
    error: {
      chat_id: '-100123',
      message_thread_id: '7',
      text: '*🚨 helmrelease/shop/retail*\nUpgrade failed: timed out\n\\- *env*: prod\n\\- *revision*: 6\\.2\\.0\n',
      parse_mode: 'MarkdownV2',
    },
  },
  lark: {
    config: { address: 'https://open.larksuite.com/open-apis/bot/v2/hook/x' },
    url: 'https://open.larksuite.com/open-apis/bot/v2/hook/x',
    info: larkCard('💫', 'turquoise', 'Upgrade done'),
    error: larkCard('🚨', 'red', 'Upgrade failed: timed out'),
    replies: [{ status: 200, body: '{"code":0}' }],
  },
  generic: {
    config: { address: 'https://acme.io/hook', headers: { 'X-Env': 'prod', 'x-signature': 'own' } },
    url: 'https://acme.io/hook',
    headers: [
      'Content-Type: application/json',
      'Gotk-Component: helm-controller',
      'X-Env: prod',
      'x-signature: own',
      agent,
    ],
    info: canonical.info,
    error: canonical.error,
  },
  opsgenie: {
    config: { address: 'https://api.opsgenie.com/v2/alerts', token: 'key' },
    url: 'https://api.opsgenie.com/v2/alerts',
    headers: withAuth('GenieKey key'),
    info: opsgenie('UpgradeSucceeded', 'Upgrade done', 'info'),
    error: opsgenie('UpgradeFailed', 'Upgrade failed: timed out', 'error'),
    replies: [{ status: 202 }],
  },
  'alertmanager, both credentials': {
    config: { address: 'https://am.acme.io/api/v2/alerts/', username: 'u', password: 'p', token: 't' },
    url: 'https://am.acme.io/api/v2/alerts/',
    headers: withAuth('Basic dTpw'),
    info: alertmanager('FluxHelmReleaseUpgradesucceeded', 'UpgradeSucceeded', 'info', 'Upgrade done'),
    error: alertmanager('FluxHelmReleaseUpgradefailed', 'UpgradeFailed', 'error', 'Upgrade failed: timed out'),
  },
  'grafana, both credentials': {
    config: { address: 'https://grafana.acme.io/api/annotations', username: 'u', password: 'p', token: 't' },
    url: 'https://grafana.acme.io/api/annotations',
    headers: withAuth('Bearer t'),
    info: annotation,
    error: annotation,
  },
  datadog: {
    config: { address: 'https://api.datadoghq.eu/anything', token: 'dd' },
    url: 'https://api.datadoghq.eu/api/v1/events',
    headers: ['Content-Type: application/json', 'DD-API-KEY: dd', agent],
    info: datadog('upgradesucceeded', 'Upgrade done', 'info'),
    error: datadog('upgradefailed', 'Upgrade failed: timed out', 'error'),
    replies: [{ status: 202 }],
  },
  zulip: {
    config: {
      address: 'https://acme.zulipchat.com/whatever',
      channel: 'ops/releases/shop',
      username: 'bot@acme.io',
      password: 'p',
    },
    url: 'https://acme.zulipchat.com/api/v1/messages',
    headers: ['Content-Type: application/x-www-form-urlencoded', 'Authorization: Basic Ym90QGFjbWUuaW86cA==', agent],
    info: zulip('ℹ️', 'Upgrade done'),
    error: zulip('⚠️', 'Upgrade failed: timed out'),
  },
  'zoom, with an empty format': {
    config: { address: 'https://integrations.zoom.us/chat/webhooks/incomingwebhook/x?format=', token: 'plain' },
    url: 'https://integrations.zoom.us/chat/webhooks/incomingwebhook/x?format=full',
    headers: withAuth('plain'),
    info: zoom('info', 'Upgrade done'),
    error: zoom('error', 'Upgrade failed: timed out'),
  },
  zoom: {
    config: { address: 'https://integrations.zoom.us/chat/webhooks/incomingwebhook/x', token: 'plain' },
    url: 'https://integrations.zoom.us/chat/webhooks/incomingwebhook/x?format=full',
    headers: withAuth('plain'),
    info: zoom('info', 'Upgrade done'),
    error: zoom('error', 'Upgrade failed: timed out'),
  },
  'incident.io': {
    config: { address: 'https://api.incident.io/v2/alert_events/http/x', token: 't' },
    url: 'https://api.incident.io/v2/alert_events/http/x',
    headers: withAuth('Bearer t'),
    info: incident('UpgradeSucceeded', 'resolved', 'info', 'Upgrade done'),
    error: incident('UpgradeFailed', 'firing', 'error', 'Upgrade failed: timed out'),
    replies: [{ status: 202 }],
  },
};

describe.each(Object.entries(goldens))('%s', (name, golden) => {
  const type = name.split(',')[0] ?? '';

  test.each([
    ['info', info, golden.info],
    ['error', error, golden.error],
  ] as const)('%s', async (_, event, body) => {
    const { requests, verdict } = await recorder.play(event, config(type, golden.config), golden.replies);
    expect(verdict).toEqual({ kind: 'done' });
    expect(requests).toEqual([
      {
        method: golden.method ?? 'POST',
        url: golden.url,
        headers: golden.headers ?? json,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
    ]);
  });
});

describe('generic-hmac', () => {
  test.each([
    ['info', info, canonical.info],
    ['error', error, canonical.error],
  ] as const)('%s: the signature is of the very bytes', async (_, event, body) => {
    const { createHmac } = await import('node:crypto');
    const { requests } = await recorder.play(
      event,
      config('generic-hmac', {
        address: 'https://acme.io/hook',
        token: 'key',
        headers: { 'X-Env': 'prod', 'X-Signature': 'mine' },
      }),
    );
    expect(requests[0]).toEqual({
      method: 'POST',
      url: 'https://acme.io/hook',
      headers: signed(createHmac('sha256', 'key').update(body).digest('hex')),
      body,
    });
  });

  test('the vector of the reference', async () => {
    const { requests } = await recorder.play(
      {
        involvedObject: { kind: 'GitRepository', namespace: 'gitops-system', name: 'webapp' },
        severity: 'info',
        timestamp: '2022-09-30T06:40:29Z',
        message: 'message',
        reason: 'reason',
        metadata: { test: 'metadata' },
        reportingController: 'source-controller',
        reportingInstance: 'source-controller-xyz',
      },
      config('generic-hmac', { address: 'https://acme.io/hook', token: '7152fed34dd6149a7c75a276c510da27cb6f82b0' }),
    );
    expect(requests[0]?.headers).toContain(
      'X-Signature: sha256=65b018549b1254e7226d1c08f9567ee45bc9de0fc4e7b1a40253f9a018b08be7',
    );
  });
});

describe('matrix', () => {
  test.each([
    ['info', info, '💫 helmrelease/shop.retail\nUpgrade done\n- env: prod\n- revision: 6.2.0\n', canonical.info],
    [
      'error',
      error,
      '🚨 helmrelease/shop.retail\nUpgrade failed: timed out\n- env: prod\n- revision: 6.2.0\n',
      canonical.error,
    ],
  ] as const)('%s: resent, it is the same transaction', async (_, event, body, json) => {
    const transaction = createHash('sha1').update(json).digest('hex');
    const settings = config('matrix', { address: 'https://matrix.acme.io/', channel: '!a/b:acme.io', token: 't' });
    const { requests } = await recorder.play(event, settings);
    expect(requests).toEqual([
      {
        method: 'PUT',
        url: `https://matrix.acme.io/_matrix/client/r0/rooms/!a%2Fb:acme.io/send/m.room.message/${transaction}`,
        headers: withAuth('Bearer t'),
        body: JSON.stringify({ body, msgtype: 'm.text', 'm.mentions': {} }),
      },
    ]);
  });
});

describe('pagerduty', () => {
  const settings = config('pagerduty', { address: 'https://events.eu.pagerduty.com/ignored', channel: 'ROUTING' });
  const dedup_key = 'a1b2c3d4-0000-4000-8000-000000000001';
  const details = (message: string): object => ({ message, metadata: { env: 'prod', revision: '6.2.0' } });

  test('an error triggers', async () => {
    const { requests } = await recorder.play(error, settings, [{ status: 202 }]);
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'https://events.eu.pagerduty.com/v2/enqueue',
        headers: json,
        body: JSON.stringify({
          routing_key: 'ROUTING',
          event_action: 'trigger',
          dedup_key,
          payload: {
            summary: 'upgrade failed: helmrelease/shop',
            source: 'Flux helm-controller',
            severity: 'error',
            timestamp: '2031-02-03T04:05:06Z',
            component: 'shop',
            group: 'HelmRelease',
            custom_details: details('Upgrade failed: timed out'),
          },
        }),
      },
    ]);
  });

  test('an info resolves, and is a change', async () => {
    const { requests } = await recorder.play(info, settings, [{ status: 202 }, { status: 202 }]);
    expect(requests.map(({ url, body }) => [url, body])).toEqual([
      [
        'https://events.eu.pagerduty.com/v2/enqueue',
        JSON.stringify({ routing_key: 'ROUTING', event_action: 'resolve', dedup_key }),
      ],
      [
        'https://events.eu.pagerduty.com/v2/change/enqueue',
        JSON.stringify({
          routing_key: 'ROUTING',
          payload: {
            summary: 'upgrade succeeded: helmrelease/shop',
            source: 'Flux helm-controller',
            timestamp: '2031-02-03T04:05:06Z',
            custom_details: details('Upgrade done'),
          },
        }),
      ],
    ]);
  });

  test('when only the change failed, only the change is sent again', async () => {
    const values = new Map<string, string>();
    const remembered = {
      get: (name: string) => values.get(name) || undefined,
      set: (name: string, value: string) => void values.set(name, value),
    };
    const play = (event: typeof info, ...statuses: number[]) =>
      recorder.play(
        event,
        { ...settings, remembered },
        statuses.map((status) => ({ status })),
      );
    const pathsOf = ({ requests }: { requests: readonly { url: string }[] }): string[] =>
      requests.map(({ url }) => new URL(url).pathname);
    const both = ['/v2/enqueue', '/v2/change/enqueue'];
    const first = await play(info, 202, 500);
    expect([first.verdict.kind, pathsOf(first)]).toEqual(['again', both]);
    const second = await play(info, 500);
    expect([second.verdict.kind, pathsOf(second)]).toEqual(['again', ['/v2/change/enqueue']]);
    const third = await play(info, 202);
    expect([third.verdict.kind, pathsOf(third)]).toEqual(['done', ['/v2/change/enqueue']]);
    // Told anew, it is told as a whole; and after an incident was triggered, it is resolved again.
    expect(pathsOf(await play(info, 202, 500))).toEqual(both);
    expect(pathsOf(await play(error, 202))).toEqual(['/v2/enqueue']);
    expect(pathsOf(await play(info, 202, 202))).toEqual(both);
    // Another event is another.
    await play(info, 202, 500);
    expect(pathsOf(await play({ ...info, message: 'Upgrade done again' }, 202, 202))).toEqual(both);
  });
});

describe('sentry', () => {
  const settings = config('sentry', {
    address: 'https://public:secret@o1.ingest.sentry.io:8443/path/42',
    channel: 'production',
  });

  test.each([
    ['info', info, 'transaction'],
    ['error', error, 'event'],
  ] as const)('%s: an envelope that its own parser reads', async (_, event, kind) => {
    const { parseEnvelope } = await import('@sentry/core');
    const { requests } = await recorder.play(event, settings);
    const [request] = requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://o1.ingest.sentry.io:8443/path/api/42/envelope/',
      headers: [
        'Content-Type: application/x-sentry-envelope',
        'X-Sentry-Auth: Sentry sentry_version=7, sentry_client=zekt/2.0.0, sentry_key=public, sentry_secret=secret',
        agent,
      ],
    });
    const lines = request?.body.split('\n') ?? [];
    expect(lines).toHaveLength(4);
    expect(lines[3]).toBe('');
    const [header, [item]] = parseEnvelope(request?.body ?? '') as unknown as [
      Record<string, unknown>,
      [[Record<string, unknown>, Uint8Array]],
    ];
    const payload = JSON.parse(Buffer.from(item[1]).toString('utf8')) as Record<string, unknown>;
    expect(header).toMatchObject({ dsn: settings.address, sent_at: '2031-02-03T04:05:10.000Z' });
    expect(header.event_id).toMatch(/^[\da-f]{32}$/);
    expect(item[0]).toEqual({ type: kind, length: Buffer.byteLength(lines[2] ?? '') });
    expect(payload).toMatchObject({
      environment: 'production',
      level: kind === 'event' ? 'error' : 'info',
      message: event.message,
      transaction: 'HelmRelease: retail/shop',
      timestamp: '2031-02-03T04:05:06Z',
    });
    if (kind === 'event')
      expect(payload).toMatchObject({
        server_name: 'helm-controller',
        contexts: { metadata: { env: 'prod', revision: '6.2.0' } },
      });
    else {
      const tags = {
        flux_involved_object_kind: 'HelmRelease',
        flux_involved_object_namespace: 'retail',
        flux_involved_object_name: 'shop',
        flux_reporting_controller: 'helm-controller',
        flux_reporting_instance: 'helm-controller-5d4',
        flux_reason: 'UpgradeSucceeded',
        env: 'prod',
        revision: '6.2.0',
      };
      const { contexts, spans } = payload as unknown as {
        contexts: { trace: Record<string, unknown> };
        spans: unknown[];
      };
      expect(payload).toMatchObject({ type: 'transaction', tags, start_timestamp: '2031-02-03T04:05:06Z' });
      expect(contexts.trace).toEqual({
        trace_id: expect.stringMatching(/^[\da-f]{32}$/),
        span_id: expect.stringMatching(/^[\da-f]{16}$/),
        op: 'event',
      });
      expect(spans).toEqual([
        {
          ...contexts.trace,
          tags,
          start_timestamp: '2031-02-03T04:05:06Z',
          timestamp: '2031-02-03T04:05:06Z',
          origin: 'manual',
        },
      ]);
    }
  });

  test('other severities are none of its business', async () => {
    expect(await recorder.play({ ...info, severity: 'trace' }, settings)).toEqual({
      verdict: { kind: 'done' },
      requests: [],
    });
  });
});

describe('what an answer means', () => {
  const webhook = (type: string, changes: Partial<ProviderConfig> = {}) =>
    config(type, { address: 'https://acme.io/hook', channel: 'c', token: 't', ...changes });
  const api = { address: 'https://slack.com/api/chat.postMessage' };

  test.each<[string, ProviderConfig, Reply, object]>([
    [
      'Slack says no',
      webhook('slack', api),
      { status: 200, body: '{"ok":false,"error":"channel_not_found"}' },
      { kind: 'refused', reason: 'Slack responded with error: channel_not_found' },
    ],
    [
      'Slack wants quiet',
      webhook('slack', api),
      { status: 200, body: '{"ok":false,"error":"ratelimited"}' },
      { kind: 'limited' },
    ],
    [
      'Slack is ill',
      webhook('slack', api),
      { status: 200, body: '{"ok":false,"error":"internal_error"}' },
      { kind: 'again' },
    ],
    ['Slack talks nonsense', webhook('slack', api), { status: 200, body: '<html>' }, { kind: 'refused' }],
    ["a webhook's text is not looked at", webhook('slack'), { status: 200, body: 'anything' }, { kind: 'done' }],
    [
      'Teams hides a 429',
      webhook('msteams'),
      {
        status: 200,
        body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429',
      },
      { kind: 'limited' },
    ],
    [
      'Lark says no',
      webhook('lark'),
      { status: 200, body: '{"code":19001,"msg":"param invalid"}' },
      { kind: 'refused', reason: 'Lark answered code 19001: param invalid' },
    ],
    [
      'Lark wants quiet',
      webhook('lark'),
      { status: 200, body: '{"code":11232,"msg":"frequency"}' },
      { kind: 'limited' },
    ],
    [
      'Telegram names a wait',
      webhook('telegram'),
      { status: 429, body: '{"ok":false,"parameters":{"retry_after":7}}' },
      { kind: 'limited', afterMs: 7000 },
    ],
    [
      'Discord names a wait',
      webhook('discord'),
      { status: 429, body: '{"retry_after":0.25}' },
      { kind: 'limited', afterMs: 250 },
    ],
    [
      'Matrix names a wait',
      webhook('matrix'),
      { status: 429, body: '{"retry_after_ms":1500}' },
      { kind: 'limited', afterMs: 1500 },
    ],
    [
      'the bot is not in the room',
      webhook('webex'),
      { status: 404 },
      { kind: 'refused', reason: 'It answered 404. Is the bot in the room?' },
    ],
    [
      'Retry-After in seconds',
      webhook('generic'),
      { status: 429, headers: { 'retry-after': '30' } },
      { kind: 'limited', afterMs: 30_000 },
    ],
    [
      'Retry-After as a date',
      webhook('generic'),
      { status: 503, headers: { 'retry-after': 'Mon, 03 Feb 2031 04:06:10 GMT' } },
      { kind: 'limited', afterMs: 60_000 },
    ],
    ['503 without it', webhook('generic'), { status: 503 }, { kind: 'again' }],
    ['501', webhook('generic'), { status: 501 }, { kind: 'refused' }],
    ['a redirect', webhook('generic'), { status: 307, headers: { location: '/elsewhere' } }, { kind: 'refused' }],
  ])('%s', async (_, settings, reply, verdict) => {
    const played = await recorder.play(info, settings, [reply]);
    expect(played.verdict).toMatchObject(verdict);
    expect(played.requests).toHaveLength(1);
  });
});
