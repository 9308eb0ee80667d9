// `azd` runs this after it has made the resources: registers the GitHub App where none is known yet, puts the secrets into Key Vault, and
// says what comes next. Needs the Azure CLI, signed in.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asHook, onceAllowed, run } from './azure-cli.ts';
import { registerApp } from './register-app.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: azd gives it after provisioning`);
  return value;
};
const vault = required('keyVaultName');
const app = required('functionAppName');
const zektUrl = required('zektUrl');
const group = required('AZURE_RESOURCE_GROUP');

/** By a file: an argument would be seen in the list of processes. */
function setSecret(name: string, value: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-secret-'));
  try {
    const file = join(directory, 'value');
    writeFileSync(file, value, { mode: 0o600 });
    run('az', ['keyvault', 'secret', 'set', '--vault-name', vault, '--name', name, '--file', file, '--output', 'none']);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

await asHook(async () => {
  const list = ['keyvault', 'secret', 'list', '--vault-name', vault, '--query', '[].name', '--output', 'tsv'];
  const known = (await onceAllowed(() => run('az', list))).split(/\s+/);
  if (!known.includes('approval-keys')) setSecret('approval-keys', `k1:${randomBytes(32).toString('base64')}`);
  if (!known.includes('admin-token')) setSecret('admin-token', randomBytes(32).toString('hex'));

  if (!process.env.ZEKT_GITHUB_APP_ID) {
    const registered = await registerApp({
      manifest: JSON.parse(readFileSync(new URL('github-app-manifest.json', import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >,
      zektUrl,
      organisation: process.env.ZEKT_GITHUB_ORGANISATION ?? null,
      onUrl: (url) => console.log(`\nOpen ${url} in your browser to register the GitHub App.\n`),
    });
    setSecret('github-app-private-key', registered.privateKey);
    setSecret('github-webhook-secret', registered.webhookSecret);
    setSecret('github-client-secret', registered.clientSecret);
    run('azd', ['env', 'set', 'ZEKT_GITHUB_APP_ID', String(registered.id)]);
    run('azd', ['env', 'set', 'ZEKT_GITHUB_APP_CLIENT_ID', registered.clientId]);
    // The next `azd provision` has them from its environment; this one is over.
    run('az', [
      ...['functionapp', 'config', 'appsettings', 'set', '--resource-group', group, '--name', app],
      ...['--settings', `ZEKT_GITHUB_APP_ID=${registered.id}`, `ZEKT_GITHUB_APP_CLIENT_ID=${registered.clientId}`],
      ...[
        `ZEKT_GITHUB_APP_CLIENT_SECRET=@Microsoft.KeyVault(VaultName=${vault};SecretName=github-client-secret)`,
        '--output',
        'none',
      ],
    ]);
    console.log(`Registered ${registered.htmlUrl}. Install it on the repositories that offer or receive.`);
  }
  console.log(`
Zekt will answer at ${zektUrl}. Next:
  export ZEKT_URL=${zektUrl}
  export ZEKT_ADMIN_TOKEN=$(az keyvault secret show --vault-name ${vault} --name admin-token --query value --output tsv)
  npx zekt doctor
`);
});
