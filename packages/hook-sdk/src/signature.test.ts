import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { sign, verifySignature } from './signature.ts';

const body = Buffer.from('{"a":1}');
const nowMs = 1_700_000_000_000;
const header = sign(['key'], nowMs / 1000, body);
const hex = header.split('v1=')[1] ?? '';
const verify = (given: string | null, { at = nowMs, keys = ['key'] }: { at?: number; keys?: string[] } = {}) =>
  verifySignature(given, body, keys, { nowMs: at, toleranceMs: 300_000 });
const statusOf = (given: string | null): number => {
  const result = verify(given);
  return result.ok ? 200 : result.status;
};

test("signs as the server does: the vector of the server's own test", () => {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
  expect(sign(['key', 'other'], 1_700_000_000, body)).toBe(
    't=1700000000,v1=a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03,v1=2cb38bd50b3aa61b12df512da616c9577f2a99edb9467110d361a655e1ad3bd5',
  );
});

test('any v1 by any key is enough, wherever it stands', () => {
  expect(verify(sign(['new', 'key'], nowMs / 1000, body)).ok).toBe(true);
  expect(verify(header, { keys: ['new', 'key'] }).ok).toBe(true);
  expect(verify(header, { keys: ['new'] })).toMatchObject({ ok: false, status: 401 });
  expect(verify(sign(['key'], nowMs / 1000, Buffer.from('{"a":2}'))).ok).toBe(false);
});

test('the time may be off by the tolerance and no more, in both directions', () => {
  expect(verify(header, { at: nowMs + 300_000 }).ok).toBe(true);
  expect(verify(header, { at: nowMs - 300_000 }).ok).toBe(true);
  expect(verify(header, { at: nowMs + 300_001 })).toMatchObject({ status: 401 });
  expect(verify(header, { at: nowMs - 300_001 })).toMatchObject({ status: 401 });
});

test('another time, or the same time in other digits, was not signed', () => {
  expect(statusOf(`t=1700000001,v1=${hex}`)).toBe(401);
  expect(statusOf(`t=01700000000,v1=${hex}`)).toBe(401);
  const overBody = createHmac('sha256', 'key').update(body).digest('hex');
  expect(statusOf(`t=1700000000,v1=${overBody}`)).toBe(401);
});

test('unknown schemes, and values that are no digest, are skipped', () => {
  expect(statusOf(`t=1700000000,v2=abc,v1=${hex}`)).toBe(200);
  expect(statusOf(`t=1700000000,v1=,v1=zz,v1=${hex.slice(2)},v1=${hex}`)).toBe(200);
  expect(statusOf(`t=1700000000,v1=${hex.slice(2)}`)).toBe(401);
  expect(statusOf(`t=1700000000,v2=${hex}`)).toBe(401);
  expect(statusOf('t=1700000000')).toBe(401);
  expect(statusOf(null)).toBe(401);
});

describe.each([
  ['', 'empty'],
  ['nonsense', 'no pairs'],
  [`v1=${hex}`, 'no time'],
  [`t=,v1=${hex}`, 'an empty time'],
  [`t=1e9,v1=${hex}`, 'a time that is no decimal'],
  [`t=-1,v1=${hex}`, 'a time before all'],
  [`t=1700000000,t=1700000000,v1=${hex}`, 'two times'],
  [`t=1700000000,v1=${hex}=`, 'two equals signs'],
  [`t=1700000000,v1=${hex},`, 'an empty part'],
  [`t=1700000000,v1=${hex}${',v1=a'.repeat(40)}`, 'too many parts'],
])('%s', (given, what) => {
  test(`${what}: malformed`, () => expect(statusOf(given)).toBe(400));
});
