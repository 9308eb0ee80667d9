import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SubscriptionSpec } from '@zekt/contracts';
import { DirectoryWorld } from '../testing/directory-world.ts';
import { StaleReads } from '../testing/stale-reads.ts';
import { historyOf } from './change-subscription.ts';
import { decideSubscription } from './decide-subscription.ts';
import { manager, type Party } from './party.ts';
import { removeService } from './remove-service.ts';
import { removeSubscription } from './remove-subscription.ts';
import { putSubscription } from './request-subscription.ts';
import { takesEventType, type SubscriptionDocument, type SubscriptionNews } from './subscription.ts';

let world: DirectoryWorld;
beforeEach(async () => {
  world = new DirectoryWorld();
  await world.offer();
});
afterEach(() => world.close());

interface Wish extends Partial<SubscriptionSpec> {
  readonly by?: Party;
  readonly asksAgain?: boolean;
}

async function put(name: string, { by, asksAgain = true, ...spec }: Wish = {}): Promise<SubscriptionDocument> {
  const repository = spec.repository ?? 'initech/tools';
  const wanted = { service: 'acme/orders', repository, ...spec };
  const context = { ...world.context(), asksAgain };
  return (await putSubscription(context, name, wanted, by ?? world.workflow(repository))).document;
}
const decide = (name: string, state: 'approved' | 'rejected' | 'revoked', digest?: string) =>
  decideSubscription(
    world.store,
    name,
    { state, by: 'mona', side: 'provider', ...(digest !== undefined && { digest }) },
    world.clock.now(),
  );
const states = async (name: string): Promise<string[]> =>
  (await historyOf(world.store, await world.subscription(name))).map(({ state }) => state);
const news = (): SubscriptionNews[] =>
  world.told.filter(({ queue }) => queue === 'approvals').map(({ body }) => body as SubscriptionNews);

describe('a name', () => {
  test('that several ask under at once is one repository’s, and the others are told', async () => {
    const repositories = ['initech/tools', 'contoso/platform', 'contoso/finance', 'acme/sibling'];
    const results = await Promise.allSettled(repositories.map((repository) => put('ours', { repository })));
    const won = results.filter((it) => it.status === 'fulfilled');
    const lost = results.filter((it) => it.status === 'rejected');
    expect([won.length, lost.length]).toEqual([1, 3]);
    for (const { reason } of lost) expect(reason).toMatchObject({ code: 'conflict' });
    expect((await world.subscription('ours')).consumer).toBe(won[0]?.value.consumer);
  });

  test('is given to the same asker twice at once, as one subscription', async () => {
    const [first, second] = await Promise.all([put('twice'), put('twice')]);
    expect(first.id).toBe(second.id);
    expect(await states('twice')).toEqual(['pending']);
  });

  test('given up and taken by another names another subscription', async () => {
    const first = await put('handed-on');
    await removeSubscription(world.store, 'handed-on', 'operator', world.clock.now());
    const second = await put('handed-on', { repository: 'contoso/platform' });
    expect(second.id).not.toBe(first.id);
    expect(await world.store.get(`subscription:${first.id}`, 'pointer')).toMatchObject({ body: { id: first.id } });
    await expect(world.subscription(first.id)).rejects.toThrow('there is no subscription');
  });

  test('is not told whose it is to another workflow, but to an operator', async () => {
    await put('mine');
    await expect(put('mine', { repository: 'contoso/platform' })).rejects.toThrow(
      "The subscription's name is taken already. Choose another name.",
    );
    await expect(put('mine', { repository: 'contoso/platform', by: manager })).rejects.toThrow(
      "is of 'initech/tools' and the service 'acme/orders' already",
    );
  });

  test('may not look like an id', async () => {
    await expect(put(`sub-${crypto.randomUUID()}`)).rejects.toMatchObject({ code: 'invalid_resource' });
  });

  test('is free again when its service was removed and made anew, which is another service', async () => {
    const first = await put('kept');
    await removeService(world.store, 'acme/orders', 'operator', world.clock.now());
    expect((await world.subscription('kept')).state).toBe('revoked');
    await world.offer();
    const second = await put('kept');
    expect([second.id === first.id, second.serviceId === first.serviceId, second.state]).toEqual([
      false,
      false,
      'pending',
    ]);
  });
});

describe('more than is granted', () => {
  beforeEach(async () => {
    await put('some', { eventTypes: ['harmless'] });
    await decide('some', 'approved');
  });

  test('is a request, while what is granted holds', async () => {
    const asked = await put('some', { eventTypes: ['*'] });
    expect([asked.state, asked.terms.eventTypes, asked.granted?.eventTypes]).toEqual(['pending', ['*'], ['harmless']]);
    expect([takesEventType(asked, 'harmless'), takesEventType(asked, 'salaries')]).toEqual([true, false]);
  });

  test('is given by an approval, and not before', async () => {
    await put('some', { eventTypes: ['*'] });
    const approved = await decide('some', 'approved');
    expect([approved.state, takesEventType(approved, 'salaries')]).toEqual(['approved', true]);
  });

  test('refused leaves what was granted, and asks for no more', async () => {
    await put('some', { eventTypes: ['*'] });
    const refused = await decide('some', 'rejected');
    expect([refused.state, refused.terms.eventTypes]).toEqual(['approved', ['harmless']]);
    expect(await states('some')).toEqual(['pending', 'approved', 'pending', 'rejected']);
    expect(takesEventType(refused, 'harmless')).toBe(true);
  });

  test('less is taken at once, and what is given up is gone', async () => {
    await put('two', { repository: 'contoso/platform', eventTypes: ['a', 'b'] });
    await decide('two', 'approved');
    const less = await put('two', { repository: 'contoso/platform', eventTypes: ['a'] });
    expect([less.state, less.granted?.eventTypes]).toEqual(['approved', ['a']]);
    expect((await put('two', { repository: 'contoso/platform', eventTypes: ['a', 'b'] })).state).toBe('pending');
  });

  test('is not approved by a decision on what was shown before it changed', async () => {
    const shown = await put('some', { eventTypes: ['a'] });
    await put('some', { eventTypes: ['a', 'salaries'] });
    await expect(decide('some', 'approved', shown.digest)).rejects.toMatchObject({ code: 'conflict' });
    expect(takesEventType(await world.subscription('some'), 'salaries')).toBe(false);
  });

  test('changed meanwhile is a new question, and the old one is settled', async () => {
    const first = await put('some', { eventTypes: ['a'] });
    world.clock.advance(1000);
    const second = await put('some', { eventTypes: ['b'] });
    const { requestedAt, digest } = first;
    expect(news().at(-1)).toMatchObject({ isAsked: true, settled: { requestedAt, digest } });
    expect(second.requestedAt).toBe(first.requestedAt + 1000);
  });

  test('asked for no more goes back to what is granted', async () => {
    await put('some', { eventTypes: ['*'] });
    const back = await put('some', { eventTypes: ['harmless'] });
    expect([back.state, back.granted?.by]).toEqual(['approved', 'mona']);
    expect(news().at(-1)).toMatchObject({ isAsked: false });
  });

  test('applied by an operator with its state is granted as the file says', async () => {
    const given = await put('some', { by: manager, state: 'approved', eventTypes: ['*'] });
    expect([given.state, given.granted?.eventTypes, given.granted?.by]).toEqual(['approved', ['*'], 'operator']);
  });
});

describe('a policy', () => {
  beforeEach(() => world.offer({ approves: ['initech/tools'] }));

  test('gives more, too', async () => {
    await put('listed', { eventTypes: ['a'] });
    const wider = await put('listed', { eventTypes: ['*'] });
    expect([wider.state, wider.granted?.eventTypes, wider.granted?.by]).toEqual(['approved', ['*'], 'policy']);
  });

  test('does not give back what the provider took, under whatever name', async () => {
    await put('listed');
    await decide('listed', 'revoked');
    expect((await put('listed')).state).toBe('pending');
    await decide('listed', 'rejected');
    expect((await put('under-another-name')).state).toBe('pending');
    await world.offer({ approves: ['initech/tools'], description: 'Applied again.' });
    expect((await world.subscription('under-another-name')).state).toBe('pending');
  });

  test('does so again after the provider has approved', async () => {
    await put('listed');
    await decide('listed', 'revoked');
    await put('listed');
    await decide('listed', 'approved');
    await removeConsumerRight('listed');
    expect((await put('listed')).state).toBe('approved');
  });

  test('takes back a consumer that had left by itself', async () => {
    await put('listed');
    await removeConsumerRight('listed');
    expect((await put('listed')).state).toBe('approved');
  });

  test('does not give back what an operator took by a file', async () => {
    await put('listed');
    await put('listed', { by: manager, state: 'revoked' });
    expect((await put('listed')).state).toBe('pending');
    expect((await put('listed', { by: manager, state: 'approved' })).granted?.by).toBe('operator');
  });

  const removeConsumerRight = (name: string) =>
    decideSubscription(world.store, name, { state: 'revoked', by: 'octocat', side: 'consumer' }, world.clock.now());
});

describe('one request of a consumer waits for a service', () => {
  test('a second one under another name is refused, and leaves the name free', async () => {
    await put('first');
    await expect(put('second')).rejects.toMatchObject({ code: 'conflict' });
    expect((await put('second', { repository: 'contoso/platform' })).state).toBe('pending');
  });

  test('of many at once, one', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `at-once-${index}`);
    const results = await Promise.allSettled(names.map((name) => put(name)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(news().filter(({ isAsked }) => isAsked)).toHaveLength(1);
  });

  test.each(['approved', 'rejected', 'revoked'] as const)('until it is %s', async (state) => {
    await put('first');
    await decide('first', state);
    expect((await put('second')).state).toBe('pending');
  });

  test('until it is removed', async () => {
    await put('first');
    await removeSubscription(world.store, 'first', 'operator', world.clock.now());
    expect((await put('second')).state).toBe('pending');
  });

  test('and one that is left over from a crash keeps nobody out for ever', async () => {
    const { provider, serviceId, consumer } = await put('first');
    await decide('first', 'rejected');
    await world.store.commit({
      partition: `repository:${provider}`,
      writes: [
        {
          kind: 'create',
          id: `open/${serviceId}/${consumer}`,
          body: { subscription: 'sub-lost', at: world.clock.now() },
        },
      ],
    });
    await expect(put('second')).rejects.toMatchObject({ code: 'conflict' });
    world.clock.advance(10 * 60_000);
    expect((await put('second')).state).toBe('pending');
  });
});

test('asking for another’s repository is refused before GitHub is asked for it', async () => {
  world.asked.length = 0;
  const by = world.workflow('initech/tools');
  await expect(put('foreign', { repository: 'contoso/platform', by })).rejects.toMatchObject({ code: 'forbidden' });
  expect(world.asked).toEqual([]);
});

test('after a refusal, the same file does not ask again', async () => {
  await put('refused');
  await decide('refused', 'rejected');
  expect((await put('refused', { asksAgain: false })).state).toBe('rejected');
});

// The revocation is written by another process, and this one's replica does not show it yet.
test('a policy does not give what was taken back a moment ago and is not visible yet', async () => {
  await world.offer({ approves: ['initech/tools'] });
  await put('listed');
  let looks = 0;
  const isStale = (): boolean => (looks += 1) === 1;
  const reads = new StaleReads(world.store, { isStale, now: () => world.clock.now(), lagMs: 1000 });
  const [provider, consumer] = [reads.client('provider'), reads.client('consumer')];
  const taken = { state: 'revoked', by: 'mona', side: 'provider' } as const;
  await decideSubscription(provider, 'listed', taken, world.clock.now());
  const asked = await putSubscription(
    { ...world.context({ store: consumer }), asksAgain: true },
    'under-another-name',
    { service: 'acme/orders', repository: 'initech/tools' },
    world.workflow('initech/tools'),
  );
  expect([asked.document.state, looks]).toEqual(['pending', 2]);
});
