import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { AddressGuard, readExceptions } from '@zekt/egress';
import { providerTypes } from '../providers/table.ts';
import { config, info, onCommit } from '../testing/play.ts';
import { sendEvent } from './send-event.ts';

test('a server that takes its time for every page holds the place of others for two minutes, and nothing is written', async () => {
  const type = providerTypes.get('github');
  if (!type) throw new Error('there is no github');
  const clock = new ManualClock();
  const methods: string[] = [];
  const { verdict } = await sendEvent(
    {
      clock,
      guard: new AddressGuard(readExceptions([])),
      async transport({ method }) {
        methods.push(method);
        clock.advance(50_000);
        return { status: 200, headers: { link: '<https://api.github.com/x?page=2>; rel="next"' }, text: '[]' };
      },
    },
    {
      type,
      config: config('github', { address: 'https://github.com/acme/shop', token: 't' }),
      route: { timeoutMs: 60_000 },
    },
    onCommit(info),
  );
  expect(verdict).toEqual({ kind: 'again', reason: 'all requests for one event took longer than 120 s' });
  expect(methods).toEqual(['GET', 'GET', 'GET']);
});
