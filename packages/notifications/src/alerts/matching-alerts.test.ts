import { expect, test } from '@jest/globals';
import type { AlertSpec } from '@zekt/contracts';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { AlertDocument } from './alert-document.ts';
import { matchingAlerts } from './matching-alerts.ts';

const event = (message: string): NotificationEvent => ({
  involvedObject: { kind: 'Delivery', namespace: 'default', name: 'web' },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06Z',
  message,
  reason: 'Sent',
  metadata: {},
  reportingController: 'zekt',
});
const alerts = (count: number, spec: Partial<AlertSpec> = {}): AlertDocument[] =>
  Array.from({ length: count }, (_, n) => ({
    namespace: 'default',
    name: `alert-${n}`,
    spec: { providerRef: { name: 'p' }, eventSources: [{ kind: 'Delivery', name: n % 2 ? '*' : 'other' }], ...spec },
  }));

async function turnsFor(message: string, list: AlertDocument[]): Promise<{ turns: number; names: string[] }> {
  let turns = 1;
  const found = await matchingAlerts(event(message), list, async () => (turns += 1));
  return { turns, names: found.map(({ name }) => name) };
}

test('a few alerts are matched in one turn of the event loop', async () => {
  expect(await turnsFor('sent', alerts(4))).toEqual({ turns: 1, names: ['alert-1', 'alert-3'] });
});

test('a thousand alerts take several turns, and all of them are found in order', async () => {
  const { turns, names } = await turnsFor('sent', alerts(1000));
  expect(turns).toBe(4);
  expect(names).toEqual(
    alerts(1000)
      .filter((_, n) => n % 2)
      .map(({ name }) => name),
  );
});

test('expressions on a long message take turns of their own', async () => {
  const list = alerts(10, { inclusionList: ['^(?:a|b){100}c'] });
  expect((await turnsFor('a'.repeat(10_000), list)).turns).toBe(10);
  expect((await turnsFor('a', list)).turns).toBe(1);
});
