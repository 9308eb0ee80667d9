import { afterAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileReason } from './file-reason.ts';
import { readSettings } from './settings.ts';
import { SettingsError, type Environment } from './settings-error.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const base: Environment = {
  ZEKT_GITHUB_APP_ID: '42',
  ZEKT_GITHUB_APP_PRIVATE_KEY: key.toString(),
  ZEKT_GITHUB_WEBHOOK_SECRET: 'secret',
};
const tenant = 'A4C1E8D2-6b7f-4e09-9c35-1f2e3d4c5b6a';
const problemsOf = (changes: Environment): readonly string[] => {
  try {
    readSettings({ ...base, ...changes });
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
};

test.each([
  ['ZEKT_ADMIN_TOKEN', '@Microsoft.KeyVault(SecretUri=https://kv-zekt.vault.azure.net/secrets/admin-token)'],
  ['ZEKT_GITHUB_WEBHOOK_SECRET', ' @microsoft.keyvault(VaultName=kv-zekt;SecretName=github-webhook-secret)'],
  ['ZEKT_GITHUB_WEBHOOK_SECRET_PREVIOUS', '@Microsoft.KeyVault(SecretUri=https://kv-zekt.vault.azure.net/secrets/old)'],
])('%s that is still a reference to Key Vault is refused, not used as the secret', (name, value) => {
  const problems = problemsOf({ [name]: value }).join('\n');
  expect(problems).toContain(`${name} is a reference that Azure could not resolve`);
  expect(problems).not.toContain('kv-zekt');
});

describe('of approvals', () => {
  test('nothing is trusted that was not named', () => {
    expect(readSettings(base).chatops).toEqual({
      signingSecrets: null,
      githubUrl: 'https://github.com',
      githubClient: null,
      entraAuthority: 'https://login.microsoftonline.com',
      entraTenants: [],
      entraClient: null,
      cardAudiences: [],
      cardLegacyIssuer: null,
      cardBot: null,
    });
  });

  test('all of them are read', () => {
    const secret = Buffer.alloc(32, 7).toString('base64');
    const { chatops, publicUrl } = readSettings({
      ...base,
      ZEKT_PUBLIC_URL: 'https://zekt.example/',
      ZEKT_APPROVAL_KEYS: `new:${secret}, old:${secret}`,
      ZEKT_GITHUB_APP_CLIENT_ID: 'Iv23',
      ZEKT_GITHUB_APP_CLIENT_SECRET: 'client-secret',
      ZEKT_ENTRA_TENANTS: tenant,
      ZEKT_ENTRA_CLIENT_ID: 'app',
      ZEKT_ENTRA_CLIENT_SECRET: 'secret',
      ZEKT_CARD_AUDIENCES: 'api://one, two',
      ZEKT_CARD_LEGACY_ISSUER: 'https://substrate.office.com/sts/',
      ZEKT_CARD_BOT_APP_ID: 'bot',
    });
    expect(publicUrl).toBe('https://zekt.example');
    expect(chatops.signingSecrets?.map(({ id, secret: bytes }) => [id, bytes.length])).toEqual([
      ['new', 32],
      ['old', 32],
    ]);
    expect(chatops).toMatchObject({
      githubClient: { id: 'Iv23', secret: 'client-secret' },
      entraTenants: [tenant.toLowerCase()],
      entraClient: { id: 'app', secret: 'secret' },
      cardAudiences: ['api://one', 'two'],
      cardLegacyIssuer: 'https://substrate.office.com/sts/',
      cardBot: {
        appId: 'bot',
        issuer: 'https://api.botframework.com',
        discoveryUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
      },
    });
  });

  test("a function app's own host name is its address unless another is given", () => {
    expect(readSettings({ ...base, WEBSITE_HOSTNAME: 'func.azurewebsites.net' }).publicUrl).toBe(
      'https://func.azurewebsites.net',
    );
    expect(readSettings({ ...base, WEBSITE_HOSTNAME: '127.0.0.1:7071' }).publicUrl).toBe('http://127.0.0.1:7071');
  });

  const wrong: readonly [Environment, RegExp][] = [
    [{ ZEKT_PUBLIC_URL: 'http://zekt.example' }, /ZEKT_PUBLIC_URL must be an https URL/],
    [{ ZEKT_PUBLIC_URL: 'https://example.com/zekt' }, /ZEKT_PUBLIC_URL must have no path/],
    [{ ZEKT_APPROVAL_KEYS: 'k:c2hvcnQ=' }, /ZEKT_APPROVAL_KEYS must be 'id:base64' of 32 bytes each/],
    [{ ZEKT_GITHUB_APP_CLIENT_ID: 'Iv23' }, /ZEKT_GITHUB_APP_CLIENT_ID and ZEKT_GITHUB_APP_CLIENT_SECRET go together/],
    [
      { ZEKT_ENTRA_TENANTS: 'acme.example' },
      /ZEKT_ENTRA_TENANTS must be tenant ids, comma-separated; got 'acme.example'/,
    ],
    [{ ZEKT_CARD_AUDIENCES: 'api://one' }, /ZEKT_ENTRA_TENANTS is missing: it says whose people are believed/],
    [{ ZEKT_EGRESS_ALLOW: '10.0.0.0/33' }, /ZEKT_EGRESS_ALLOW .* '10.0.0.0\/33' is neither a CIDR nor a host name/],
  ];
  test.each(wrong)('%j is told', (changes, message) => {
    expect(problemsOf(changes).join('\n')).toMatch(message);
  });

  test('a secret is in no message', () => {
    expect(problemsOf({ ZEKT_APPROVAL_KEYS: 'k:canary', ZEKT_ENTRA_CLIENT_SECRET: 'canary' }).join('\n')).not.toContain(
      'canary',
    );
  });
});

describe('the file with the private key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-settings-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const reasonFor = (path: string): string =>
    problemsOf({ ZEKT_GITHUB_APP_PRIVATE_KEY: '', ZEKT_GITHUB_APP_PRIVATE_KEY_FILE: path })[1] ?? '';

  test('what can not be read is named with the setting and what to do', () => {
    const missing = join(directory, 'missing.pem');
    expect(reasonFor(missing)).toContain(
      `ZEKT_GITHUB_APP_PRIVATE_KEY_FILE can't be used: there is no file '${missing}'`,
    );
    expect(reasonFor(directory)).toContain(`'${directory}' is a directory; name the file in it`);
    expect(fileReason(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }), '/key.pem')).toBe(
      "this user may not read '/key.pem'; give it the right",
    );
  });

  test('a key that was cut off is told in our own words, not in those of OpenSSL', () => {
    const path = join(directory, 'cut.pem');
    writeFileSync(path, key.toString().slice(0, 300));
    expect(reasonFor(path)).toContain('it is not an RSA private key in PEM form');
    expect(reasonFor(path)).not.toMatch(/openssl|asn1|DECODER/i);
  });
});
