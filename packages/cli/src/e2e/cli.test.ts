import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stringify } from 'yaml';
import { openFixture, serviceResource, subscriptionResource, until, workflow, type Fixture } from './fixture.ts';
import { runZekt, runZektProcess } from './run-zekt.ts';

let world: Fixture;
let deliveryId: string;
let correlationId: string;

beforeAll(async () => {
  world = await openFixture();
  const run = world.startRun();
  await world.send(run);
  world.github.completeRun(run);
  await until(
    async () => (await world.deliveries()).filter(({ state }) => state === 'dispatched').length === 2,
    'dispatched',
  );
  ({ deliveryId, correlationId } = world.github.dispatchesTo('contoso/platform')[0]?.clientPayload._zekt as {
    deliveryId: string;
    correlationId: string;
  });
});
afterAll(() => world.stop());

const zekt = (args: string, stdin?: string) => runZekt(args.split(' '), world.clientEnvironment, stdin);

describe('day to day', () => {
  test.each([
    ['services', ['acme/orders', workflow]],
    ['subscriptions', ['platform-orders', 'approved', 'contoso/finance']],
    ['runs', ['completed', 'success']],
    ['deliveries', ['dispatched', 'contoso/platform']],
    ['deliveries --subscription finance-orders', ['contoso/finance']],
    ['diagnose finance-orders', ['healthy', '1 of 1 succeeded (100 %)']],
    ['tail --no-follow', ['message.received', 'run.completed', 'delivery.dispatched']],
    ['get service acme/orders', ['kind: Service', 'name: orders']],
    ['get subscriptions', ['name: finance-orders', '---', 'name: platform-orders']],
  ])('zekt %s', async (args, expected) => {
    const { code, stdout, stderr } = await zekt(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const text of expected) expect(stdout).toContain(text);
    // Not a terminal: no colour.
    expect(stdout).not.toContain('\u001b');
  });

  test.each([
    'services',
    'subscriptions',
    'runs',
    'deliveries',
    'deliveries --dead',
    'diagnose finance-orders',
    'get services',
    'doctor acme/requests',
  ])('zekt %s --json is JSON', async (args) => {
    const { code, stdout } = await zekt(`${args} --json`);
    expect(code).toBe(0);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });

  test('one run and one delivery by id', async () => {
    expect((await zekt(`runs ${correlationId}`)).stdout).toContain(correlationId);
    expect((await zekt(`deliveries ${deliveryId}`)).stdout).toContain(deliveryId);
    expect((await zekt(`deliveries --run ${correlationId}`)).stdout).toContain(deliveryId);
  });

  test('replay', async () => {
    const { code, stdout } = await zekt(`replay ${deliveryId}`);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${deliveryId} is sent again as delivery-`));
  });
});

describe('resources', () => {
  let file: string;
  beforeAll(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'zekt-cli-')), 'zekt.yaml');
    const service = { ...serviceResource, spec: { ...serviceResource.spec, description: 'Orders, new' } };
    await writeFile(
      file,
      `${stringify(service)}---\n${stringify(subscriptionResource('extra-orders', 'contoso/finance', { state: undefined }))}---\n`,
    );
  });

  test('apply shows the difference without making it, makes it, and then has nothing to do', async () => {
    const dry = await zekt(`apply -f ${file} --dry-run`);
    expect(dry.stdout).toContain('Service acme/orders: updated (dry run)\n  description: "" -> "Orders, new"');
    expect(dry.stdout).toContain('Subscription extra-orders: created (dry run)');
    expect((await zekt('get service acme/orders')).stdout).not.toContain('Orders, new');
    expect((await zekt(`apply -f ${file}`)).stdout).toContain('Subscription extra-orders: created');
    expect((await zekt(`apply -f ${file}`)).stdout).toBe(
      'Service acme/orders: unchanged\nSubscription extra-orders: unchanged\n',
    );
  });

  test('a request is decided, with a reason in its history', async () => {
    expect((await zekt('subscriptions reject extra-orders --reason later')).stdout).toContain('rejected');
    expect((await zekt('get subscription extra-orders')).stdout).toContain('reason: later');
    expect((await zekt('subscriptions approve extra-orders')).stdout).toContain('approved');
    expect(await zekt('subscriptions reject extra-orders')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is approved, so it can't be rejected"),
    });
  });

  test('delete, from standard input applied again', async () => {
    expect(await zekt('delete subscription extra-orders')).toMatchObject({
      code: 0,
      stdout: 'subscription extra-orders: removed\n',
    });
    expect(await zekt('get subscription extra-orders')).toMatchObject({
      code: 1,
      stderr: "zekt: There is no subscription 'extra-orders'.\n",
    });
    expect(await zekt('apply -f -', stringify(subscriptionResource('extra-orders', 'contoso/finance')))).toMatchObject({
      code: 0,
    });
    await zekt('delete subscription extra-orders');
  });

  test.each([
    ['kind: [unclosed', 2, /<standard input>: .*at line/],
    ['just text', 2, /must be a resource/],
    [
      'kind: Banana',
      1,
      /'kind' must be Secret, Channel, Identity, Provider, Alert, Service, Subscription, Target or Execution; got "Banana"/,
    ],
    [
      stringify({ ...serviceResource, metadata: { owner: 'acme', name: 'Bad Slug' } }),
      1,
      /Service acme\/Bad Slug: 'metadata.name' must match pattern/,
    ],
    [
      stringify({ ...serviceResource, spec: { ...serviceResource.spec, repo: 'x' } }),
      1,
      /'spec' has the unknown property 'repo'/,
    ],
    [
      stringify({ ...serviceResource, spec: { ...serviceResource.spec, workflow: 'order.yaml' } }),
      1,
      /'spec.workflow' must match pattern/,
    ],
    [
      stringify({ ...serviceResource, metadata: { owner: 'acme', name: 'second' } }),
      1,
      /is offered as 'acme\/orders' already/,
    ],
    [
      stringify(subscriptionResource('nowhere', 'contoso/nothing')),
      1,
      /can't see|cannot see the repository 'contoso\/nothing'/,
    ],
    [
      stringify({
        ...subscriptionResource('lost', 'contoso/finance'),
        spec: { service: 'acme/unknown', repository: 'contoso/finance' },
      }),
      1,
      /There is no service 'acme\/unknown'/,
    ],
  ])('a file that is wrong is told where and why: %#', async (yaml, code, message) => {
    const finished = await zekt('apply -f -', yaml);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(message);
  });
});

describe('doctor', () => {
  test('all well: exit code 0', async () => {
    const { code, stdout } = await zekt(`doctor acme/requests ${workflow}`);
    expect(code).toBe(0);
    expect(stdout).not.toContain('✗');
  });

  test('without arguments it looks at the server and its App', async () => {
    const { code, stdout } = await zekt('doctor');
    expect(code).toBe(0);
    for (const id of ['app credentials', 'webhook url', 'webhook deliveries', 'clock', 'storage', 'installations'])
      expect(stdout).toContain(`✓ ${id}: `);
  });

  test('names each thing that is missing, and how to mend it: what only the other side can mend is no failure', async () => {
    expect(await zekt('doctor nobody/nothing')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ installation: .*nobody\/nothing[^]*fix: Install the App/),
    });
    expect(await zekt('doctor acme/requests .github/workflows/other.yaml')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ allow-list: .*other\.yaml.*not allow-listed[^]*fix: Apply a Service/),
    });
    const { permissions } = world.contoso;
    world.contoso.permissions = { metadata: 'read' };
    expect((await zekt('doctor contoso/platform')).stdout).toMatch(
      /✗ permission contents: 'contents: write' is not granted \(it is 'none'\)[^]*fix: Set/,
    );
    expect(await zekt(`doctor acme/requests ${workflow}`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/✗ consumer platform-orders: permission contents/),
    });
    world.contoso.permissions = permissions;
    world.contoso.suspendedAt = new Date().toISOString();
    expect((await zekt('doctor contoso/platform')).stdout).toContain('✗ suspended');
    world.contoso.suspendedAt = null;
    await zekt('subscriptions revoke finance-orders');
    expect(await zekt('doctor contoso/finance')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /✗ subscription finance-orders: .*revoked[^]*fix, by the other side: .*zekt subscriptions approve finance-orders/,
      ),
    });
    await zekt('subscriptions approve finance-orders');
  });
});

describe('use', () => {
  test('help names every command, with examples', async () => {
    const { code, stdout } = await zekt('--help');
    expect(code).toBe(0);
    for (const command of [
      'dev',
      'serve',
      'apply',
      'get',
      'delete',
      'services',
      'subscriptions',
      'runs',
      'deliveries',
      'replay',
      'tail',
      'doctor',
      'send',
      'approvals',
      'secrets',
      'completion',
    ])
      expect(stdout).toContain(`zekt ${command}`);
    expect((await zekt('apply --help')).stdout).toContain('Examples:');
  });

  test('completion scripts are printed', async () => {
    expect((await zekt('completion')).stdout).toContain('###-begin-zekt-completions-###');
  });

  test.each([
    ['nonsense', 2],
    ['apply', 2],
    ['services --nonsense', 2],
    ['subscriptions approve', 2],
    ['get banana', 2],
    ['deliveries delivery-nothing', 1],
  ])('zekt %s ends with %i and a reason', async (args, code) => {
    const finished = await zekt(args);
    expect(finished.code).toBe(code);
    expect(finished.stderr).toMatch(/^zekt: \S/);
  });

  test('no server: exit code 3, and says where it looked', async () => {
    expect(await runZektProcess(['services'], { ZEKT_URL: 'http://127.0.0.1:9' })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('No Zekt server answers at http://127.0.0.1:9'),
    });
  });

  test('a ZEKT_URL that is none: exit code 2, and names it', async () => {
    for (const url of ['garbage', 'localhost:7070', 'http://['])
      expect(await runZekt(['services'], { ZEKT_URL: url })).toMatchObject({
        code: 2,
        stderr: 'zekt: ZEKT_URL must be a URL such as https://zekt.example.com.\n',
      });
  });

  test('a wrong token: exit code 1, and says what to set', async () => {
    expect(await runZektProcess(['services'], { ...world.clientEnvironment, ZEKT_ADMIN_TOKEN: 'wrong' })).toMatchObject(
      {
        code: 1,
        stderr: expect.stringContaining('not the admin token'),
      },
    );
  });
});

describe('send', () => {
  const job = (run: ReturnType<Fixture['startRun']>, oidc: boolean) => {
    const { requestUrl, requestToken } = world.github.jobCredentials(run);
    return {
      ZEKT_URL: world.zekt.url,
      GITHUB_REPOSITORY: 'acme/requests',
      GITHUB_RUN_ID: String(run.id),
      GITHUB_EVENT_NAME: run.event,
      ...(oidc && { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken }),
    };
  };

  test('does from a command line what the action does', async () => {
    const run = world.startRun();
    expect(await runZekt(['send', '--event-type', 'built', '--payload', '{"a":1}'], job(run, true))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^evt-/),
    });
    expect((await world.run(run)).messages).toMatchObject([{ eventType: 'built' }]);
  });

  test("keeps the job's token from plain http beyond this machine", async () => {
    const env = { ...job(world.startRun(), true), ZEKT_URL: 'http://192.0.2.1:7070' };
    expect(await runZekt(['send', '--event-type', 'built'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('would travel in clear text'),
    });
  });

  test('outside of a job it says what is missing', async () => {
    expect(await runZekt(['send', '--event-type', 'built'], job(world.startRun(), false))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('id-token: write'),
    });
  });
});
