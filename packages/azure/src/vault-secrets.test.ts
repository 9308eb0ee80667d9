import { KeyVaultDouble } from '@zekt/azure-doubles';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Secrets } from '@zekt/core';
import { noVault, openVaultSecrets } from './vault-secrets.ts';

// The real SDK, with its challenge, against Key Vault on loopback.

let vault: KeyVaultDouble;
let secrets: Secrets;
let nowMs = 0;

beforeAll(async () => {
  vault = await KeyVaultDouble.start();
  secrets = await openVaultSecrets({ url: vault.url, credential: null, now: () => nowMs });
});
afterAll(() => vault.stop());

test('sets, reads, lists and removes, under a prefix of its own', async () => {
  vault.secrets.set('admin-token', 'not for the API');
  expect(await secrets.get('url')).toBeNull();
  await secrets.set('url', 'https://flow.example');
  expect(vault.secrets.get('zekt-url')).toBe('https://flow.example');
  expect(await secrets.get('url')).toBe('https://flow.example');
  expect(await secrets.get('admin-token')).toBeNull();
  expect(await secrets.names()).toEqual(['url']);
  await secrets.remove('url');
  await secrets.remove('url');
  expect(await secrets.get('url')).toBeNull();
});

test('remembers for a minute', async () => {
  await secrets.set('flow', 'old');
  await secrets.get('flow');
  vault.secrets.set('zekt-flow', 'new');
  expect(await secrets.get('flow')).toBe('old');
  nowMs += 61_000;
  expect(await secrets.get('flow')).toBe('new');
});

test('an app that may only read says how to set a secret instead', async () => {
  vault.isWritable = false;
  await expect(secrets.set('url', 'x')).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringContaining('az keyvault secret set --vault-name … --name zekt-url'),
  });
});

test('without a vault nothing is kept', async () => {
  expect([await noVault.get('x'), await noVault.names()]).toEqual([null, []]);
  await expect(noVault.set('x', 'y')).rejects.toMatchObject({ code: 'unavailable' });
});
