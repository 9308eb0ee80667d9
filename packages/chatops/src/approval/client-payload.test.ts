import { expect, test } from '@jest/globals';
import { prepareDispatch } from './client-payload.ts';

test('a decision is told under the event type that means it, or under one of the asker’s own', () => {
  expect(prepareDispatch(undefined, null, 'approved').eventType).toBe('zekt.approval.approved');
  expect(prepareDispatch({ eventType: 'zekt.approval.rejected' }, null, 'rejected').eventType).toBe(
    'zekt.approval.rejected',
  );
  expect(prepareDispatch({ eventType: 'deploy' }, null, 'approved').eventType).toBe('deploy');
});

test.each([
  ['zekt.approval.approved', 'rejected'],
  ['zekt.approval.rejected', 'approved'],
  ['zekt.other', 'approved'],
  ['Zekt.approval.approved', 'approved'],
] as const)('never under one of Zekt’s that means something else: %s for %s', (eventType, decision) => {
  expect(() => prepareDispatch({ eventType }, null, decision)).toThrow(
    expect.objectContaining({ code: 'reserved_event_type' }),
  );
});
