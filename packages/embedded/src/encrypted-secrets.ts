import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '@zekt/core';

interface SecretsFile {
  /** By name: base64 of nonce (12 bytes), tag (16 bytes) and AES-256-GCM ciphertext; the name is authenticated with it. */
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Secrets in a file of the data directory, encrypted with a key that is kept elsewhere: a copy of the directory tells nothing.
 *
 * @param key 32 bytes
 */
export function openEncryptedSecrets(directory: string, key: Uint8Array): Secrets {
  const path = join(directory, 'secrets.json');
  const read = (): SecretsFile =>
    existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SecretsFile) : { secrets: {} };
  const write = (secrets: SecretsFile['secrets']): void => {
    const next = `${path}.${randomBytes(6).toString('hex')}`;
    writeFileSync(next, `${JSON.stringify({ secrets }, null, 2)}\n`, { mode: 0o600 });
    renameSync(next, path);
  };
  return {
    async get(name) {
      const sealed = read().secrets[name];
      return sealed === undefined ? null : unseal(key, name, sealed);
    },
    async set(name, value) {
      write({ ...read().secrets, [name]: seal(key, name, value) });
    },
    async remove(name) {
      const { [name]: _, ...others } = read().secrets;
      write(others);
    },
    async names() {
      return Object.keys(read().secrets).sort();
    },
  };
}

function seal(key: Uint8Array, name: string, value: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
}

function unseal(key: Uint8Array, name: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    .setAAD(Buffer.from(name))
    .setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new Error(`The secret '${name}' can't be read with this key. Is it the key that it was kept with?`, {
      cause: error,
    });
  }
}
