import { expect, test } from '@jest/globals';
import { bytesOf } from '../event/shorten.ts';
import { config, info, nowMs } from '../testing/play.ts';
import { startExchange, type WireRequest } from './provider-type.ts';
import { providerTypes } from './table.ts';

// Services that name no limit, or a large one. An event of a controller is smaller; what a group or a template makes of it need not be.

const event = {
  ...info,
  message: 'x'.repeat(60_000),
  metadata: Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`key-${at}`, 'y'.repeat(280)])),
};

/** Of the first request. */
function bodyOf(type: string, told = event): string {
  const found = providerTypes.get(type);
  if (!found) throw new Error(type);
  const settings = config(type, { address: 'https://key@acme.io/1', channel: 'c', token: 't' });
  return String((startExchange(found, told, settings, nowMs).next().value as WireRequest).body);
}

test.each([
  ['rocket', 70_000],
  ['alertmanager', 70_000],
  ['incident.io', 50_000],
  ['sentry', 45_000],
  ['grafana', 3000],
])('an event of 60,000 characters with 112 kB of metadata is no more than is sensible to %s', (type, most) => {
  const size = bytesOf(bodyOf(type));
  expect(size).toBeLessThan(most);
});

test('a tag of Sentry is no longer than Sentry keeps', () => {
  const [, , payload = ''] = bodyOf('sentry', { ...event, metadata: { env: 'z'.repeat(1000) } }).split('\n');
  const { tags } = JSON.parse(payload) as { tags: Record<string, string> };
  expect(tags.env).toMatch(/^z+/);
  for (const value of Object.values(tags)) expect(value.length).toBeLessThanOrEqual(200);
});
