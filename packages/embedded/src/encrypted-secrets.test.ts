import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DataDirectoryError } from './data-directory-error.ts';
import { openEncryptedSecrets } from './encrypted-secrets.ts';

let directory: string;
const key = new Uint8Array(32).fill(7);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'zekt-secrets-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('keeps what it is given, and nobody reads it in the file', async () => {
  const secrets = openEncryptedSecrets(directory, key);
  expect(await secrets.get('url')).toBeNull();
  await secrets.set('url', 'https://flow.example/?sig=canary');
  await secrets.set('other', 'value');
  const again = openEncryptedSecrets(directory, key);
  expect(await again.get('url')).toBe('https://flow.example/?sig=canary');
  expect(await again.names()).toEqual(['other', 'url']);
  const path = join(directory, 'secrets.json');
  expect(readFileSync(path, 'utf8')).not.toContain('canary');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await again.remove('url');
  expect(await again.names()).toEqual(['other']);
});

test('another key is refused at the start, and so is a secret under another name', async () => {
  await openEncryptedSecrets(directory, key).set('url', 'value');
  expect(() => openEncryptedSecrets(directory, new Uint8Array(32))).toThrow(
    /The secret 'url' in .*secrets\.json' can't be decrypted: .*ZEKT_SECRETS_KEY_FILE/,
  );
  const path = join(directory, 'secrets.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"url"', '"other"'));
  expect(() => openEncryptedSecrets(directory, key)).toThrow(DataDirectoryError);
});
