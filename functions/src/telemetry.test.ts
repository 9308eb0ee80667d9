// The built app with a collector: what an operator's alerts count on leaves the process.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { eventually } from '@zekt/core/testing';
import { createWorld, type DevWorld } from '../../packages/cli/src/dev/dev-world.ts';
import { openTestBackend, type TestBackend } from '../../packages/cli/src/e2e/backends.ts';
import { timers } from './timers.ts';

let collector: Server;
let received: { path: string; text: string }[];
let lines: string;
let backend: TestBackend;
let world: DevWorld;
let stopping: Promise<void> | null = null;
const stop = (): Promise<void> => (stopping ??= world.stop());

beforeAll(async () => {
  received = [];
  lines = '';
  collector = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      received.push({ path: request.url ?? '', text });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  backend = await openTestBackend((text) => (lines += text));
  world = await createWorld({
    log: silentLog,
    ...(backend.start && { start: backend.start }),
    settings: {
      ...backend.settings,
      ZEKT_TELEMETRY: 'otlp',
      ZEKT_LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    },
  });
});
afterAll(async () => {
  await stop();
  await backend.stop();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

const sent = (path: string): string =>
  received
    .filter((it) => it.path === path)
    .map(({ text }) => text)
    .join('\n');

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
