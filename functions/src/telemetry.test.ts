// The built app with a collector: what an operator's alerts count on leaves the process.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { eventually } from '@zekt/core/testing';
import { OtlpCollector } from '@zekt/simulator';
import { createWorld, type DevWorld } from '../../packages/cli/src/dev/dev-world.ts';
import { openTestBackend, type TestBackend } from '../../packages/cli/src/e2e/backends.ts';
import { timers } from './timers.ts';

let collector: OtlpCollector;
let lines: string;
let backend: TestBackend;
let world: DevWorld;
let stopping: Promise<void> | null = null;
const stop = (): Promise<void> => (stopping ??= world.stop());

beforeAll(async () => {
  lines = '';
  collector = await OtlpCollector.start();
  backend = await openTestBackend((text) => (lines += text));
  world = await createWorld({
    log: silentLog,
    ...(backend.start && { start: backend.start }),
    settings: {
      ...backend.settings,
      ZEKT_TELEMETRY: 'otlp',
      ZEKT_LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    },
  });
});
afterAll(async () => {
  await stop();
  await backend.stop();
  await collector.stop();
});

const sent = (path: string): string => collector.texts(path).join('\n');

test('heartbeats of every timer, the count of functions and the sweeps are told; the log is, too, and only there', async () => {
  for (const timer of Object.keys(timers)) {
    const { status } = await fetch(`${world.zekt.url}/admin/functions/${timer}`, { method: 'POST' });
    expect([timer, status]).toEqual([timer, 202]);
  }
  await fetch(`${world.zekt.url}/api/services`);
  // What is left goes out at the end of the app.
  await stop();
  await eventually(async () => sent('/v1/metrics').includes('zekt.requests'), 'the metrics are sent');
  const metrics = sent('/v1/metrics');
  for (const name of ['zekt.heartbeat', 'zekt.functions', 'zekt.sweeps']) expect(metrics).toContain(`"${name}"`);
  for (const timer of Object.keys(timers)) {
    expect(metrics).toContain(`"stringValue":"${timer}"`);
    expect(sent('/v1/traces')).toContain(`"timer ${timer}"`);
  }
  expect(sent('/v1/logs')).toContain('"severityText":"DEBUG"');
  expect(lines).not.toContain('"level":');
});
