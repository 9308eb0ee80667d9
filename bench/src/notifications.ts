import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog, systemClock } from '@zekt/core';
import { AddressGuard, createTransport, readExceptions } from '@zekt/egress';
import { openEmbedded } from '@zekt/embedded';
import { createNotifications } from '@zekt/notifications';
import {
  onCommit,
  providerTypes,
  sendEvent,
  startExchange,
  testConfig,
  testError,
  testInfo,
  type ProviderConfig,
} from '@zekt/notifications/testing';
import { startChild } from './child.ts';
import { markdown, median, round } from './figures.ts';

const encodeMs = 300;
const rounds = 3;
const sent = 6000;
const atOnce = 50;
const durable = 2000;
const destinations = 20;
const issuer = 'https://token.actions.githubusercontent.com';
const exceptions = readExceptions(['127.0.0.1']);

/** What a type needs for its first request. */
const configs: Readonly<Record<string, Partial<ProviderConfig>>> = {
  azuredevops: { address: 'https://dev.azure.com/o/p/_git/r' },
  azureeventhub: { address: 'hub', channel: 'ns' },
  bitbucket: { address: 'https://bitbucket.org/a/b', token: 'u:p' },
  bitbucketserver: { address: 'https://bb.io/scm/a/b.git' },
  nats: { address: 'nats://nats.io', channel: 'a.b' },
  sentry: { address: 'https://key@sentry.io/1' },
  zulip: { channel: 'a/b' },
};
const configOf = (type: string): ProviderConfig =>
  testConfig(type, {
    address: 'https://git.example/a/b',
    channel: 'c',
    token: 't',
    username: 'u',
    password: 'p',
    ...configs[type],
    remembered: { get: () => 'known', set: () => undefined },
    ...(type === 'googlepubsub' && { token: '{"client_email":"a","private_key":"b"}' }),
  });

/** Encodings a second of each type: the event, alternately info and error, to its first request. */
function encoders(): [string, number][] {
  return [...providerTypes.values()].map((type): [string, number] => {
    const settings = configOf(type.type);
    const events = [testInfo, testError].map((event) =>
      type.gate === 'commitStatus'
        ? onCommit(event)
        : { ...event, metadata: { ...event.metadata, change_request: '1' } },
    );
    const rates = Array.from({ length: rounds }, () => {
      let count = 0;
      const started = performance.now();
      let elapsed = 0;
      do {
        for (let turn = 0; turn < 100; turn += 1) {
          const event = events[turn % 2];
          if (event) startExchange(type, event, settings, 0).next();
        }
        count += 100;
        elapsed = performance.now() - started;
      } while (elapsed < encodeMs);
      return (count / elapsed) * 1000;
    });
    return [type.type, median(rates)];
  });
}

/** Works on a number of jobs, some at once; jobs a second. */
async function rate(count: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
  return (count / (performance.now() - started)) * 1000;
}

async function renderedAndSent(url: string): Promise<number> {
  const tools = { clock: systemClock, guard: new AddressGuard(exceptions), transport: createTransport(exceptions) };
  const type = providerTypes.get('slack');
  if (!type) throw new Error('there is a type slack');
  const resolved = { type, config: { ...configOf('slack'), address: url }, route: { timeoutMs: 15_000 } };
  const send = async (index: number): Promise<void> => {
    const { verdict } = await sendEvent(tools, resolved, index % 2 === 0 ? testInfo : testError);
    if (verdict.kind !== 'done') throw new Error(verdict.reason);
  };
  await rate(500, send);
  return median([await rate(sent, send), await rate(sent, send), await rate(sent, send)]);
}

/** From the event to what was sent and written down, through the store and the bus of one file. */
async function durably(url: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const embedded = openEmbedded(directory, systemClock);
  const { store, bus } = embedded;
  const notifications = createNotifications({
    issuer,
    store,
    clock: systemClock,
    secrets: {
      get: async () => null,
      set: async () => undefined,
      remove: async () => undefined,
      names: async () => [],
    },
    transport: createTransport(exceptions),
    guard: new AddressGuard(exceptions),
    proxyFor: () => '',
    log: silentLog,
    count: (name) => {
      if (name === 'notifications.sent') done += 1;
    },
    retry: { scheduleMs: [1000], random: Math.random },
    dedupeWindowMs: 300_000,
  });
  let done = 0;
  const context = { store, github: null as never, issuer, nowMs: 0, dryRun: false };
  for (let index = 0; index < destinations; index += 1) {
    const [apiVersion, metadata] = ['zekt.dev/v1', { name: `d${index}` }] as const;
    await notifications.putProvider(context, {
      apiVersion,
      kind: 'Provider',
      metadata,
      spec: { type: 'generic', address: `${url}/${index}` },
    });
    const spec = { providerRef: { name: `d${index}` }, eventSources: [{ kind: '*', name: `object-${index}` }] };
    await notifications.putAlert(context, { apiVersion, kind: 'Alert', metadata, spec });
  }
  const worker = bus.consume('notifications', notifications.handler, { sessions: 128 });
  const started = performance.now();
  await rate(durable, async (index) => {
    await notifications.take({
      ...testInfo,
      message: `event ${index}`,
      involvedObject: { ...testInfo.involvedObject, name: `object-${index % destinations}` },
    });
  });
  while (done < durable) await new Promise((resolve) => setTimeout(resolve, 1));
  const result = (durable / (performance.now() - started)) * 1000;
  await worker.stop();
  await embedded.close();
  rmSync(directory, { recursive: true, force: true });
  return result;
}

/** How fast events become requests, and how fast those are sent to a server in another process. */
export async function benchNotifications(): Promise<string> {
  const encoded = encoders().sort(([, a], [, b]) => a - b);
  const sink = await startChild('./servers/sink.ts', [], {});
  const wire = await renderedAndSent(sink.url);
  const whole = await durably(sink.url);
  await sink.stop();
  return [
    `Encoders: the event of the wire reference, info and error in turns, to its first request; ${rounds} rounds of ${encodeMs} ms, medians.\n`,
    markdown(
      ['type', 'a second'],
      encoded.map(([type, perSecond]) => [type, round(perSecond)]),
    ),
    `\nSending to a server in another process, ${atOnce} at once:\n`,
    markdown(
      ['what', 'notifications/s'],
      [
        ['rendered and sent (Slack)', round(wire)],
        [
          `the whole way: event accepted, stored, queued, sent, noted (${destinations} destinations, one file)`,
          round(whole),
        ],
      ],
    ),
  ].join('\n');
}
