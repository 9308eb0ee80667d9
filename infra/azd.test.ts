// azd's hooks in azd's order, on a fresh copy of the repository, with an `az` that answers from a table.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Hook {
  readonly run: string;
}
interface AzureYaml {
  readonly services: Record<string, { project: string; dist: string; hooks: Record<string, Hook> }>;
  readonly hooks: Record<string, Hook>;
}

const repository = fileURLToPath(new URL('../', import.meta.url));
let root: string;
let yaml: AzureYaml;
/** What `az` and `azd` were called with, and what they answer by the beginning of the call; `!` is a failure. */
let answers: Record<string, string[]>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'zekt-azd-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const name of files.split('\0').filter((it) => it !== '')) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    copyFileSync(join(repository, name), join(root, name));
  }
  // Link by link: if a hook installs all the same, it finds no way to the repository's own folder.
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(join(repository, 'node_modules')))
    symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name));
  utimesSync(join(root, 'package-lock.json'), 0, 0);
  yaml = parse(readFileSync(join(root, 'infra', 'azure.yaml'), 'utf8')) as AzureYaml;
  mkdirSync(join(root, 'fakes'));
  for (const name of ['az', 'azd']) {
    const script = `#!${process.execPath}
import fs from 'node:fs';
const call = ['${name}', ...process.argv.slice(2)].join(' ');
fs.appendFileSync(process.env.CALLS, call + '\\n');
const answers = JSON.parse(fs.readFileSync(process.env.ANSWERS, 'utf8'));
const key = Object.keys(answers).find((it) => call.startsWith(it));
const answer = key === undefined ? '' : answers[key].length > 1 ? answers[key].shift() : answers[key][0];
fs.writeFileSync(process.env.ANSWERS, JSON.stringify(answers));
if (answer.startsWith('!')) { console.error(answer.slice(1)); process.exit(1); }
console.log(answer);
`;
    writeFileSync(join(root, 'fakes', name), script);
    chmodSync(join(root, 'fakes', name), 0o755);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  answers = {
    'az functionapp list-flexconsumption-runtimes': ['20\n22'],
    'az keyvault secret list': ['approval-keys\nadmin-token'],
  };
});

/** Runs a hook as azd does: by sh, in the folder of its service or of azure.yaml. */
function play({ run }: Hook, folder: string, env: Record<string, string> = {}) {
  const calls = join(root, 'calls.txt');
  writeFileSync(calls, '');
  writeFileSync(join(root, 'answers.json'), JSON.stringify(answers));
  const { status, stdout, stderr } = spawnSync('sh', ['-c', run], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(root, 'fakes')}:${process.env.PATH ?? ''}`,
      CALLS: calls,
      ANSWERS: join(root, 'answers.json'),
      AZURE_LOCATION: 'westeurope',
      ...env,
    },
  });
  return { status, text: `${stdout}${stderr}`, calls: readFileSync(calls, 'utf8').trim().split('\n') };
}
const hook = (name: string): Hook => yaml.hooks[name] ?? { run: 'false' };
const infra = () => join(root, 'infra');

test('packaging, which comes first, finds what it deploys', () => {
  const service = yaml.services.zekt ?? { project: '', dist: '', hooks: {} };
  const project = join(infra(), service.project);
  expect(readFileSync(join(project, 'package.json'), 'utf8')).toContain('"name"');
  expect(() => readFileSync(join(project, service.dist, 'host.json'))).toThrow();
  expect(play(service.hooks.prepackage ?? { run: 'false' }, project)).toMatchObject({ status: 0 });
  for (const name of ['host.json', 'package.json', 'index.cjs'])
    expect(readFileSync(join(project, service.dist, name)).length).toBeGreaterThan(0);
});

test('before provisioning, a version of Node that the region lacks is refused with those it has', () => {
  expect(play(hook('preprovision'), infra())).toMatchObject({ status: 0 });
  answers['az functionapp list-flexconsumption-runtimes'] = ['18\n20'];
  const { status, text } = play(hook('preprovision'), infra());
  expect(status).toBe(1);
  expect(text).toContain('no Node 22 in westeurope: it has 18, 20');
});

test('before provisioning, nobody who would be told of an alert is worth a plain warning', () => {
  const silent = play(hook('preprovision'), infra());
  expect([silent.status, silent.text]).toEqual([0, expect.stringContaining('WARNING: ZEKT_ALERT_EMAIL is empty')]);
  const inWorkflow = play(hook('preprovision'), infra(), { GITHUB_ACTIONS: 'true' });
  expect(inWorkflow.text).toContain('::warning::ZEKT_ALERT_EMAIL is empty');
  const told = play(hook('preprovision'), infra(), { ZEKT_ALERT_EMAIL: 'operator@example.com' });
  expect([told.status, told.text]).toEqual([0, expect.not.stringContaining('ZEKT_ALERT_EMAIL')]);
});

test('before provisioning a private network, its resource provider is registered', () => {
  answers['az provider show'] = ['NotRegistered'];
  const { status, calls } = play(hook('preprovision'), infra(), { ZEKT_PRIVATE_NETWORKING: 'true' });
  expect(status).toBe(0);
  expect(calls).toContain('az provider register --namespace Microsoft.App --wait');
});

test('without a sign-in to Azure the sentence of the Azure CLI is what is said', () => {
  answers['az functionapp list-flexconsumption-runtimes'] = ["!Please run 'az login' to setup account."];
  const { status, text } = play(hook('preprovision'), infra());
  expect([status, text]).toEqual([1, expect.stringContaining("Please run 'az login'")]);
});

test('after provisioning, a role that is not known yet is waited for, and what is missing is made', () => {
  answers['az keyvault secret list'] = ['!(Forbidden) Caller is not authorized (ForbiddenByRbac)', 'approval-keys'];
  const { status, text, calls } = play(hook('postprovision'), infra(), {
    keyVaultName: 'kv-zekt-1',
    functionAppName: 'func-zekt-1',
    zektUrl: 'https://func-zekt-1.azurewebsites.net',
    AZURE_RESOURCE_GROUP: 'zekt-prod',
    ZEKT_GITHUB_APP_ID: '42',
  });
  expect([status, text]).toEqual([0, expect.stringContaining('Zekt will answer at https://func-zekt-1')]);
  expect(calls.filter((call) => call.startsWith('az keyvault secret list'))).toHaveLength(2);
  const set = calls.filter((call) => call.startsWith('az keyvault secret set'));
  expect(set).toEqual([expect.stringMatching(/--vault-name kv-zekt-1 --name admin-token --file \S+ --output none$/)]);
});

describe('secrets that were changed in Key Vault', () => {
  const id = '/subscriptions/1/resourceGroups/zekt-prod/providers/Microsoft.Web/sites/func-zekt-1';
  const references = `${id}/config/configreferences/appsettings`;
  const refresh = (...statuses: string[]) => {
    const value = statuses.map((status, n) => ({ name: `func-zekt-1/appsettings/ZEKT_${n}`, properties: { status } }));
    answers['az functionapp show'] = [id];
    answers['az rest --method get'] = [JSON.stringify({ value })];
    return play({ run: 'npm run -s azure:refresh-secrets -- zekt-prod func-zekt-1' }, root);
  };

  test('references are fetched anew, and the app restarted with them', () => {
    const { status, text, calls } = refresh('Resolved', 'Resolved');
    expect([status, text]).toEqual([0, expect.stringContaining('2 references are fetched anew')]);
    expect(calls.slice(1)).toEqual([
      `az rest --method post --url ${references}/refresh?api-version=2024-11-01`,
      `az rest --method get --url ${references}?api-version=2024-11-01`,
      'az functionapp restart --resource-group zekt-prod --name func-zekt-1',
    ]);
  });

  test('one that Azure can not read is named, and the app goes on as it is', () => {
    const { status, text, calls } = refresh('Resolved', 'SecretNotFound');
    expect([status, text]).toEqual([1, expect.stringContaining('ZEKT_1: SecretNotFound')]);
    expect(calls.join('\n')).not.toContain('restart');
  });
});

let built: readonly string[] | null = null;
/** Names of the functions that the built app registers. */
function namesOfBuilt(): readonly string[] {
  const args = [
    join('packages', 'azure-doubles', 'src', 'functions', 'main.ts'),
    join('functions', 'dist', 'index.cjs'),
  ];
  const listed = execFileSync(process.execPath, [...args, '--list'], { cwd: root, encoding: 'utf8' });
  return (JSON.parse(listed) as { readonly name: string }[]).map(({ name }) => name);
}

/** What `az functionapp function list` says of the app as it was built, changed. */
function listed(change: (functions: { name: string; isDisabled: boolean }[]) => object[]): string {
  built ??= namesOfBuilt();
  return JSON.stringify(change(built.map((name) => ({ name: `func-zekt-1/${name}`, isDisabled: false }))));
}

/** The hook after a deployment, while the app answers `/api/ready` so. It asks by HTTP, so this process must go on meanwhile. */
async function afterDeployment(status: number): Promise<{ readonly code: number | null; readonly text: string }> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/api/ready' ? status : 404).end('{"ready":false}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(root, 'calls.txt'), '');
  writeFileSync(join(root, 'answers.json'), JSON.stringify(answers));
  const { run } = yaml.services.zekt?.hooks.postdeploy ?? { run: 'false' };
  const child = spawn('sh', ['-c', run], {
    cwd: join(root, 'functions'),
    env: {
      ...process.env,
      PATH: `${join(root, 'fakes')}:${process.env.PATH ?? ''}`,
      CALLS: join(root, 'calls.txt'),
      ANSWERS: join(root, 'answers.json'),
      AZURE_RESOURCE_GROUP: 'zekt-prod',
      functionAppName: 'func-zekt-1',
      zektUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ZEKT_CHECK_PATIENCE_MS: '1',
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (it: string) => (text += it));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await new Promise((resolve) => server.close(resolve));
  return { code, text };
}

test('after a deployment, every function that was built must be there, which may take a moment, and Zekt be ready', async () => {
  answers['az functionapp function list'] = ['[]', listed((functions) => functions)];
  const { code, text } = await afterDeployment(200);
  expect([code, text]).toEqual([
    0,
    expect.stringMatching(/Not yet: \d+ of \d+ functions.*All \d+ functions are there/s),
  ]);
});

test('after a deployment, a missing function and a disabled one are named, whatever /api/ready says', async () => {
  answers['az functionapp function list'] = [
    listed((functions) => functions.filter(({ name }) => !name.endsWith('/dispatch'))),
  ];
  expect(await afterDeployment(200)).toEqual({
    code: 1,
    text: expect.stringMatching(/1 of \d+ functions are missing: dispatch\./),
  });
  answers['az functionapp function list'] = [
    listed((functions) => functions.map((it) => ({ ...it, isDisabled: it.name.endsWith('/track') }))),
  ];
  expect(await afterDeployment(200)).toEqual({
    code: 1,
    text: expect.stringContaining('Functions are disabled: track.'),
  });
});

test('after a deployment, an app that is not ready is a failure with what it says', async () => {
  answers['az functionapp function list'] = [listed((functions) => functions)];
  const { code, text } = await afterDeployment(503);
  expect([code, text]).toEqual([1, expect.stringContaining('answers 503: {"ready":false}')]);
});
