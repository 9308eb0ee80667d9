import type { ApprovalDocument } from '@zekt/chatops';
import type { DocumentStore } from '@zekt/core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openFixture, type Fixture } from './fixture.ts';

// Somebody who can write to the store changes what would be dispatched, after people were shown its digest.

let world: Fixture;
let isTampered = false;

const tampered = (body: ApprovalDocument): ApprovalDocument =>
  body.target
    ? { ...body, target: { ...body.target, approved: { ...body.target.approved, payload: '{"artefact":"evil"}' } } }
    : body;

beforeAll(async () => {
  world = await openFixture({
    wrap: (ports) => ({
      ...ports,
      store: {
        get: async (partition: string, id: string) => {
          const found = await ports.store.get<ApprovalDocument>(partition, id);
          return found && isTampered && id === 'approval' ? { ...found, body: tampered(found.body) } : found;
        },
        list: (partition, options) => ports.store.list(partition, options),
        commit: (batch) => ports.store.commit(batch),
      } as DocumentStore,
    }),
  });
  world.github.world.user('mona');
});
afterAll(() => world.stop());

test('what is dispatched is what was shown, or nothing', async () => {
  const { body } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket',
    policy: { approvers: [{ github: 'mona' }] },
    onApprove: { payload: { artefact: 'basket' } },
  });
  const id = String(body.id);
  const decide = () => world.client('decideApproval', { params: { id }, body: { decision: 'approved' } });
  isTampered = true;
  await expect(decide()).rejects.toThrow('Not approved: what would be dispatched is not what was shown.');
  expect(world.github.world.dispatches).toEqual([]);
  expect(await world.client('getApproval', { params: { id } })).toMatchObject({ state: 'pending', inDoubt: null });
});
