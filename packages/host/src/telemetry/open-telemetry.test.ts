import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { complete, decides, latencyBoundsMs, tellLatency, type Received, type Telemetry } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { OtlpCollector } from '@zekt/simulator';
import { openTelemetry } from './open-telemetry.ts';
import type { RunningTelemetry } from './running-telemetry.ts';
import { tracedHandler } from './traced-ports.ts';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}

const hosts = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const senders = { traceId: 'abcdefabcdefabcdefabcdefabcdef12', spanId: '1234567890abcdef' };
const traceparent = ({ traceId, spanId }: typeof hosts, flags = '01'): string => `00-${traceId}-${spanId}-${flags}`;
const names = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await OtlpCollector.start();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
});
afterEach(async () => {
  for (const name of names) Reflect.deleteProperty(process.env, name);
  await collector.stop();
});

/** Does something with telemetry on, and waits until all of it was sent. */
async function withTelemetry(use: (telemetry: Telemetry) => Promise<unknown>): Promise<void> {
  const running: RunningTelemetry = await openTelemetry({ kind: 'otlp' });
  try {
    await use(running.telemetry);
  } finally {
    await running.shutdown();
  }
}
const spans = (): Span[] =>
  collector.texts('/v1/traces').flatMap((text) => {
    const { resourceSpans } = JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((it) => it.spans));
  });
const named = (name: string): Span | undefined => spans().find((span) => span.name === name);

const received1 = (body: object): Received => ({ id: 'm', session: 's', body, deliveryCount: 1 });
const handler = (telemetry: Telemetry) =>
  tracedHandler(
    'track',
    decides(async () => ({ settlement: complete })),
    telemetry,
    new ManualClock(),
  );

test("work on a message is in its sender's trace, and linked to the host's span that brought it", async () => {
  const body = { _trace: { traceparent: traceparent(senders), at: 0 } };
  await withTelemetry((telemetry) =>
    telemetry.below(traceparent(hosts), async () => (await handler(telemetry)(received1(body)))()),
  );
  const { traceId, parentSpanId, links } = named('process track') ?? {};
  expect({ traceId, parentSpanId }).toEqual({ traceId: senders.traceId, parentSpanId: senders.spanId });
  expect(links).toMatchObject([hosts]);
});

test("work on a message without a trace is below the host's span", async () => {
  await withTelemetry((telemetry) =>
    telemetry.below(traceparent(hosts), async () => (await handler(telemetry)(received1({})))()),
  );
  expect(named('process track')).toMatchObject({ traceId: hosts.traceId, parentSpanId: hosts.spanId });
});

const play = (telemetry: Telemetry): Promise<void> =>
  telemetry.span('own', { kind: 'internal' }, async () => telemetry.count('zekt.heartbeat', { timer: 'sweepOutbox' }));

test('every trace is kept as it comes, save those that whoever began them does not keep', async () => {
  await withTelemetry(async (telemetry) => {
    await play(telemetry);
    await telemetry.span('theirs', { kind: 'server', parent: traceparent(senders, '00') }, async () => undefined);
  });
  expect(spans().map(({ name }) => name)).toEqual(['own']);
});

test('with the standard variables a share of the traces is kept, and metrics stay whole', async () => {
  process.env.OTEL_TRACES_SAMPLER = 'parentbased_traceidratio';
  process.env.OTEL_TRACES_SAMPLER_ARG = '0';
  await withTelemetry(play);
  expect(spans()).toEqual([]);
  expect(collector.texts('/v1/metrics').join('')).toContain('zekt.heartbeat');
});

test('a latency is counted by the least bound that it is within', () => {
  const counted: unknown[] = [];
  const count: Telemetry['count'] = (name, attributes) => void counted.push([name, attributes]);
  for (const ms of [0, 10, 11, 61_000, 1e12]) tellLatency({ count }, 'dispatch', ms);
  const within = counted.map((it) => (it as [string, { within: number }])[1].within);
  expect(within).toEqual([10, 10, 25, 300_000, 999_999_999]);
  expect([...latencyBoundsMs]).toEqual([...latencyBoundsMs].sort((a, b) => a - b));
});
