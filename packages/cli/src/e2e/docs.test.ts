import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { errorStatuses } from '@zekt/api';
import { operations, validate } from '@zekt/contracts';
import { namesOfSettings } from '@zekt/host';
import { mappings, typesOfProviders } from '@zekt/notifications';
import { parseAllDocuments } from 'yaml';
import { readResources } from '../commands/resources.ts';
import { openFixture, until, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

// What the documents tell people to type is typed here, against a server in the state that the tutorial leaves behind.

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const story = ['story', 'request'].map((name) => fileURLToPath(new URL(`../dev/${name}.yaml`, import.meta.url)));
const names = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'packages/hook-sdk/README.md'],
  ...(await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const pages = await Promise.all(names.map(async (name) => ({ name, text: await readFile(join(root, name), 'utf8') })));
const scripts = Object.keys(
  (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);

const fences = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, body]) => body ?? '');
const commandsOf = (text: string): string[] => fences(text, 'sh').flatMap((block) => block.trim().split('\n'));

let world: Fixture;
let variables: Record<string, string>;

beforeAll(async () => {
  world = await openFixture({ settings: { ZEKT_EVENT_ONLY_GRACE: '5s' } });
  for (const id of ['platform-orders', 'finance-orders']) await world.client('deleteSubscription', { params: { id } });
  await world.client('deleteService', { params: { owner: 'acme', name: 'orders' } });
  world.github.world.user('mona');
  await world.client('putSecret', { params: { name: 'slack-url' }, body: { value: world.slack.webhookUrl } });
  // Those of the story, and of the pages that say to set one.
  for (const name of ['teams-workflows-url', 'teams-connector-url', 'release-channel-url', 'releases-url'])
    await world.client('putSecret', { params: { name }, body: { value: world.teams.workflowsUrl } });
  await world.client('applyResources', { body: { resources: readResources(story) } });
  await world.client('approveSubscription', { params: { id: 'platform-builds-orders' } });
  const run = world.startRun({ workflow: '.github/workflows/order-infrastructure.yaml' });
  await world.send(run, { body: { eventType: 'infrastructure-ordered' } });
  world.github.completeRun(run);
  await until(
    async () => (await world.deliveries()).filter(({ state }) => state === 'dispatched').length === 2,
    'dispatched',
  );
  const { deliveryId, correlationId } = world.github.dispatchesTo('contoso/platform')[0]?.clientPayload._zekt as Record<
    string,
    string
  >;
  const { body: approval } = await world.post(run, '/api/approvals', {
    title: 'basket 2.4.1 to production',
    policy: { approvers: [{ github: 'mona' }] },
  });
  variables = { DELIVERY: deliveryId ?? '', RUN: correlationId ?? '', APPROVAL: String(approval.id) };
});
afterAll(() => world.stop());

test('there are commands to try', () => {
  expect(pages.flatMap(({ text }) => commandsOf(text)).length).toBeGreaterThan(25);
});

describe.each(pages.filter(({ text }) => commandsOf(text).length > 0))('$name', ({ text }) => {
  test('every command does what it should', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'zekt-docs-'));
    const file = fences(text, 'yaml').find((block) => block.startsWith('# zekt.yaml'));
    if (file !== undefined) await writeFile(join(directory, 'zekt.yaml'), file);
    for (const command of commandsOf(text)) {
      const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      if (words[0] === 'npm') {
        expect(scripts).toContain(words[1] === 'run' ? words[2] : words[1]);
        continue;
      }
      expect(words.slice(0, 2)).toEqual(['npx', 'zekt']);
      const args = words
        .slice(2)
        .map((word) =>
          word.startsWith('$')
            ? (variables[word.slice(1)] ?? word)
            : word === 'zekt.yaml'
              ? join(directory, word)
              : word,
        );
      const { code, stderr } = await runZekt(args, world.clientEnvironment);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    }
  });
});

test('the step that asks Zekt whether a version was approved goes on for that version alone', async () => {
  const tutorial = pages.find(({ name }) => name.endsWith('approval-gate.md'))?.text ?? '';
  const workflow = fences(tutorial, 'yaml').find((block) => block.startsWith('# .github/workflows/deploy.yaml'));
  const { jobs } = parseAllDocuments(workflow ?? '')[0]?.toJS() as {
    jobs: { deploy: { steps: readonly { run: string; env: object }[] } };
  };
  const [step = { run: '', env: {} }] = jobs.deploy.steps;
  expect(Object.keys(step.env)).toEqual(['ZEKT', 'APPROVAL', 'SHA']);
  const run = world.startRun();
  const { body } = await world.post(run, '/api/approvals', {
    title: 'basket to production',
    environment: 'production',
    version: 'a1b2c3',
    policy: { approvers: [{ github: 'mona' }] },
  });
  const id = String(body.id);
  const { requestUrl, requestToken } = world.github.jobCredentials(run);
  /** As a runner does it: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax (jobs.<job_id>.steps[*].shell). */
  const exitOf = (changes: NodeJS.ProcessEnv): Promise<string | number> =>
    new Promise((resolve) => {
      const env = {
        PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
        ZEKT: world.zekt.url,
        APPROVAL: id,
        SHA: 'a1b2c3',
        ...changes,
      };
      execFile('bash', ['-e', '-c', step.run], { env }, (error, _, stderr) =>
        resolve(error ? (/Error: (.*)/.exec(stderr)?.[1] ?? stderr) : 0),
      );
    });
  expect(await exitOf({})).toBe('Not approved: a1b2c3 to production is pending.');
  await world.client('decideApproval', { params: { id }, body: { decision: 'approved' } });
  const answers = await Promise.all([exitOf({}), exitOf({ SHA: 'd4e5f6' }), exitOf({ APPROVAL: 'apr_made-up' })]);
  expect(answers).toEqual([
    0,
    'Not approved: a1b2c3 to production is approved.',
    expect.stringContaining('answered 404'),
  ]);
});

test.each(pages)('$name: links lead somewhere', async ({ name, text }) => {
  for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
    await expect(readFile(join(root, dirname(name), target ?? ''), 'utf8')).resolves.toBeDefined();
  }
});

test('every YAML block is YAML, and every resource in it is one', () => {
  const contracts = {
    Service: 'ServiceResource',
    Subscription: 'SubscriptionResource',
    Channel: 'ChannelResource',
    Identity: 'IdentityResource',
    Provider: 'ProviderResource',
    Alert: 'AlertResource',
    Secret: 'SecretResource',
    Target: 'HookTargetResource',
    Execution: 'HookExecutionResource',
  } as const;
  for (const { name, text } of pages) {
    for (const document of fences(text, 'yaml').flatMap((block) => parseAllDocuments(block))) {
      expect([name, document.errors]).toEqual([name, []]);
      const value = document.toJS() as { kind?: keyof typeof contracts } | null;
      if (value?.kind) expect(validate(contracts[value.kind], value)).toMatchObject({ ok: true });
    }
  }
});

test('no workflow runs a package of a name that is not ours', () => {
  for (const { name, text } of pages)
    for (const block of fences(text, 'yaml').filter((it) => /\bsteps:|- run:/.test(it)))
      expect([name, block]).toEqual([name, expect.not.stringMatching(/\bnpx\b/)]);
});

test('the payload in the reference is one', () => {
  const page = pages.find(({ name }) => name.endsWith('payload.md'));
  expect(validate('ClientPayload', JSON.parse(fences(page?.text ?? '', 'json')[0] ?? ''))).toMatchObject({ ok: true });
});

test('every domain event, and every type of provider, is in the reference', () => {
  const page = (name: string): string => pages.find(({ name: it }) => it.endsWith(`reference/${name}.md`))?.text ?? '';
  for (const [type, { kind, severity, reason, tellsOfCommit }] of Object.entries(mappings))
    expect(page('notification-events')).toContain(
      `| \`${type}\` | \`${kind}\` | ${severity} | \`${reason}\` | ${tellsOfCommit ? 'yes' : '–'} |`,
    );
  for (const type of typesOfProviders) {
    expect(page(`providers/${type.replace('.', '-')}`)).toContain(`\`type: ${type}\``);
    expect(page('providers/README')).toContain(`| [${type}](`);
  }
});

test('every route, error code, setting, action input and command is in the reference', async () => {
  const page = (name: string): string => pages.find((it) => it.name.endsWith(`reference/${name}.md`))?.text ?? '';
  for (const { method, path } of Object.values(operations)) expect(page('http')).toContain(`\`${method} ${path}\``);
  for (const [code, status] of Object.entries(errorStatuses))
    expect(page('errors')).toMatch(new RegExp(`\\| ${status} \\|.*\`${code}\``));
  for (const name of namesOfSettings()) expect(page('settings')).toContain(`\`${name}\``);
  for (const name of namesOfSettings('azure')) expect(page('settings')).toContain(`\`${name}\``);
  const actions = [
    ['action.yml', page('action'), 'dist/index.js'],
    ['approve/action.yml', page('approvals'), '../dist/approve/index.js'],
  ] as const;
  for (const [file, text, main] of actions) {
    const action = parseAllDocuments(await readFile(join(root, file), 'utf8'))[0]?.toJS() as {
      inputs: Record<string, { default?: string }>;
      outputs: object;
      runs: { readonly post?: string };
    };
    for (const [name, { default: value }] of Object.entries(action.inputs))
      expect(text).toContain(`| \`${name}\` | ${value === undefined ? '–' : `\`${value}\``} |`);
    for (const name of Object.keys(action.outputs)) expect(text).toContain(`\`${name}\``);
    expect(action.runs).toMatchObject({ using: 'node24', main });
    // What is withdrawn in a job that was cancelled is withdrawn by the same file.
    expect(action.runs.post ?? main).toBe(main);
  }
});
