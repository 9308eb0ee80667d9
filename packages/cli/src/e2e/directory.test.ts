import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits, type Approval, type ServiceOffer, type Subscription } from '@zekt/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntraUser, Repository, WorkflowRun } from '@zekt/simulator';
import { cardAudience, devTenant } from '../dev/dev-world.ts';
import { aMoment, octocatIdentity, openFixture, until, workflow, type Answer, type Fixture } from './fixture.ts';
import { runZekt } from './run-zekt.ts';

// Services offered, looked for, asked for, granted and taken back; by operators and by repositories' own workflows.

let world: Fixture;
let sibling: Repository;
let outsider: Repository;

beforeAll(async () => {
  world = await openFixture();
  sibling = world.github.repository('acme/sibling');
  outsider = world.github.repository('initech/tools');
  world.github.addToInstallation(world.acme, sibling);
  world.github.install([outsider]);
  await world.github.webhooks.settled();
});
afterAll(() => world.stop());

const runOf = (repository: Repository, options: { ref?: string; event?: string; actor?: string } = {}): WorkflowRun =>
  world.github.startRun(repository, { workflow, ...options });
const post = (repository: Repository, path: string, body: object, options = {}): Promise<Answer> =>
  world.post(runOf(repository, options), path, body);

async function get(repository: Repository, path: string): Promise<Answer> {
  const token = await world.github.issuer.mint(runOf(repository), world.zekt.url);
  const response = await fetch(`${world.zekt.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const offersFor = async (repository: Repository): Promise<string[]> => {
  const { body } = await get(repository, '/api/services?limit=100');
  return (body.items as ServiceOffer[]).map(({ service }) => service);
};

let count = 0;
async function offer(spec: object): Promise<string> {
  count += 1;
  const name = `service-${count}`;
  const file = `.github/workflows/${name}.yaml`;
  await world.client('applyResources', {
    body: {
      resources: [
        {
          apiVersion: 'zekt.dev/v1',
          kind: 'Service',
          metadata: { owner: 'acme', name },
          spec: { repository: 'acme/requests', workflow: file, eventTypes: ['ordered'], ...spec },
        },
      ],
    },
  });
  return name;
}
const wish = (name: string, service: string, repository: string, spec: object = {}) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name },
  spec: { service, repository, ...spec },
});
const stateOf = async (id: string): Promise<Subscription> => world.client('getSubscription', { params: { id } });

describe('the directory', () => {
  test('shows a repository the public services, those of its owner, its own, and no other', async () => {
    const open = await offer({ visibility: 'public' });
    const inner = await offer({ visibility: 'organisation' });
    const hidden = await offer({ visibility: 'unlisted' });
    const listed = await offer({ listed: true });
    const seen = async (repository: Repository): Promise<string[]> =>
      (await offersFor(repository)).filter((it) => [open, inner, hidden, listed].includes(it.replace('acme/', '')));
    expect(await seen(outsider)).toEqual([`acme/${open}`, `acme/${listed}`]);
    expect(await seen(sibling)).toEqual([`acme/${open}`, `acme/${inner}`, `acme/${listed}`]);
    expect(await seen(world.requests)).toEqual([open, inner, hidden, listed].map((it) => `acme/${it}`));
  });

  test('tells nothing of repository or workflow', async () => {
    const { body } = await get(outsider, '/api/services?limit=100');
    expect(JSON.stringify(body)).not.toMatch(/acme\/requests|\.github|repositoryId/);
  });

  test('is not for strangers', async () => {
    expect((await fetch(`${world.zekt.url}/api/services`)).status).toBe(401);
  });
});

describe('behind an alias', () => {
  let name: string;
  beforeAll(async () => {
    name = await offer({ visibility: 'public', alias: 'platform-guild', description: 'Orders' });
  });

  test('a service is known by it alone', async () => {
    expect(await offersFor(outsider)).toContain(`platform-guild/${name}`);
    expect(JSON.stringify(await get(outsider, '/api/services?limit=100'))).not.toContain(`acme/${name}`);
    const guessed = await post(outsider, '/api/subscriptions', wish('guessed', `acme/${name}`, 'initech/tools'));
    const missing = await post(outsider, '/api/subscriptions', wish('guessed', 'acme/no-such', 'initech/tools'));
    expect([guessed.status, missing.status]).toEqual([404, 404]);
    expect(guessed.body.error?.replace(name, 'no-such')).toBe(missing.body.error);
  });

  test('what is dispatched hides repository, workflow, run, actor and addresses', async () => {
    const { status } = await post(
      outsider,
      '/api/subscriptions',
      wish('aliased', `platform-guild/${name}`, 'initech/tools'),
    );
    expect(status).toBe(201);
    await world.client('approveSubscription', { params: { id: 'aliased' } });
    const run = world.github.startRun(world.requests, { workflow: `.github/workflows/${name}.yaml`, actor: 'mona' });
    expect((await world.send(run)).status).toBe(200);
    world.github.completeRun(run);
    await until(() => world.github.dispatchesTo('initech/tools').length === 1, 'dispatched');
    const clientPayload = world.github.dispatchesTo('initech/tools')[0]?.clientPayload ?? {};
    expect(clientPayload).toMatchObject({
      payload: { size: 'small' },
      run: {
        repository: null,
        repository_id: null,
        workflow: null,
        run_id: null,
        actor: null,
        html_url: null,
        head_sha: null,
      },
      _zekt: { service: `platform-guild/${name}`, correlationId: null },
    });
    expect(JSON.stringify(clientPayload)).not.toMatch(/acme|mona|requests/);

    const { deliveryId } = clientPayload._zekt as { deliveryId: string };
    const confirmed = await post(outsider, '/api/event-delivery/confirm', { deliveryId });
    expect(confirmed.status).toBe(200);
    expect(JSON.stringify(confirmed.body)).not.toMatch(/acme|mona|requests/);
    const shown = await get(outsider, '/api/subscriptions/aliased');
    expect(JSON.stringify(shown.body)).not.toMatch(/acme|operator/);
    expect(shown.body.spec).toMatchObject({ service: `platform-guild/${name}` });
  });

  test("is not the name of somebody else's account", async () => {
    world.github.world.user('globex');
    await expect(offer({ alias: 'Globex' })).rejects.toThrow(
      "The alias 'Globex' is the name of another account on GitHub.",
    );
  });

  test('nobody else may take it', async () => {
    const answer = await world
      .client('applyResources', {
        body: {
          resources: [
            {
              apiVersion: 'zekt.dev/v1',
              kind: 'Service',
              metadata: { owner: 'initech', name: 'fake' },
              spec: { repository: 'initech/tools', workflow, alias: 'Platform-Guild' },
            },
          ],
        },
      })
      .catch((error: unknown) => error);
    expect(String(answer)).toContain("The alias 'Platform-Guild' is another provider's.");
  });
});

describe('asking', () => {
  test('by a workflow is a request, with a note, whatever state it wishes for', async () => {
    const service = await offer({ visibility: 'public' });
    const { status, body } = await post(
      outsider,
      '/api/subscriptions',
      wish('wished', `acme/${service}`, 'initech/tools', { state: 'approved', note: 'For the nightly build.' }),
      { actor: 'peter' },
    );
    expect([status, (body.status as { state: string }).state]).toEqual([201, 'pending']);
    const found = await stateOf('wished');
    expect(found.spec.note).toBe('For the nightly build.');
    expect(found.status.history).toMatchObject([{ state: 'pending', by: 'peter in initech/tools' }]);
    await until(async () => (await world.events()).some(({ subscription }) => subscription === 'wished'), 'the event');
    expect(await world.events()).toContainEqual(
      expect.objectContaining({
        type: 'subscription.requested',
        subscription: 'wished',
        actor: 'peter in initech/tools',
      }),
    );
  });

  test("is for one's own repository, from the default branch, and never from a pull request", async () => {
    const service = await offer({ visibility: 'public' });
    const body = wish('branchy', `acme/${service}`, 'initech/tools');
    const foreign = await post(outsider, '/api/subscriptions', wish('branchy', `acme/${service}`, 'contoso/platform'));
    expect([foreign.status, foreign.body.code]).toEqual([403, 'forbidden']);
    for (const options of [
      { ref: 'refs/heads/feature' },
      { ref: 'refs/tags/main' },
      { event: 'pull_request_target' },
    ]) {
      const { status, body: answer } = await post(outsider, '/api/subscriptions', body, options);
      expect([options, status, answer.code]).toEqual([
        options,
        403,
        'event' in options ? 'pull_request_refused' : 'not_default_branch',
      ]);
    }
  });

  test('for an unlisted service needs an invitation, which is good for one repository', async () => {
    const service = await offer({ visibility: 'unlisted' });
    const path = `/api/services/acme/${service}/invitations`;
    const bare = await post(outsider, '/api/subscriptions', wish('invited', `acme/${service}`, 'initech/tools'));
    expect(bare.status).toBe(404);
    expect((await post(outsider, path, {})).status).toBe(404);
    const { status, body } = await post(world.requests, path, {});
    expect(status).toBe(201);
    const invitation = String(body.code);
    const wrong = await post(
      outsider,
      '/api/subscriptions',
      wish('invited', `acme/${service}`, 'initech/tools', { invitation: `${invitation}x` }),
    );
    expect([wrong.status, wrong.body.code]).toEqual([403, 'invitation_invalid']);
    const nowhere = await post(
      outsider,
      '/api/subscriptions',
      wish('invited', 'acme/no-such-service', 'initech/tools', { invitation: 'made-up' }),
    );
    expect([nowhere.status, nowhere.body.error]).toEqual([403, wrong.body.error]);
    const good = await post(
      outsider,
      '/api/subscriptions',
      wish('invited', `acme/${service}`, 'initech/tools', { invitation }),
    );
    expect(good.status).toBe(201);
    const second = await post(
      world.platform,
      '/api/subscriptions',
      wish('also-invited', `acme/${service}`, 'contoso/platform', { invitation }),
    );
    expect([second.status, second.body.code]).toEqual([403, 'invitation_invalid']);
  });

  test('where the policy approves the repository is granted at once, and said so', async () => {
    const service = await offer({ visibility: 'public', approves: ['initech/tools'] });
    await post(outsider, '/api/subscriptions', wish('by-policy', `acme/${service}`, 'initech/tools'));
    expect((await stateOf('by-policy')).status).toMatchObject({
      state: 'approved',
      history: [
        { state: 'pending', by: 'octocat in initech/tools' },
        { state: 'approved', by: 'policy' },
      ],
    });
  });

  test('a policy that comes later approves what waits', async () => {
    const service = await offer({ visibility: 'public' });
    await post(outsider, '/api/subscriptions', wish('waiting', `acme/${service}`, 'initech/tools'));
    expect((await stateOf('waiting')).status.state).toBe('pending');
    count -= 1;
    await offer({ visibility: 'public', approves: ['initech/tools'] });
    expect((await stateOf('waiting')).status.state).toBe('approved');
  });

  test('again after a refusal is a new request', async () => {
    const service = await offer({ visibility: 'public' });
    const ask = (): Promise<Answer> =>
      post(outsider, '/api/subscriptions', wish('again', `acme/${service}`, 'initech/tools'));
    await ask();
    const refused = await post(world.requests, '/api/subscriptions/again/reject', { reason: 'Who are you?' });
    expect([refused.status, (refused.body.status as { state: string }).state]).toEqual([200, 'rejected']);
    await ask();
    expect((await stateOf('again')).status.history.map(({ state, reason }) => [state, reason])).toEqual([
      ['pending', undefined],
      ['rejected', 'Who are you?'],
      ['pending', undefined],
    ]);
  });
});

describe('either side', () => {
  let service: string;
  beforeAll(async () => {
    service = await offer({ visibility: 'public' });
    await post(outsider, '/api/subscriptions', wish('sides', `acme/${service}`, 'initech/tools'));
  });

  test('the provider approves and revokes; the consumer and others can not', async () => {
    const byConsumer = await post(outsider, '/api/subscriptions/sides/approve', {});
    expect([byConsumer.status, byConsumer.body.code]).toEqual([403, 'forbidden']);
    expect((await post(world.platform, '/api/subscriptions/sides/approve', {})).status).toBe(404);
    expect((await post(world.requests, '/api/subscriptions/sides/approve', {}, { ref: 'refs/heads/x' })).status).toBe(
      403,
    );
    expect((await post(world.requests, '/api/subscriptions/sides/approve', {})).status).toBe(200);
    expect((await stateOf('sides')).status.state).toBe('approved');
  });

  test('the consumer leaves', async () => {
    expect((await post(world.requests, '/api/subscriptions/sides/leave', {})).status).toBe(403);
    const { status } = await post(outsider, '/api/subscriptions/sides/leave', { reason: 'Moved on.' });
    expect(status).toBe(200);
    expect((await stateOf('sides')).status).toMatchObject({ state: 'revoked' });
    expect((await stateOf('sides')).status.history.at(-1)).toMatchObject({
      by: 'octocat in initech/tools',
      reason: 'Moved on.',
    });
  });

  test('what was not yet dispatched when the subscription ended is not sent', async () => {
    const file = `.github/workflows/${service}.yaml`;
    await post(outsider, '/api/subscriptions', wish('sides', `acme/${service}`, 'initech/tools'));
    await post(world.requests, '/api/subscriptions/sides/approve', {});
    world.github.faults.add({
      path: 'initech/tools/dispatches',
      times: 1,
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
    });
    const before = world.github.dispatchesTo('initech/tools').length;
    const run = world.github.startRun(world.requests, { workflow: file });
    await world.send(run);
    world.github.completeRun(run);
    const deliveries = async () => (await world.deliveries()).filter(({ subscription }) => subscription === 'sides');
    await until(async () => (await deliveries())[0]?.attempts.length === 1, 'GitHub asked for quiet');
    await post(world.requests, '/api/subscriptions/sides/revoke', { reason: 'Over.' });
    await until(async () => (await deliveries())[0]?.state === 'cancelled', 'cancelled');
    expect(world.github.dispatchesTo('initech/tools')).toHaveLength(before);
  });
});

describe("a repository's own workflow applies zekt.yaml", () => {
  /** `zekt` in a job of a run: no admin token, but the job's own. */
  async function inJob(repository: Repository, args: readonly string[], options: { ref?: string } = {}) {
    const { requestUrl, requestToken } = world.github.jobCredentials(runOf(repository, options));
    return runZekt(args, {
      ZEKT_URL: world.zekt.url,
      ZEKT_DATA_DIR: join(tmpdir(), 'zekt-no-data-directory'),
      ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    });
  }
  async function apply(repository: Repository, yaml: string, options: { ref?: string } = {}) {
    const file = join(await mkdtemp(join(tmpdir(), 'zekt-apply-')), 'zekt.yaml');
    await writeFile(file, yaml);
    return inJob(repository, ['apply', '-f', file], options);
  }
  const own = `
apiVersion: zekt.dev/v1
kind: Service
metadata: { owner: acme, name: self-made }
spec:
  repository: acme/sibling
  workflow: .github/workflows/self-made.yaml
  visibility: public
  approves: [initech/tools]
---
apiVersion: zekt.dev/v1
kind: Subscription
metadata: { name: self-asked }
spec: { service: acme/orders, repository: acme/sibling, state: approved }
`;

  test('with its own services and requests, with no secret', async () => {
    await world.client('applyResources', {
      body: {
        resources: [
          {
            apiVersion: 'zekt.dev/v1',
            kind: 'Service',
            metadata: { owner: 'acme', name: 'orders' },
            spec: { repository: 'acme/requests', workflow, eventType: 'order-run', visibility: 'organisation' },
          },
        ],
      },
    });
    expect(await apply(sibling, own)).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'Service acme/self-made: created\nSubscription self-asked: created\n',
    });
    expect((await stateOf('self-asked')).status.state).toBe('pending');
    expect(await apply(sibling, own)).toMatchObject({
      stdout: 'Service acme/self-made: unchanged\nSubscription self-asked: unchanged\n',
    });
    await post(outsider, '/api/subscriptions', wish('from-policy', 'acme/self-made', 'initech/tools'));
    expect((await stateOf('from-policy')).status.state).toBe('approved');
  });

  test('finds what it may ask for, and leaves what it has', async () => {
    const { stdout } = await inJob(outsider, ['services']);
    expect(stdout).toMatch(/acme\/self-made +public/);
    expect(stdout).not.toContain('acme/orders');
    const left = await inJob(outsider, ['subscriptions', 'leave', 'from-policy', '--reason', 'Done.']);
    expect(left).toMatchObject({ code: 0, stdout: expect.stringContaining('revoked') });
  });

  test('after a rejection, the same file does not ask again', async () => {
    await world.client('rejectSubscription', { params: { id: 'self-asked' } });
    await apply(sibling, own);
    expect((await stateOf('self-asked')).status.state).toBe('rejected');
  });

  const refusals: readonly [string, string, RegExp][] = [
    [
      "another repository's service",
      'apiVersion: zekt.dev/v1\nkind: Service\nmetadata: { owner: acme, name: stolen }\nspec: { repository: acme/requests, workflow: .github/workflows/x.yaml }',
      /'acme\/requests' is not acme\/sibling/,
    ],
    [
      "another owner's name",
      'apiVersion: zekt.dev/v1\nkind: Service\nmetadata: { owner: initech, name: stolen }\nspec: { repository: acme/sibling, workflow: .github/workflows/x.yaml }',
      /its services are named acme\/…/,
    ],
    [
      'a service that another repository offers',
      'apiVersion: zekt.dev/v1\nkind: Service\nmetadata: { owner: acme, name: orders }\nspec: { repository: acme/sibling, workflow: .github/workflows/x.yaml }',
      /another repository offers 'acme\/orders'/,
    ],
    [
      "another's subscription",
      'apiVersion: zekt.dev/v1\nkind: Subscription\nmetadata: { name: stolen }\nspec: { service: acme/self-made, repository: initech/tools }',
      /'initech\/tools' is not acme\/sibling/,
    ],
    [
      'a channel',
      'apiVersion: zekt.dev/v1\nkind: Channel\nmetadata: { name: stolen }\nspec: { type: workflows, urlSecret: teams-url }',
      /channels are for operators/,
    ],
  ];
  test.each(refusals)('but not %s', async (_, yaml, message) => {
    const { code, stderr } = await apply(sibling, yaml);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('and not from another branch', async () => {
    const { code, stderr } = await apply(sibling, own, { ref: 'refs/heads/feature' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/Only runs on the default branch \(refs\/heads\/main\) may do this/);
  });
});

describe("a request becomes a question to the provider's people", () => {
  let ada: EntraUser;
  let service: string;
  beforeAll(async () => {
    ada = world.entra.addUser('ada@acme.example', devTenant);
    await world.client('putSecret', { params: { name: 'teams-url' }, body: { value: world.teams.connectorUrl } });
    await world.client('applyResources', {
      body: {
        resources: [
          {
            apiVersion: 'zekt.dev/v1',
            kind: 'Channel',
            metadata: { name: 'requests' },
            spec: { type: 'connector', urlSecret: 'teams-url', repositories: ['acme/requests'] },
          },
          octocatIdentity(world),
        ],
      },
    });
    service = await offer({
      visibility: 'public',
      approval: {
        channel: 'requests',
        policy: { approvers: [{ entra: { tenant: devTenant, objectId: ada.objectId } }] },
      },
    });
  });
  const approvalOf = async (name: string): Promise<Approval | undefined> =>
    (await world.client('listApprovals', {})).items.find(({ subscription }) => subscription === name);
  const cardOf = (id: string | undefined) =>
    world.teams.cards.find(({ card }) => JSON.stringify(card).includes(id ?? 'none'));
  async function ask(name: string): Promise<Approval> {
    await post(outsider, '/api/subscriptions', wish(name, `acme/${service}`, 'initech/tools', { note: 'Please.' }));
    await until(async () => cardOf((await approvalOf(name))?.id) !== undefined, 'the card is there');
    const found = await approvalOf(name);
    if (!found) throw new Error('the approval is there');
    return found;
  }
  const click = async (id: string, button: string, inputs = {}) =>
    world.teams.click(cardOf(id)?.card ?? {}, {
      button,
      inputs,
      token: await world.entra.cardToken(ada, {
        audience: cardAudience,
        changes: { preferred_username: 'ada@acme.example' },
      }),
    });

  test('who approve it by a click', async () => {
    const { id } = await ask('asked-people');
    expect(JSON.stringify(cardOf(id)?.card)).toContain('initech/tools asks for');
    const answer = await click(id, 'Approve');
    expect([answer.status, answer.text]).toEqual([200, 'The subscription asked-people was approved.']);
    expect((await stateOf('asked-people')).status.history.at(-1)).toMatchObject({
      state: 'approved',
      by: 'entra:ada@acme.example',
    });
    await until(
      async () =>
        (await world.events()).some(
          ({ type, subscription, approvalId }) =>
            type === 'subscription.approved' && subscription === 'asked-people' && approvalId === id,
        ),
      'the event',
    );
  });

  test('or reject it with a reason', async () => {
    const { id } = await ask('asked-in-vain');
    await click(id, 'Reject now', { reason: 'Not yet.' });
    expect((await stateOf('asked-in-vain')).status.history.at(-1)).toMatchObject({
      state: 'rejected',
      reason: 'Not yet.',
    });
  });

  test('and the question is withdrawn when the operator decides first', async () => {
    const { id } = await ask('asked-twice');
    await world.client('approveSubscription', { params: { id: 'asked-twice' } });
    await until(async () => (await approvalOf('asked-twice'))?.state === 'cancelled', 'withdrawn');
    expect((await click(id, 'Reject now')).status).toBe(410);
    await aMoment(100);
    expect((await stateOf('asked-twice')).status.state).toBe('approved');
  });

  test("the consumer's workflow does not see the provider's question", async () => {
    const { id } = await ask('asked-quietly');
    expect((await get(outsider, `/api/approvals/${id}`)).status).toBe(404);
  });
});

test('a repository that asks for more than it may in an hour is refused, by requests and by apply alike', async () => {
  const eager = world.github.repository('eager/tools');
  world.github.install([eager]);
  await world.github.webhooks.settled();
  const asked = await offer({ visibility: 'public' });
  const apply = () => post(eager, '/api/apply', { resources: [wish('eager', `acme/${asked}`, 'eager/tools')] });
  expect((await apply()).status).toBe(200);
  for (let n = 1; n < limits.requestsOfRepository.value; n += 1)
    expect((await post(eager, '/api/subscriptions', wish('none', 'acme/none', 'eager/tools'))).status).toBe(404);
  // What is there already asks nobody.
  expect((await apply()).status).toBe(200);
  const other = await offer({ visibility: 'public' });
  const more = { resources: [wish('eager-too', `acme/${other}`, 'eager/tools')] };
  expect(await post(eager, '/api/apply', more)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
  await expect(stateOf('eager-too')).rejects.toMatchObject({ code: 'not_found' });
});
