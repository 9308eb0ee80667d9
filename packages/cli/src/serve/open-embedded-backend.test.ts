import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import { ManualClock } from '@zekt/core/testing';
import { readSettings, type Settings } from '@zekt/host';
import { openEmbeddedBackend } from './open-embedded-backend.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
let root: string;
let settings: Settings;
let path: (name: string) => string;

/** Opened once, with a secret in it. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'zekt-keys-'));
  path = (name) => (name === 'data.key' ? join(root, name) : join(root, 'data', name));
  settings = readSettings({
    ZEKT_DATA_DIR: join(root, 'data'),
    ZEKT_GITHUB_APP_ID: '1',
    ZEKT_GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ZEKT_GITHUB_WEBHOOK_SECRET: 'secret',
  });
  const backend = await open();
  await backend.secrets.set('url', 'value');
  await backend.close();
});
afterEach(() => rmSync(root, { recursive: true }));

const open = () => openEmbeddedBackend(settings, silentLog, new ManualClock());
const opens = async (): Promise<void> => (await open()).close();
const refused = async (...parts: readonly string[]): Promise<void> => {
  for (const part of parts)
    await expect(open()).rejects.toMatchObject({ name: 'DataDirectoryError', message: expect.stringContaining(part) });
};

const files = ['admin-token', 'approval-key', 'secrets.json', 'data.key'];

test.each(files)(
  '%s that is empty, cut off or garbage stops the start by its name, and is not replaced',
  async (name) => {
    const kept = readFileSync(path(name), 'utf8');
    for (const content of ['', '\n', kept.slice(0, kept.length / 2), '\0'.repeat(kept.length), 'garbage']) {
      writeFileSync(path(name), content);
      await refused(`'${path(name)}' is damaged`, 'Restore it from a backup');
      expect(readFileSync(path(name), 'utf8')).toBe(content);
    }
    // Nothing of the directory is held by a start that failed.
    writeFileSync(path(name), kept);
    await opens();
  },
);

test.each(files)('%s that others may use stops the start, naming owner, mode and the command', async (name) => {
  chmodSync(path(name), 0o666);
  await refused(`is owned by user ${process.geteuid?.() ?? 0} and has mode 0666`, `chmod 600 '${path(name)}'`);
});

test.each(['admin-token', 'approval-key', 'secrets.json'])(
  '%s that is a link out of the directory stops the start',
  async (name) => {
    writeFileSync(join(root, 'elsewhere'), readFileSync(path(name)), { mode: 0o600 });
    rmSync(path(name));
    symlinkSync(join(root, 'elsewhere'), path(name));
    await refused(`'${path(name)}' is a symbolic link`);
  },
);

test('a key file that is missing is not made anew while there are secrets', async () => {
  rmSync(path('data.key'));
  await refused(`The key file '${path('data.key')}' is missing`, 'ZEKT_SECRETS_KEY_FILE');
  rmSync(path('secrets.json'));
  await opens();
});

test('a key file where none can be is named with its setting', async () => {
  rmSync(path('secrets.json'));
  settings = { ...settings, secretsKeyFile: join(path('admin-token'), 'key') };
  await refused(`Zekt can't use the key file '${join(path('admin-token'), 'key')}'`, 'Set ZEKT_SECRETS_KEY_FILE');
});

test("an operator's own admin token in the file is taken", async () => {
  writeFileSync(path('admin-token'), 'an-own-token-of-some-length\n');
  const backend = await open();
  expect(backend.adminToken).toBe('an-own-token-of-some-length');
  await backend.close();
});
