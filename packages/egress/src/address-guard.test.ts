import { describe, expect, test } from '@jest/globals';
import { mayDial, readExceptions } from './address-guard.ts';

const none = readExceptions([]);

describe('without exceptions', () => {
  test.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])('%s may be dialled', (address) => {
    expect(mayDial(address, none)).toBe(true);
  });

  test.each([
    '127.0.0.1',
    '127.8.9.10',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fd00::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:169.254.169.254',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fec0::1',
    '::7f00:1',
    '64:ff9b:1::7f00:1',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    '3fff::1',
    '5f00::1',
    '100::1',
    'not an address',
  ])('%s may not', (address) => {
    expect(mayDial(address, none)).toBe(false);
  });
});

test('an exception opens what it names and nothing else', () => {
  const exceptions = readExceptions(['10.1.0.0/16', 'fd00:1::/32', '127.0.0.1', 'flow.internal']);
  expect(mayDial('10.1.255.1', exceptions)).toBe(true);
  expect(mayDial('10.2.0.1', exceptions)).toBe(false);
  expect(mayDial('fd00:1::7', exceptions)).toBe(true);
  expect(mayDial('fd00:2::7', exceptions)).toBe(false);
  expect(mayDial('127.0.0.1', exceptions)).toBe(true);
  expect(mayDial('::ffff:127.0.0.1', exceptions)).toBe(true);
  expect(mayDial('127.0.0.2', exceptions)).toBe(false);
  expect(exceptions.hosts).toEqual(new Set(['flow.internal']));
});

test.each(['10.0.0.0/33', 'a b', 'https://x', '*.internal', '-x'])('%p is no exception', (entry) => {
  expect(() => readExceptions([entry])).toThrow(`'${entry}' is neither a CIDR nor a host name`);
});
