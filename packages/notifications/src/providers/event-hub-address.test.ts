import { expect, test } from '@jest/globals';
import { AddressGuard, ForbiddenAddressError, readExceptions } from '@zekt/egress';
import { config } from '../testing/play.ts';
import { azureeventhub } from './azureeventhub.ts';
import { isAzureHost, readHubAddress } from './event-hub-address.ts';
import type { WireRequest } from './provider-type.ts';
import { info } from '../testing/play.ts';

const key = 'SharedAccessKeyName=zekt;SharedAccessKey=c2VjcmV0+/=';
const read = (address: string, changes = {}) => readHubAddress(config('azureeventhub', { address, ...changes }));

test('what the client gets is written anew from what was checked', () => {
  expect(read(` Endpoint=sb://Acme.servicebus.windows.net ; ${key};;EntityPath=releases;`)).toEqual({
    host: 'acme.servicebus.windows.net',
    hub: 'releases',
    access: {
      kind: 'sas',
      connectionString: `Endpoint=sb://acme.servicebus.windows.net/;${key}`,
      isEmulator: false,
    },
  });
  const signature = 'SharedAccessSignature=SharedAccessSignature sr=a&sig=b%3D&se=1&skn=zekt';
  expect(read(`Endpoint=sb://acme.servicebus.windows.net/;${signature}`, { channel: 'releases' })).toMatchObject({
    access: { connectionString: `Endpoint=sb://acme.servicebus.windows.net/;${signature}` },
  });
  expect(read('releases', { channel: 'acme', token: 'jwt' })).toEqual({
    host: 'acme.servicebus.windows.net',
    hub: 'releases',
    access: { kind: 'jwt', token: 'jwt' },
  });
});

test.each([
  [`Endpoint=sb://acme.servicebus.windows.net/;Endpoint=sb://10.0.0.1/;${key}`, 'address holds Endpoint twice'],
  [`Endpoint=sb://acme.servicebus.windows.net/;endpoint=sb://10.0.0.1/;${key}`, "spelled like 'Endpoint'"],
  [`endpoint=sb://acme.servicebus.windows.net/;${key}`, "spelled like 'Endpoint'"],
  [`Endpoint=sb://10.0.0.1#.servicebus.windows.net/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://10.0.0.1?.servicebus.windows.net/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://10.0.0.1/.servicebus.windows.net/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://u@10.0.0.1/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://10.0.0.1://acme.servicebus.windows.net/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://[::1].servicebus.windows.net/;${key}`, 'with an Endpoint like'],
  [`Endpoint=sb://acme.servicebus.windows.net:6379/;${key}`, 'has no port'],
  [`Endpoint=sb://acme.servicebus.windows.net/;${key};CustomEndpointAddress=sb://10.0.0.1`, 'no part of a connection'],
  [`Endpoint=sb://acme.servicebus.windows.net/;${key};EntityPath=a/../b`, "must be a hub's name"],
  [`Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKey=a`, 'SharedAccessKeyName and SharedAccessKey'],
  [`Endpoint=sb://acme.servicebus.windows.net/;${key};SharedAccessSignature=SharedAccessSignature s`, 'and not both'],
  [`SharedAccessKey=sb://10.0.0.1`, 'with an Endpoint like'],
])('%s is refused: %s', (address, reason) => {
  expect(read(address.includes('EntityPath') ? address : `${address};EntityPath=hub`)).toContain(reason);
});

test.each([
  ['10.0.0.1#.servicebus.windows.net'],
  ['10.0.0.1/.servicebus.windows.net'],
  ['acme.servicebus.windows.net?'],
  ['a b'],
])('a channel that only ends like one is refused: %s', (channel) => {
  expect(read('releases', { channel, token: 'jwt' })).toContain('channel must be');
});

test.each([
  [`Endpoint=sb://acme.servicebus.windows.net.evil.io/;${key}`],
  [`Endpoint=sb://acmeservicebus.windows.net/;${key}`],
  [`Endpoint=sb://servicebus.windows.net/;${key}`],
  [`Endpoint=sb://10.0.0.1/;${key}`],
  // Without TLS, and so anybody's on the way.
  [`Endpoint=sb://acme.servicebus.windows.net/;${key};UseDevelopmentEmulator=true`],
])('nothing is dialled that is neither of Azure nor named by the operator: %s', async (address) => {
  const settings = config('azureeventhub', { address: `${address};EntityPath=hub` });
  const { via } = azureeventhub.exchange(info, settings, 0).next().value as WireRequest;
  await expect(via?.(new AddressGuard(readExceptions([])), { timeoutMs: 1 })).rejects.toThrow(ForbiddenAddressError);
});

test('Azure has clouds of its own in some countries', () => {
  for (const cloud of ['windows.net', 'chinacloudapi.cn', 'usgovcloudapi.net', 'cloudapi.de'])
    expect(isAzureHost(`acme.servicebus.${cloud}`)).toBe(true);
});
