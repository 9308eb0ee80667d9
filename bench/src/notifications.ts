import { systemClock } from '@zekt/core';
import { AddressGuard, createTransport, readExceptions } from '@zekt/egress';
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
import { rate } from './rate.ts';
import { openWholeWay, wholeWayDestinations } from './whole-way.ts';

const encodeMs = 100;
const rounds = 3;
const sent = 4000;
const atOnce = 50;
const [warmUps, whole] = [2000, 6000];
const counted = 200;
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

async function renderedAndSent(url: string): Promise<number> {
  const tools = { clock: systemClock, guard: new AddressGuard(exceptions), transport: createTransport(exceptions) };
  const type = providerTypes.get('slack');
  if (!type) throw new Error('there is a type slack');
  const resolved = { type, config: { ...configOf('slack'), address: url }, route: { timeoutMs: 15_000 } };
  const send = async (index: number): Promise<void> => {
    const { verdict } = await sendEvent(tools, resolved, index % 2 === 0 ? testInfo : testError);
    if (verdict.kind !== 'done') throw new Error(verdict.reason);
  };
  await rate(500, atOnce, send);
  return median([await rate(sent, atOnce, send), await rate(sent, atOnce, send), await rate(sent, atOnce, send)]);
}

/** How fast events become requests, and how fast those are sent to a server in another process. */
export async function benchNotifications(): Promise<string> {
  const encoded = encoders().sort(([, a], [, b]) => a - b);
  const sink = await startChild('./servers/sink.ts', [], {});
  const wire = await renderedAndSent(sink.url);
  const way = openWholeWay(sink.url);
  await way.send(warmUps, atOnce);
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round += 1) perSecond.push(await way.send(whole, atOnce));
  await way.close();
  const alone = openWholeWay(sink.url, { isCounting: true });
  await alone.send(counted, 1);
  const { statements, transactions } = alone.counts();
  await alone.close();
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
          `the whole way: event accepted, stored, queued, sent, noted (${wholeWayDestinations} destinations, one file)`,
          round(median(perSecond)),
        ],
      ],
    ),
    `\nOne after the other, a notification takes ${(statements / counted).toFixed(1)} SQL statements in ${(transactions / counted).toFixed(1)} transactions.`,
  ].join('\n');
}
