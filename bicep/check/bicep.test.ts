import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  containerDefinition,
  containerName,
  databaseName,
  leaseContainerDefinition,
  queueDefinition,
  queueNames,
} from '@zekt/azure';
import { namesOfSettings } from '@zekt/host';
import { parseBicep, type BicepFile } from './parse-bicep.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const bicepFiles = ['main.bicep', ...readdirSync(join(root, 'modules')).map((name) => join('modules', name))];
const parameterFiles = [
  'main.bicepparam',
  ...readdirSync(join(root, 'parameters'))
    .filter((name) => name.endsWith('.bicepparam'))
    .map((name) => join('parameters', name)),
];
const files = new Map<string, BicepFile>();

beforeAll(async () => {
  for (const name of bicepFiles) files.set(name, await parseBicep(join(root, name)));
});
const file = (name: string): BicepFile => {
  const found = files.get(name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};
const all = () => [...files.values()];
const resources = () => all().flatMap((it) => it.resources.map((resource) => ({ ...resource, path: it.path })));

/** `name: value` pairs of an object that begins after a text; nested braces are the value's. */
function keysOf(text: string, start: string): string[] {
  const from = text.indexOf(start);
  if (from < 0) return [];
  let depth = 0;
  const keys: string[] = [];
  for (const match of text
    .slice(from + start.length)
    .matchAll(/'(?:[^'\\]|\\.)*'|[{}()[\]]|(?<=[{,\n]\s*)([A-Za-z_]\w*)\s*:/g)) {
    const [token, key] = match;
    if ('{(['.includes(token)) depth += 1;
    else if ('})]'.includes(token)) depth -= 1;
    else if (key !== undefined && depth === 1) keys.push(key);
    if (depth === 0 && '})]'.includes(token)) break;
  }
  return keys;
}

describe('syntax and names', () => {
  test.each(bicepFiles)('%s has no error of syntax, and every parameter is described', (name) => {
    const { errors, parameters } = file(name);
    expect(errors).toEqual([]);
    const silent = parameters.filter(({ decorators }) => !decorators.join('\n').includes('@description('));
    expect(silent.map(({ name: parameter }) => parameter)).toEqual([]);
  });

  test('every module gets just the parameters it has, and only outputs that exist are used', () => {
    for (const { path, modules, text } of all()) {
      for (const module of modules) {
        const target = file(module.path.startsWith('modules/') ? module.path : join('modules', module.path));
        const wanted = target.parameters.map(({ name }) => name).sort();
        expect([path, module.symbol, keysOf(module.text, 'params: ').sort()]).toEqual([path, module.symbol, wanted]);
        for (const [, output] of text.matchAll(
          new RegExp(`\\b${module.symbol}(?:!|\\[\\w+\\])?\\.outputs\\.(\\w+)`, 'g'),
        )) {
          expect(target.outputs.map(({ name }) => name)).toContain(output);
        }
      }
    }
  });

  test.each(parameterFiles)('%s sets only parameters of main.bicep', (name) => {
    const text = readFileSync(join(root, name), 'utf8');
    const known = file('main.bicep').parameters.map((parameter) => parameter.name);
    const set = [...text.matchAll(/^param (\w+) =/gm)].map(([, parameter]) => parameter);
    expect(set.filter((parameter) => !known.includes(parameter ?? ''))).toEqual([]);
    expect(set).toContain('environmentName');
    for (const { name: secret, decorators } of file('main.bicep').parameters)
      if (decorators.join('\n').includes('@secure()')) expect(set).not.toContain(secret);
    // The grammar has no parameter files: every line is a comment, `using`, or a value.
    for (const line of text.split('\n'))
      expect(line).toMatch(/^(\/\/ .*|using '(\.\.\/)?main\.bicep'|param \w+ = .+|)$/);
  });

  test('resources have the versions that were chosen', () => {
    const chosen: Readonly<Record<string, string>> = {
      'Microsoft.Web': '2024-11-01',
      'Microsoft.DocumentDB': '2025-04-15',
      'Microsoft.ServiceBus': '2024-01-01',
      'Microsoft.Storage': '2025-01-01',
      'Microsoft.OperationalInsights': '2025-02-01',
      'Microsoft.KeyVault': '2024-11-01',
      'Microsoft.ManagedIdentity': '2024-11-30',
      'Microsoft.Authorization': '2022-04-01',
      'Microsoft.Insights/components': '2020-02-02',
    };
    for (const { type, version, path } of resources()) {
      const wanted = chosen[type] ?? chosen[type.split('/')[0] ?? ''];
      if (wanted !== undefined) expect([path, type, version]).toEqual([path, type, wanted]);
    }
  });
});

test('every parameter that is no secret can be set by the environment, and has the same default there', () => {
  const text = readFileSync(join(root, 'main.bicepparam'), 'utf8');
  const settings = new Map(
    [...text.matchAll(/^param (\w+) = (?:\w+\()?readEnvironmentVariable\('(\w+)', '(.*?)'\)+$/gm)].map(
      ([, name = '', variable, otherwise]) => [name, { variable, otherwise }],
    ),
  );
  const open = file('main.bicep').parameters.filter(({ decorators }) => !decorators.join('\n').includes('@secure()'));
  expect([...settings.keys()].sort()).toEqual(open.map(({ name }) => name).sort());
  const azd = { environmentName: 'AZURE_ENV_NAME', location: 'AZURE_LOCATION' };
  const own = { operatorPrincipalId: 'AZURE_PRINCIPAL_ID', operatorPrincipalType: 'AZURE_PRINCIPAL_TYPE' };
  const chosen: Readonly<Record<string, string>> = { ...azd, ...own };
  for (const { name, text: parameter } of open) {
    const { variable, otherwise } = settings.get(name) ?? {};
    expect(variable).toBe(chosen[name] ?? `ZEKT_${name.replace(/(?<=[a-z\d])([A-Z])/g, '_$1').toUpperCase()}`);
    const [, value] = / = '?(.*?)'?$/m.exec(parameter) ?? [];
    if (!(name in azd)) expect([name, otherwise]).toEqual([name, value]);
  }
});

test('the function app has nothing that Flex Consumption does not take', () => {
  const { text } = file(join('modules', 'functions.bicep'));
  const refused = [
    'ftpsState',
    "name: 'ftp'",
    'alwaysOn',
    'linuxFxVersion',
    'FUNCTIONS_WORKER_RUNTIME',
    'FUNCTIONS_EXTENSION_VERSION',
  ];
  const websites = [
    'WEBSITE_RUN_FROM_PACKAGE',
    'WEBSITE_CONTENTSHARE',
    'WEBSITE_NODE_DEFAULT_VERSION',
    'use32BitWorkerProcess',
  ];
  for (const name of [...refused, ...websites]) expect([name, text.includes(name)]).toEqual([name, false]);
});

describe('safety', () => {
  test('no key and no connection string is read, put out or set', () => {
    for (const { path, text, outputs } of all()) {
      expect([path, /\blist(Keys|AccountKeys|ConnectionStrings|Secrets)\s*\(/i.test(text)]).toEqual([path, false]);
      expect([path, /AccountKey=|SharedAccessKey|InstrumentationKey/i.test(text)]).toEqual([path, false]);
      for (const output of outputs) {
        expect([
          path,
          output.name,
          /key(?!Vault)\b|secret|connectionString|password|token/i.test(output.text.replace(/keyVault/gi, '')),
        ]).toEqual([path, output.name, false]);
      }
    }
    const connections = appSettings().filter((name) => /connection_?string/i.test(name));
    // An address: with local authentication disabled its key opens nothing.
    expect(connections).toEqual(['APPLICATIONINSIGHTS_CONNECTION_STRING']);
  });

  test('keys are refused by everything that could take them, and old TLS as well', () => {
    const rules: Readonly<Record<string, readonly RegExp[]>> = {
      'Microsoft.DocumentDB/databaseAccounts': [/disableLocalAuth: true/, /minimalTlsVersion: 'Tls12'/],
      'Microsoft.ServiceBus/namespaces': [/disableLocalAuth: true/, /minimumTlsVersion: '1\.2'/],
      'Microsoft.Storage/storageAccounts': [
        /allowSharedKeyAccess: false/,
        /allowBlobPublicAccess: false/,
        /minimumTlsVersion: 'TLS1_2'/,
        /supportsHttpsTrafficOnly: true/,
      ],
      'Microsoft.KeyVault/vaults': [/enableRbacAuthorization: true/, /enablePurgeProtection: true/],
      'Microsoft.OperationalInsights/workspaces': [/disableLocalAuth: true/],
      'Microsoft.Insights/components': [/DisableLocalAuth: true/],
      'Microsoft.Web/sites': [/httpsOnly: true/, /minTlsVersion: '1\.2'/],
      'Microsoft.Web/sites/basicPublishingCredentialsPolicies': [/allow: false/],
    };
    for (const [type, patterns] of Object.entries(rules)) {
      const found = resources().filter((resource) => resource.type === type && !resource.isExisting);
      expect([type, found.length > 0]).toEqual([type, true]);
      for (const { text } of found) for (const pattern of patterns) expect(text).toMatch(pattern);
    }
  });

  test('only known roles are given, each to one resource', () => {
    const known = [
      '00000000-0000-0000-0000-000000000002', // Cosmos DB Built-in Data Contributor
      '090c5cfd-751d-490a-894a-3ce6f1109419', // Service Bus Data Owner: the platform's scaler reads the queues' lengths with it
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', // Storage Blob Data Owner
      '4633458b-17de-408a-b874-0445c86b69e6', // Key Vault Secrets User
      'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', // Key Vault Secrets Officer, for who sets them
      '3913510d-42f4-4e42-8a64-420c390055eb', // Monitoring Metrics Publisher
    ];
    const used = all().flatMap(({ text }) => text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []);
    expect([...new Set(used)].sort()).toEqual([...known].sort());
    for (const { type, text } of resources()) {
      if (type.endsWith('/roleAssignments')) expect(text).toMatch(/\n {2}scope: \w+\n/);
      if (type.endsWith('/sqlRoleAssignments')) expect(text).toMatch(/scope: '\$\{account\.id\}\/dbs\//);
    }
  });

  test('every secret is a secure parameter without a value, and every secure parameter is a secret', () => {
    for (const { path, parameters, text } of all()) {
      for (const { name, decorators } of parameters) {
        const isSecret =
          /privateKey$|secret(Previous)?$|adminToken(Previous)?$|approvalKeys$/i.test(name) &&
          !name.startsWith('rotating');
        expect([path, name, decorators.join('\n').includes('@secure()')]).toEqual([path, name, isSecret]);
        if (isSecret) expect(text).toMatch(new RegExp(`param ${name} string( = '')?\\n`));
      }
    }
  });
});

/** Names of the app settings that Bicep sets. */
function appSettings(): string[] {
  const settings = file(join('modules', 'functions.bicep')).resources.find(
    ({ type }) => type === 'Microsoft.Web/sites/config',
  );
  return keysOf((settings?.text ?? '').replace(/^\s*\/\/.*$/gm, ''), 'properties: ');
}

describe('what the code expects is there, and nothing else', () => {
  test('every setting that the function app reads is set, and every one that is set is read', () => {
    /** The host's own, or the connections' by its rules. */
    const hostSettings = [
      'AzureWebJobsStorage__accountName',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__clientId',
      'Cosmos__credential',
      'Cosmos__clientId',
      'ServiceBus__credential',
      'ServiceBus__clientId',
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
      'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT',
      'OTEL_TRACES_SAMPLER',
      'OTEL_TRACES_SAMPLER_ARG',
    ];
    /** Read, but not by a function app, or for emulators, or another form of one that is set. */
    const notInAzure = [
      'ZEKT_HOST',
      'ZEKT_PORT',
      'ZEKT_ACCEPTORS',
      'ZEKT_DATA_DIR',
      'ZEKT_DOCTOR_EVERY',
      'ZEKT_GITHUB_APP_PRIVATE_KEY_FILE',
      'ZEKT_SECRETS_KEY_FILE',
      // Given by the host.
      'WEBSITE_HOSTNAME',
      // For GitHub Enterprise Server, other clouds and what Microsoft has retired.
      'ZEKT_GITHUB_URL',
      'ZEKT_ENTRA_AUTHORITY',
      'ZEKT_CARD_LEGACY_ISSUER',
      'ZEKT_CARD_BOT_ISSUER',
      'ZEKT_CARD_BOT_OPENID_URL',
      'Cosmos',
      'ServiceBus',
    ];
    const read = namesOfSettings('azure').filter((name) => !notInAzure.includes(name));
    expect(appSettings().sort()).toEqual([...read, ...hostSettings].sort());
  });

  test('every secret that is referred to is one that Key Vault holds', () => {
    const referred = [...file(join('modules', 'functions.bicep')).text.matchAll(/\$\{vaultUri\}secrets\/([\w-]+)/g)];
    const held = [
      ...file(join('modules', 'key-vault.bicep')).text.matchAll(/^ {2}name: '([\w-]+)'\n {2}properties: \{ value/gm),
    ];
    expect(referred.map(([, name]) => name).sort()).toEqual(held.map(([, name]) => name).sort());
    expect(referred).toHaveLength(8);
  });

  test('every queue exists, made as the code was tested with', () => {
    const { text } = file(join('modules', 'service-bus.bicep'));
    const names = /queueNames = \[([^\]]*)\]/.exec(text)?.[1]?.match(/\w+/g);
    expect(names).toEqual([...queueNames]);
    for (const [name, value] of Object.entries(queueDefinition)) {
      expect(text).toContain(`${name}: ${typeof value === 'string' ? `'${value}'` : String(value)}`);
    }
  });

  test('both containers exist, with the partition key, time to live and index that the code counts on', () => {
    const { resources: found } = file(join('modules', 'cosmos.bicep'));
    const container = (symbol: string): string => found.find((resource) => resource.symbol === symbol)?.text ?? '';
    expect(found.find(({ type }) => type.endsWith('/sqlDatabases'))?.text).toContain(`name: '${databaseName}'`);
    const state = container('state');
    expect(state).toContain(`name: '${containerName}'`);
    expect(state).toContain(`paths: ['${containerDefinition.partitionKey.paths.join("', '")}']`);
    expect(state).toContain(`defaultTtl: ${containerDefinition.defaultTtl}`);
    const { includedPaths, excludedPaths } = containerDefinition.indexingPolicy;
    expect(state).toContain(`includedPaths: [${includedPaths.map(({ path }) => `{ path: '${path}' }`).join(', ')}]`);
    expect(state).toContain(`excludedPaths: [${excludedPaths.map(({ path }) => `{ path: '${path}' }`).join(', ')}]`);
    const leases = container('leases');
    expect(leases).toContain(`name: '${leaseContainerDefinition.id}'`);
    expect(leases).toContain(`paths: ['${leaseContainerDefinition.partitionKey.paths.join()}']`);
  });
});
