import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { GitHubSimulator, OtlpCollector } from '@zekt/simulator';
import { createClient } from '../client.ts';
import { serviceResource, subscriptionResource, until, workflow } from './fixture.ts';
import { startServer, type Server } from './run-zekt.ts';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: Attribute[];
}
interface Export {
  readonly resourceSpans?: { scopeSpans: { spans: Span[] }[] }[];
  readonly resourceMetrics?: { scopeMetrics: { metrics: { name: string }[] }[] }[];
  readonly resourceLogs?: { scopeLogs: { logRecords: { body?: unknown; traceId?: string }[] }[] }[];
}

let github: GitHubSimulator;
let collector: OtlpCollector;
let directory: string;
let env: Record<string, string>;
let server: Server | null;

/** An OTLP collector on loopback. */
beforeEach(async () => {
  collector = await OtlpCollector.start();
  github = await GitHubSimulator.start();
  directory = await mkdtemp(join(tmpdir(), 'zekt-telemetry-'));
  env = {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'data'),
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: Buffer.from(github.privateKey).toString('base64'),
    ZEKT_GITHUB_WEBHOOK_SECRET: randomBytes(8).toString('hex'),
    ZEKT_ADMIN_TOKEN: randomBytes(16).toString('hex'),
    ZEKT_LOG_LEVEL: 'debug',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  };
  server = null;
});
afterEach(async () => {
  await server?.kill('SIGKILL');
  await github.stop();
  await collector.stop();
  await rm(directory, { recursive: true, force: true });
});

const traceId = 'abcdefabcdefabcdefabcdefabcdef12';
const canary = 'canary-in-the-payload';

/** One message from its workflow to a consumer, then the server is told to stop. */
async function playOnce(): Promise<{ token: string; dispatched: unknown }> {
  server = await startServer(env);
  github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret: env.ZEKT_GITHUB_WEBHOOK_SECRET ?? '' });
  const requests = github.repository('acme/requests');
  github.install([requests]);
  github.install([github.repository('contoso/platform')]);
  await github.webhooks.settled();
  const client = createClient({ ZEKT_URL: server.url, ZEKT_ADMIN_TOKEN: env.ZEKT_ADMIN_TOKEN });
  const resources = [serviceResource, subscriptionResource('platform-orders', 'contoso/platform')];
  await client('applyResources', { body: { resources } });
  const run = github.startRun(requests, { workflow });
  const token = await github.issuer.mint(run, server.url);
  const answer = await fetch(`${server.url}/api/events/receive`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-1234567890abcdef-01`,
    },
    body: JSON.stringify({
      eventType: 'ordered',
      repository: 'acme/requests',
      workflowRunId: String(run.id),
      payload: { canary },
    }),
  });
  expect(answer.status).toBe(200);
  github.completeRun(run);
  await until(() => github.world.dispatches.length === 1, 'the dispatch');
  await until(
    async () => (await client('listEvents', { query: {} })).items.some(({ type }) => type === 'delivery.dispatched'),
    'the event',
  );
  await server.kill('SIGTERM');
  return { token, dispatched: github.world.dispatches[0]?.clientPayload };
}

const exported = (path: string): Export[] => collector.texts(path).map((text) => JSON.parse(text) as Export);

test('a trace goes from the request through the bus into what the consumer gets', async () => {
  env.ZEKT_TELEMETRY = 'otlp';
  const { dispatched } = await playOnce();
  expect(dispatched).toMatchObject({
    _zekt: { traceparent: expect.stringMatching(`^00-${traceId}-[0-9a-f]{16}-01$`) as unknown },
  });
  const spans = exported('/v1/traces').flatMap(({ resourceSpans = [] }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((it) => it.spans)),
  );
  const own = spans.filter((span) => span.traceId === traceId);
  const receive = own.find(({ name }) => name === 'POST /api/events/receive');
  expect(receive?.parentSpanId).toBe('1234567890abcdef');
  const correlate = own.find(({ name }) => name === 'process correlate');
  expect(correlate?.parentSpanId).toBe(receive?.spanId);
  // The completion is a trace of its own: GitHub's webhook.
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /api/github/webhooks', 'process dispatch', 'process events']),
  );
});

test('metrics tell what operators watch, and neither they nor logs hold a payload or a secret', async () => {
  env.ZEKT_TELEMETRY = 'otlp';
  const { token } = await playOnce();
  const metrics = exported('/v1/metrics').flatMap(({ resourceMetrics = [] }) =>
    resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((it) => it.metrics)),
  );
  expect(metrics.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'zekt.requests',
      'zekt.messages',
      'zekt.webhooks',
      'zekt.queue.age',
      'zekt.deliveries',
      'zekt.github.rate_remaining',
    ]),
  );
  const logs = exported('/v1/logs').flatMap(({ resourceLogs = [] }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((it) => it.logRecords)),
  );
  expect(logs.length).toBeGreaterThan(0);
  const everything = collector.received.map(({ text }) => text).join('\n');
  for (const secret of [canary, token, env.ZEKT_ADMIN_TOKEN ?? '', env.ZEKT_GITHUB_WEBHOOK_SECRET ?? '']) {
    expect(everything).not.toContain(secret);
  }
});

test('without the setting nothing is sent anywhere, but a trace that the sender gave is carried on', async () => {
  const { dispatched } = await playOnce();
  expect(collector.received).toEqual([]);
  expect(dispatched).toMatchObject({ _zekt: { traceparent: `00-${traceId}-1234567890abcdef-01` } });
});
