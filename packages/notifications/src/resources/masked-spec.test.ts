import { expect, test } from '@jest/globals';
import type { ProviderSpec } from '@zekt/contracts';
import { maskedSpec, unmaskedSpec } from './masked-spec.ts';

const before: ProviderSpec = {
  type: 'generic',
  address: 'https://acme.io/hook?sig=canary',
  proxy: 'http://user:canary@proxy.acme.io:3128',
  headers: { Authorization: 'Bearer canary', 'X-Team': 'canary' },
  secretRef: { name: 'acme' },
};
const shown = maskedSpec(before);

test('what is shown masked is kept when it is applied again', () => {
  expect(JSON.stringify(shown)).not.toContain('canary');
  expect(unmaskedSpec(shown, before)).toEqual(before);
  expect(unmaskedSpec({ ...shown, timeout: '5s' }, before)).toEqual({ ...before, timeout: '5s' });
  const headers = { Authorization: 'Bearer new', 'X-Team': '***' };
  expect(unmaskedSpec({ ...shown, headers }, before)).toMatchObject({
    headers: { Authorization: 'Bearer new', 'X-Team': 'canary' },
  });
});

test.each<[string, Partial<ProviderSpec>, string]>([
  ['the host of a masked address', { address: 'https://evil.io/***' }, 'address'],
  ['the port of a masked address', { address: 'https://acme.io:444/***' }, 'address'],
  ['the scheme of a masked address', { address: 'http://acme.io/***' }, 'address'],
  ['the address beside masked headers', { address: 'https://evil.io/' }, 'headers.Authorization'],
  ['the path beside masked headers', { address: 'https://acme.io/other' }, 'headers.Authorization'],
  ['the secret, which may name an address', { secretRef: { name: 'other' } }, 'headers.Authorization'],
  ['the proxy', { proxy: 'http://evil.io:3128' }, 'address'],
  ['the host of a masked proxy', { proxy: 'http://***@evil.io:3128' }, 'proxy'],
  ['the secret of the proxy', { proxySecretRef: { name: 'evil' } }, 'proxy'],
  ['the type', { type: 'slack' }, 'proxy'],
  ['a header that was not there', { headers: { 'X-New': '***' } }, 'headers.X-New'],
])('whoever changes %s must write in full what is masked', (_, changes, field) => {
  const result = unmaskedSpec({ ...shown, ...changes }, before);
  expect(result).toMatch(
    new RegExp(String.raw`^'${field}' is masked: it is kept only while .* Write its value in full\.$`),
  );
});

test.each<[Partial<ProviderSpec>, string]>([
  [{ address: 'https://hooks.slack.com/***' }, 'address'],
  [{ headers: { Authorization: '***' } }, 'headers.Authorization'],
  [{ proxy: 'http://***@proxy.io' }, 'proxy'],
])('a new provider takes nothing that is masked: %j', (spec, field) => {
  expect(unmaskedSpec({ type: 'generic', ...spec }, null)).toContain(`'${field}' is masked`);
});
