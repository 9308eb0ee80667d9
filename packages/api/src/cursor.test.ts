import { describe, expect, test } from '@jest/globals';
import { Cursors } from './cursor.ts';

const cursors = new Cursors(new Uint8Array(32).fill(1));
const refused = expect.objectContaining({ code: 'invalid_query' });

test.each(['', 'acme/orders', '20410/001764000000000~ü🏔', '"quoted" \\ and   spaces  ', 'x'.repeat(2000)])(
  'a place comes back as it was: %j',
  (place) => {
    expect(cursors.open('listRuns', cursors.seal('listRuns', place))).toBe(place);
  },
);

test('nothing of a place is in what leaves, not even its length', () => {
  const sealed = cursors.seal('listServices', 'acme/hidden');
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toMatch(/acme|hidden/);
  expect(cursors.seal('listServices', 'a').length).toBe(sealed.length);
});

test('the same place is sealed differently each time', () => {
  expect(cursors.seal('listRuns', 'x')).not.toBe(cursors.seal('listRuns', 'x'));
});

describe('what was not sealed here is refused', () => {
  const sealed = cursors.seal('listRuns', 'acme/orders');
  const flipped = Buffer.from(sealed, 'base64url');
  flipped.writeUInt8(flipped.readUInt8(20) ^ 1, 20);
  test.each<[string, string]>([
    ['made up', 'acme/orders'],
    ['too short', 'AAAA'],
    ['cut off', sealed.slice(0, -4)],
    ['changed', flipped.toString('base64url')],
    ['of another server', new Cursors(new Uint8Array(32).fill(2)).seal('listRuns', 'acme/orders')],
    ['of another list', cursors.seal('listServices', 'acme/orders')],
  ])('%s', (_, cursor) => {
    expect(() => cursors.open('listRuns', cursor)).toThrow(refused);
  });
});
