import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Approval } from '@zekt/contracts';
import { mapStrings } from '@zekt/core';
import { createLog } from '@zekt/host';
import type { EntraUser } from '@zekt/simulator';
import { devTenant } from '../dev/dev-world.ts';
import { octocatIdentity, openFixture, subscriptionResource, until, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

// A tenant who writes what a terminal obeys, what turns text around and what nobody sees, wherever tenants may write. Nothing of it comes
// out anywhere as it went in.

const hidden = '\u001b[2J\u009b1A\u0007\u202e\u2066\u200b\u3164\ufeff\u{e0041}';
const planted = (where: string): string => `planted-${where}${hidden}.`;
const leaks = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Cf}|\p{Default_Ignorable_Code_Point}/u;

let world: Fixture;
let ada: EntraUser;
let approval: Approval;
const lines: string[] = [];
const env = (): Record<string, string> => ({ ZEKT_URL: world.zekt.url, ZEKT_ADMIN_TOKEN: world.zekt.adminToken });

beforeAll(async () => {
  world = await openFixture({ log: createLog('debug', { write: (line) => void lines.push(line) }) });
  const { client, teams, github, requests } = world;
  const outsider = github.repository('initech/tools');
  github.install([outsider]);
  await github.webhooks.settled();
  ada = world.entra.addUser('ada@acme.example', devTenant);
  await client('putSecret', { params: { name: 'teams-url' }, body: { value: teams.workflowsUrl } });
  await client('putSecret', { params: { name: 'connector-url' }, body: { value: teams.connectorUrl } });
  await client('applyResources', {
    body: {
      resources: [
        octocatIdentity(world),
        subscriptionResource('platform-orders', 'contoso/platform', { eventTypes: ['*'], durable: true }),
        ...(['workflows', 'connector'] as const).map((type) => ({
          apiVersion: 'zekt.dev/v1',
          kind: 'Channel',
          metadata: { name: type },
          spec: {
            type,
            urlSecret: type === 'workflows' ? 'teams-url' : 'connector-url',
            repositories: ['acme/requests'],
            pageVisibility: 'link',
          },
        })),
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Provider',
          metadata: { name: 'nowhere' },
          spec: { type: 'generic', address: 'http://127.0.0.1:9/hook' },
        },
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Alert',
          metadata: { name: 'everything' },
          spec: {
            providerRef: { name: 'nowhere' },
            eventSources: [
              { kind: 'Delivery', name: '*' },
              { kind: 'Run', name: '*' },
              { kind: '*', name: '*' },
            ],
          },
        },
      ],
    },
  });
  const owner = github.startRun(requests, { workflow: '.github/workflows/directory.yaml' });
  const applied = await world.post(owner, '/api/apply', {
    resources: [
      {
        apiVersion: 'zekt.dev/v1',
        kind: 'Service',
        metadata: { owner: 'acme', name: 'odd' },
        spec: {
          repository: 'acme/requests',
          workflow: '.github/workflows/odd.yaml',
          description: planted('description'),
          eventType: planted('declared'),
          tags: [planted('tag')],
          visibility: 'public',
        },
      },
    ],
  });
  expect([applied.status, applied.body.error]).toEqual([200, undefined]);
  const asker = github.startRun(outsider, { workflow: '.github/workflows/directory.yaml' });
  const asked = await world.post(asker, '/api/subscriptions', {
    apiVersion: 'zekt.dev/v1',
    kind: 'Subscription',
    metadata: { name: 'odd' },
    spec: { service: 'acme/odd', repository: 'initech/tools', note: planted('note'), eventTypes: [planted('wanted')] },
  });
  expect([asked.status, asked.body.error]).toEqual([201, undefined]);
  const refused = await world.post(owner, '/api/subscriptions/odd/reject', { reason: planted('reason') });
  expect([refused.status, refused.body.error]).toEqual([200, undefined]);

  const run = world.startRun({ ref: `refs/heads/${planted('branch').replace(/[\u0000-\u0020[]/g, '')}` });
  await world.send(run, { body: { eventType: planted('event'), payload: { a: planted('payload') } } });
  github.completeRun(run);
  await world.recorded(1);
  const { deliveryId } = github.world.dispatches[0]?.clientPayload._zekt as { deliveryId: string };
  const completed = await world.post(github.startRun(world.platform), '/api/event-delivery/complete', {
    deliveryId,
    success: false,
    conclusion: planted('conclusion'),
    message: planted('completed'),
  });
  expect([completed.status, completed.body.error]).toEqual([200, undefined]);
  for (const channel of ['workflows', 'connector'])
    approval = (
      await world.post(world.startRun(), '/api/approvals', {
        title: planted('title'),
        text: planted('text'),
        environment: planted('environment'),
        version: planted('version'),
        facts: [{ name: planted('fact'), value: planted('value') }],
        policy: { approvers: [{ entra: { tenant: devTenant, objectId: ada.objectId } }] },
        onApprove: { eventType: planted('approved'), payload: { a: planted('payload') } },
        channel,
      })
    ).body as unknown as Approval;
  await until(() => teams.cards.length === 2, 'the cards');
  const body = { decision: 'approved' as const, comment: planted('comment') };
  await client('decideApproval', { params: { id: approval.id }, body });
}, 60_000);
afterAll(() => world.stop());

/** What tenants wrote is there, and shown. */
function expectShown(output: string, ...places: readonly string[]): void {
  for (const place of places) expect(output).toContain(`planted-${place}`);
  expect(leaks.exec(output)).toBeNull();
}

test.each([
  ['services', []],
  ['subscriptions', ['wanted']],
  ['runs', []],
  ['deliveries', ['event']],
  ['approvals list', ['title']],
  ['approvals show ID', ['title', 'fact', 'value', 'comment']],
  ['notifications list', ['event']],
  ['tail --no-follow --limit 100', ['event']],
  ['diagnose platform-orders', []],
  ['dead-letter list', []],
  ['doctor', []],
  ['doctor acme/requests .github/workflows/odd.yaml', []],
] as const)('zekt %s', async (command, places) => {
  const args = command.replace('ID', approval.id).split(' ');
  const { stdout, stderr } = await runZekt(args, env());
  expectShown(stdout + stderr, ...places);
  const json = await runZekt([...args, '--json'], env());
  expectShown(json.stdout + json.stderr);
});

test('the page of an approval, to whoever has the link', async () => {
  const page = await (await fetch(approval.url)).text();
  expectShown(page, 'title', 'text', 'environment', 'version', 'fact', 'value', 'approved', 'comment');
  expect(page).toContain(
    'planted-title⟨U+001B⟩[2J⟨U+009B⟩1A⟨U+0007⟩⟨U+202E⟩⟨U+2066⟩⟨U+200B⟩⟨U+3164⟩⟨U+FEFF⟩⟨U+E0041⟩.',
  );
});

test.each(['AdaptiveCard', 'MessageCard'])('an %s', (kind) => {
  const card = world.teams.cards.map((it) => JSON.stringify(it.card)).find((it) => it.includes(kind)) ?? '';
  expectShown(decoded(card), 'title', 'text', 'fact', 'value');
});

/** JSON writes some characters by their numbers. */
const decoded = (json: string): string => {
  const seen: string[] = [];
  mapStrings(JSON.parse(json), (text) => (seen.push(text), text));
  return seen.join('\n');
};

test('the log of the server', () => {
  expect(lines.length).toBeGreaterThan(0);
  expectShown(lines.join(''));
});
