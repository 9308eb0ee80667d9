import { expect, test } from '@jest/globals';
import { ManualClock } from '@zekt/core/testing';
import { openEmbedded } from '@zekt/embedded';
import { SigningKeys } from '../approval/signing-keys.ts';
import { closeSession, findSession, formToken, isFormToken, openSession, sessionMs } from './session.ts';

const mona = { actor: { provider: 'github' as const, id: '1', tenant: null, name: 'mona' }, groups: [] };
const keys = new SigningKeys([{ id: 'k', secret: new Uint8Array(32) }]);

test('a session lasts an hour, ends when it is closed, and no other id finds it', async () => {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  const { store } = embedded;
  const id = await openSession(store, clock, mona);
  expect(await findSession(store, clock, id)).toEqual({ id, person: mona });
  for (const other of [null, '', 'x', `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`])
    expect(await findSession(store, clock, other)).toBeNull();
  clock.advance(sessionMs);
  expect(await findSession(store, clock, id)).toBeNull();
  const next = await openSession(store, clock, mona);
  await closeSession(store, next);
  expect(await findSession(store, clock, next)).toBeNull();
  await embedded.close();
});

test("a form's token is for its session and its purpose", () => {
  const session = { id: 'one', person: mona };
  const token = formToken(keys, session, 'decide:a');
  expect(isFormToken(keys, session, 'decide:a', token)).toBe(true);
  expect(isFormToken(keys, session, 'decide:b', token)).toBe(false);
  expect(isFormToken(keys, { ...session, id: 'two' }, 'decide:a', token)).toBe(false);
  for (const forged of ['', '.', 'k.', token.slice(0, -3)])
    expect(isFormToken(keys, session, 'decide:a', forged)).toBe(false);
});
