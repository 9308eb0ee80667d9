import { expect, test } from '@jest/globals';
import type { DispatchAnswer } from '@zekt/core';
import { meaningOf } from './carry-out.ts';

const refused = (status: number): DispatchAnswer => ({ kind: 'refused', status, reason: 'r' });
const retry = (status: number | null): DispatchAnswer => ({ kind: 'retry', status, reason: 'r' });

const table: readonly [DispatchAnswer, object][] = [
  [{ kind: 'accepted', status: 204 }, { kind: 'done' }],
  [refused(404), { kind: 'refused', cause: 'notFound' }],
  [refused(403), { kind: 'refused', cause: 'noPermission' }],
  [retry(401), { kind: 'refused', cause: 'noPermission' }],
  [
    { kind: 'suspended', reason: 'r' },
    { kind: 'refused', cause: 'noPermission' },
  ],
  [refused(400), { kind: 'refused', cause: 'notAccepted' }],
  [refused(422), { kind: 'refused', cause: 'notAccepted' }],
  [{ kind: 'limited', status: 429, reason: 'r', notBefore: null }, { kind: 'busy' }],
  [retry(502), { kind: 'unknown' }],
  [retry(408), { kind: 'unknown' }],
  [retry(null), { kind: 'unknown' }],
];
test.each(table)('%j of GitHub means %j', (answer, meaning) => {
  expect(meaningOf(answer)).toMatchObject(meaning);
});
