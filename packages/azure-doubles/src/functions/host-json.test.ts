import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readServiceBusOptions, timeSpanMs } from './host-json.ts';

test.each([
  ['00:00:00.250', 250],
  ['00:01:00', 60_000],
  ['1.00:00:00', 86_400_000],
])('the time span %s is %d ms', (text, ms) => {
  expect(timeSpanMs(text)).toBe(ms);
});

test('what is no time span is refused', () => {
  expect(() => timeSpanMs('250 ms')).toThrow('no time span');
});

test('a host.json beside the app is followed', () => {
  const app = fileURLToPath(new URL('../../../../functions/index.cjs', import.meta.url));
  expect(readServiceBusOptions(app)).toEqual({ maxConcurrentSessions: 24, sessionIdleMs: 250 });
});

test('without a host.json the host does as it does by default', () => {
  expect(readServiceBusOptions('/nowhere/index.cjs')).toEqual({ maxConcurrentSessions: 8, sessionIdleMs: 60_000 });
});
