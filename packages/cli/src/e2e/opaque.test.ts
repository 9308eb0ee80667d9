import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ServiceOfferPage } from '@zekt/contracts';
import type { Repository } from '@zekt/simulator';
import { everythingDispatched, everythingIn, plantCanary, type Canary } from './canary.ts';
import { openFixture, type Fixture } from './fixture.ts';

// Behind an alias: nothing that reaches a consumer tells whose service it is, or where it ran.

let world: Fixture;
let canary: Canary;
let outsider: Repository;
/** Everything that the consumer has got so far, beside what it had sent: a guess that comes back tells nothing. */
const seen: { readonly sent: string; readonly got: string }[] = [];

beforeAll(async () => {
  world = await openFixture();
  outsider = world.github.repository('initech/tools');
  world.github.install([outsider]);
  canary = await plantCanary(world, 'orders');
});
afterAll(() => world.stop());

/** As a job of the consumer; what comes back is kept. */
async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const token = await world.github.issuer.mint(world.github.startRun(outsider), world.zekt.url);
  const response = await fetch(`${world.zekt.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  seen.push({ sent: `${method} ${path} ${JSON.stringify(body)}`, got: await everythingIn(response.clone()) });
  return (await response.json()) as Record<string, unknown>;
}
const wish = (name: string, spec: object = {}) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name },
  spec: { service: canary.publicName, repository: 'initech/tools', ...spec },
});
const leaks = (): string[] =>
  seen.flatMap(({ sent, got }) => {
    const guessed = canary.traces(sent);
    return canary
      .traces(got)
      .filter((trace) => !guessed.includes(trace))
      .map((trace) => `${trace} in the answer to ${sent}: ${got}`);
  });

test('the canary sings where it is told', async () => {
  const shown = await world.client('getService', {
    params: { owner: canary.label.split('/')[0] ?? '', name: 'orders' },
  });
  expect(canary.traces(JSON.stringify(shown)).length).toBeGreaterThan(3);
  expect(canary.traces(Buffer.from(JSON.stringify({ service: canary.label })).toString('base64url'))).not.toEqual([]);
});

test('looking, asking, applying and leaving tell nothing', async () => {
  await ask('GET', '/api/services?limit=100');
  await ask('POST', '/api/apply', { resources: [wish('hidden')] });
  await ask('POST', '/api/apply', { resources: [wish('hidden', { note: 'Changed.' })] });
  await ask('POST', '/api/apply', { resources: [wish('hidden', { service: canary.label })] });
  await ask('POST', '/api/apply', { resources: [wish('others', { service: canary.label })], dryRun: true });
  await ask('POST', '/api/subscriptions', wish('hidden'));
  await ask('POST', '/api/subscriptions', wish('second'));
  await ask('POST', '/api/subscriptions', wish('guessed', { service: canary.label, invitation: 'made-up' }));
  await ask('POST', '/api/subscriptions/hidden/approve', {});
  await ask('GET', '/api/subscriptions/hidden');
  await world.post(world.github.startRun(canary.repository), '/api/subscriptions/hidden/approve', {});
  const approved = await ask('GET', '/api/subscriptions/hidden');
  expect(approved.status).toMatchObject({ state: 'approved', granted: { by: canary.alias } });
  await ask('POST', '/api/apply', { resources: [wish('hidden', { eventTypes: ['ordered'] })] });
  expect(leaks()).toEqual([]);
});

test('places of pages tell nothing of what is hidden between them, and are good for nothing else', async () => {
  const pages: ServiceOfferPage[] = [];
  let after = '';
  do {
    const page = (await ask('GET', `/api/services?limit=1&after=${after}`)) as unknown as ServiceOfferPage;
    pages.push(page);
    after = page.next ?? '';
  } while (after !== '');
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flatMap(({ items }) => items).map(({ service }) => service)).toContain(canary.publicName);
  expect(leaks()).toEqual([]);
  const { next } = await world.client('listServices', { query: { limit: '1' } });
  await expect(world.client('listSubscriptions', { query: { after: next ?? '' } })).rejects.toMatchObject({
    code: 'invalid_query',
  });
});

test('what is dispatched, confirmed and completed tells nothing', async () => {
  const run = canary.startRun();
  expect((await world.send(run)).status).toBe(200);
  world.github.completeRun(run);
  await world.recorded(1);
  const [dispatch] = world.github.dispatchesTo('initech/tools');
  if (!dispatch) throw new Error('it was dispatched');
  seen.push({ sent: 'nothing', got: everythingDispatched(dispatch) });
  const { deliveryId } = dispatch.clientPayload._zekt as { deliveryId: string };
  await ask('POST', '/api/event-delivery/confirm', { deliveryId });
  const guessed = `${run.repository.id}:${run.id}:${run.attempt}`;
  const answer = await ask('POST', '/api/event-delivery/confirm', { correlationId: guessed });
  expect(answer.code).toBe('not_found');
  await ask('POST', '/api/event-delivery/complete', { deliveryId, success: true });
  expect(leaks()).toEqual([]);
});

test('a service that is gone keeps its public name', async () => {
  await world.client('deleteService', { params: { owner: canary.label.split('/')[0] ?? '', name: 'orders' } });
  const left = await ask('GET', '/api/subscriptions/hidden');
  expect(left).toMatchObject({ spec: { service: canary.publicName }, status: { state: 'revoked' } });
  await ask('POST', '/api/subscriptions', wish('hidden'));
  expect(leaks()).toEqual([]);
});
