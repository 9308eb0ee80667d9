import type { ApprovalDocument } from '@zekt/chatops';
import type { DocumentStore } from '@zekt/core';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { cardAudience, devTenant } from '../dev/dev-world.ts';
import { openFixture, until, type Fixture } from './fixture.ts';

// What the store holds is not what people were shown, or its time has come.

let world: Fixture;
let change: ((body: ApprovalDocument) => ApprovalDocument) | null = null;

/** Somebody who can write to the store puts something else into it. */
const tampered = (body: ApprovalDocument): ApprovalDocument =>
  body.target
    ? { ...body, target: { ...body.target, approved: { ...body.target.approved, payload: '{"artefact":"evil"}' } } }
    : body;

/** As it is when its time is over. */
const late = (body: ApprovalDocument): ApprovalDocument => ({ ...body, expiresAt: body.createdAt + 1 });

beforeAll(async () => {
  world = await openFixture({
    wrap: (ports) => ({
      ...ports,
      store: {
        get: async (partition: string, id: string) => {
          const found = await ports.store.get<ApprovalDocument>(partition, id);
          return found && change && id === 'approval' ? { ...found, body: change(found.body) } : found;
        },
        list: (partition, options) => ports.store.list(partition, options),
        commit: (batch) => ports.store.commit(batch),
      } as DocumentStore,
    }),
  });
  world.github.world.user('mona');
});
afterAll(() => world.stop());
afterEach(() => {
  change = null;
});

async function ask(): Promise<{ id: string; url: string }> {
  const { body } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket',
    policy: { approvers: [{ github: 'mona' }] },
    onApprove: { payload: { artefact: 'basket' } },
  });
  return { id: String(body.id), url: String(body.url) };
}
/** What happens to a store that fails in a way that nobody foresaw. */
const onFire = (): never => {
  throw new Error('canary: the disk is on fire');
};
const decide = (id: string) => world.client('decideApproval', { params: { id }, body: { decision: 'approved' } });

test('what is dispatched is what was shown, or nothing', async () => {
  const { id } = await ask();
  change = tampered;
  await expect(decide(id)).rejects.toThrow('Not approved: what would be dispatched is not what was shown.');
  expect(world.github.world.dispatches).toEqual([]);
  expect(await world.client('getApproval', { params: { id } })).toMatchObject({ state: 'pending', inDoubt: null });
});

test('what nobody foresaw is answered with a page to a person, and to a card with a status', async () => {
  const { id, url } = await ask();
  const card = JSON.stringify(await world.client('getApprovalCard', { params: { id }, query: { form: 'message' } }));
  const target = /"target":"([^"]+\/approve[^"]+)"/.exec(card)?.[1] ?? '';
  const ada = world.entra.addUser('ada@acme.example', devTenant);
  const token = await world.entra.cardToken(ada, { audience: cardAudience });
  change = onFire;
  const page = await fetch(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
  const click = await fetch(target, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' });
  expect([click.status, click.headers.get('card-action-status')]).toEqual([
    500,
    'The server had a problem; the decision may not count. Look at the page, or try again in a minute.',
  ]);
  for (const answer of [page, click]) expect(await answer.text()).not.toContain('canary');
  change = null;
  expect(await world.client('getApproval', { params: { id } })).toMatchObject({ state: 'pending', votes: [] });
});

test('a question whose time is over is shown so, is not decided, and stays over', async () => {
  const { id, url } = await ask();
  change = late;
  expect((await fetch(url)).status).toBe(410);
  await expect(decide(id)).rejects.toThrow('This approval request has expired.');
  change = null;
  expect(await world.client('getApproval', { params: { id } })).toMatchObject({ state: 'expired', decision: null });
  await expect(decide(id)).rejects.toThrow('This approval request has expired.');
  expect(world.github.world.dispatches).toEqual([]);
  await until(
    async () => (await world.events()).some(({ type, approvalId }) => type === 'approval.expired' && approvalId === id),
    'it is news',
  );
});
