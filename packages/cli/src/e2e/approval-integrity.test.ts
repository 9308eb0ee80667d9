import type { ApprovalDocument } from '@zekt/chatops';
import type { DocumentStore } from '@zekt/core';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
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
const decide = (id: string) => world.client('decideApproval', { params: { id }, body: { decision: 'approved' } });

test('what is dispatched is what was shown, or nothing', async () => {
  const { id } = await ask();
  change = tampered;
  await expect(decide(id)).rejects.toThrow('Not approved: what would be dispatched is not what was shown.');
  expect(world.github.world.dispatches).toEqual([]);
  expect(await world.client('getApproval', { params: { id } })).toMatchObject({ state: 'pending', inDoubt: null });
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
