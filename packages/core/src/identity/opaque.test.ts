import { expect, test } from '@jest/globals';
import { OpaqueIds, runItem } from './opaque.ts';

const ids = new OpaqueIds(new Uint8Array(32).fill(1));
const others = new OpaqueIds(new Uint8Array(32).fill(2));
const run = { repository: 'tag.101', runId: '4242', attempt: 1 } as const;

test('the same content for the same subscription has the same id', () => {
  expect(ids.delivery(run, runItem, 'sub-a')).toBe(ids.delivery({ ...run }, 'run', 'sub-a'));
  expect(ids.delivery(run, runItem, 'sub-b')).not.toBe(ids.delivery(run, runItem, 'sub-a'));
  expect(ids.delivery({ ...run, attempt: 2 }, runItem, 'sub-a')).not.toBe(ids.delivery(run, runItem, 'sub-a'));
});

test('without the key nobody can make an id of what he guesses', () => {
  expect(others.delivery(run, runItem, 'sub-a')).not.toBe(ids.delivery(run, runItem, 'sub-a'));
  expect(others.event(run, runItem)).not.toBe(ids.event(run, runItem));
});

test('an id that was made here is known by itself', () => {
  const id = ids.delivery(run, runItem, 'sub-a');
  expect(ids.isGenuine(id)).toBe(true);
  expect(ids.isGenuine(ids.replay(id, 'key'))).toBe(true);
  expect(others.isGenuine(id)).toBe(false);
  const changed = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  expect(ids.isGenuine(changed)).toBe(false);
  expect(ids.isGenuine('delivery-00000000-0000-0000-0000-000000000000')).toBe(false);
});

test('a delivery id is found in a run name only if it was made here', () => {
  const id = ids.delivery(run, runItem, 'sub-a');
  expect(ids.findDelivery(`Deploy for ${id}`)).toBe(id);
  expect(ids.findDelivery(`Deploy for ${others.delivery(run, runItem, 'sub-a')}`)).toBeNull();
  expect(ids.findDelivery('Deploy')).toBeNull();
  expect(ids.findDelivery(null)).toBeNull();
});
