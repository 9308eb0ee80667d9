import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Approval, ApprovalRequest } from '@zekt/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntraUser } from '@zekt/simulator';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { devTenant } from '../dev/dev-world.ts';
import { openBrowser, takePicture } from './browser.ts';
import { octocatIdentity, openFixture, until, type Fixture } from './fixture.ts';

// The page in a real browser, with people who sign in at GitHub and at Microsoft, both simulated.

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let world: Fixture;
let browser: Browser;
let grace: EntraUser;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  world = await openFixture();
  browser = await openBrowser();
  await world.client('applyResources', { body: { resources: [octocatIdentity(world)] } });
  world.github.world.user('mona');
  world.github.world.user('hubot');
  world.github.world.teams.set('acme/release', new Set(['hubot']));
  grace = world.entra.addUser('grace@acme.example', devTenant, ['5d0a2b1c-7a3e-4a55-8f54-0c1d2e3f4a5b']);
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

async function ask(changes: Partial<ApprovalRequest> = {}): Promise<Approval> {
  const { status, body } = await world.post(world.startRun(), '/api/approvals', {
    title: 'basket 2.4.1 to production',
    text: 'All tests passed.\nThe database is not touched.',
    environment: 'production',
    version: '2.4.1',
    facts: [{ name: 'Change', value: 'CHG-4711' }],
    policy: { approvers: [{ github: 'mona' }, { entra: { tenant: devTenant, objectId: grace.objectId } }] },
    onApprove: { payload: { artefact: 'basket-2.4.1.tgz' } },
    ...changes,
  });
  expect([status, body.error]).toEqual([201, undefined]);
  return body as unknown as Approval;
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext(options);
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function signIn(page: Page, provider: 'GitHub' | 'Microsoft', name: string): Promise<void> {
  await page.getByRole('link', { name: `Sign in with ${provider}` }).click();
  await page.getByRole('button', { name }).click();
}

const approvalNow = (id: string): Promise<Approval> => world.client('getApproval', { params: { id } });
const textOf = async (page: Page): Promise<string> => page.getByRole('article').innerText();

/** What axe-core finds; its script is run past the page's policy, as an extension of the browser would. */
async function violationsOf(page: Page): Promise<unknown[]> {
  const found = await page.evaluate<{
    violations: { id: string; nodes: unknown[] }[];
  }>(`${axe}; axe.run(document)`);
  return found.violations.map(({ id, nodes }) => ({ id, nodes }));
}

test('somebody signs in with GitHub, reads, approves, and the decision is theirs', async () => {
  const approval = await ask();
  const page = await open(approval.url);
  await takePicture(page, 'signed-out');
  await signIn(page, 'GitHub', 'mona');
  const before = await textOf(page);
  for (const text of ['Approval needed', 'basket 2.4.1 to production', 'acme/requests', 'CHG-4711', 'production'])
    expect(before).toContain(text);
  expect(before).toContain(approval.target?.approved.payloadSha256);
  for (const type of ['zekt.approval.approved', 'zekt.approval.rejected'])
    expect(before).toContain(`${type} to acme/requests`);
  expect(before).toContain('Your decision, mona');
  await takePicture(page, 'signed-in');
  await page.getByLabel('Comment').fill('Go ahead, "and <b>carefully</b>".');
  await page.getByRole('button', { name: 'Approve' }).click();

  const after = await textOf(page);
  expect(after).toContain('Approved');
  expect(after).toContain('approved by mona (github)');
  expect(after).toContain('Go ahead, "and <b>carefully</b>".');
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  await takePicture(page, 'approved');
  expect(await approvalNow(approval.id)).toMatchObject({
    state: 'approved',
    decision: { via: 'page', actor: { provider: 'github', name: 'mona' } },
  });
  const [dispatch] = world.github.world.dispatches.filter(
    ({ clientPayload }) => clientPayload.approvalId === approval.id,
  );
  expect(dispatch).toMatchObject({ eventType: 'zekt.approval.approved', clientPayload: { decision: 'approved' } });
});

test('somebody signs in with Microsoft, on a phone and without JavaScript, and rejects', async () => {
  const approval = await ask();
  const page = await open(approval.url, {
    javaScriptEnabled: false,
    viewport: { width: 360, height: 640 },
    colorScheme: 'dark',
  });
  await signIn(page, 'Microsoft', 'grace@acme.example');
  await takePicture(page, 'phone-dark');
  await page.getByLabel('Comment').fill('Not today.');
  await page.getByRole('button', { name: 'Reject' }).click();
  expect(await textOf(page)).toContain('rejected by grace@acme.example (entra)');
  expect(await approvalNow(approval.id)).toMatchObject({
    state: 'rejected',
    decision: { comment: 'Not today.', actor: { provider: 'entra', id: grace.objectId, tenant: devTenant } },
  });
});

test('nothing is wider than a phone', async () => {
  const approval = await ask({ facts: [{ name: 'Image', value: `registry.example/${'very-long-name-'.repeat(15)}` }] });
  const page = await open(approval.url, { viewport: { width: 320, height: 568 } });
  await signIn(page, 'GitHub', 'mona');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
});

test.each(['light', 'dark'] as const)('axe finds nothing wrong with any state, %s', async (colorScheme) => {
  const approval = await ask({ policy: { approvers: [{ github: 'mona' }], requireRejectComment: true } });
  const page = await open(approval.url, { colorScheme, bypassCSP: true });
  expect(await violationsOf(page)).toEqual([]);
  await signIn(page, 'GitHub', 'mona');
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Reject' }).click();
  expect(await textOf(page)).toContain('Not rejected: a reason is required.');
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Approve' }).click();
  expect(await textOf(page)).toContain('approved by mona');
  expect(await violationsOf(page)).toEqual([]);
  await page.goto(`${approval.url}x`);
  expect(await violationsOf(page)).toEqual([]);
});

describe('without a session', () => {
  test('the page has the name of the product, the owner of the repository and the ways to sign in, and no more', async () => {
    const approval = await ask();
    const page = await open(approval.url);
    expect((await page.getByRole('main').innerText()).split('\n').filter((line) => line.trim() !== '')).toEqual([
      'Zekt approvals',
      'acme',
      'Sign in with GitHub',
      'Sign in with Microsoft',
    ]);
    expect(await page.title()).toBe('Sign in - Zekt');
    await world.client('decideApproval', {
      params: { id: approval.id },
      body: { decision: 'approved', comment: 'for my eyes only' },
    });
    const html = await (await fetch(approval.url)).text();
    for (const secret of ['basket', 'requests', 'CHG-4711', 'production', 'operator', 'for my eyes only', 'Approved'])
      expect(html).not.toContain(secret);
  });

  test('the page shows the question where its channel says that the link is enough', async () => {
    const channel = (pageVisibility: 'session' | 'link') => ({
      apiVersion: 'zekt.dev/v1',
      kind: 'Channel',
      metadata: { name: 'open-channel' },
      spec: { type: 'connector', urlSecret: 'open-url', repositories: ['acme/requests'], pageVisibility },
    });
    const apply = (pageVisibility: 'session' | 'link') =>
      world.client('applyResources', { body: { resources: [channel(pageVisibility)] } });
    await apply('link');
    const approval = await ask({ channel: 'open-channel' });
    const page = await open(approval.url);
    expect(await textOf(page)).toContain('basket 2.4.1 to production');
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await apply('session');
    expect(await (await fetch(approval.url)).text()).not.toContain('basket');
  });
});

test('what hides or turns text around is shown, and what the requester says stands apart', async () => {
  const approval = await ask({
    title: 'safe\u202egnp.exe',
    facts: [{ name: 'Requ\u0435sted in', value: 'ze\u200bro' }],
  });
  const page = await open(approval.url);
  await signIn(page, 'GitHub', 'mona');
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('safe⟨U+202E⟩gnp.exe');
  const said = page.locator('h2', { hasText: 'Said by the requester' }).locator('+ dl');
  expect(await said.innerText()).toContain('ze⟨U+200B⟩ro');
  expect(await said.innerText()).toContain('Requ\u0435sted in');
});

describe('while GitHub is away', () => {
  afterEach(() => world.github.faults.clear());

  test('who may decide as a member of a team gets a page that says so, keeps what they typed, and may try again', async () => {
    const approval = await ask({ policy: { approvers: [{ githubTeam: 'acme/release' }] } });
    const page = await open(approval.url);
    world.github.faults.add({ path: '/orgs/', times: 50, fault: { kind: 'answer', status: 500 } });
    await signIn(page, 'GitHub', 'hubot');
    expect(await textOf(page)).toContain('basket 2.4.1 to production');
    await page.getByLabel('Comment').fill('All "checked".');
    const [answer] = await Promise.all([
      page.waitForResponse((response) => response.url().includes('/decision')),
      page.getByRole('button', { name: 'Approve' }).click(),
    ]);
    expect([answer.status(), answer.headers()['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(await textOf(page)).toContain('GitHub could not be asked whether you may decide.');
    expect(await page.getByLabel('Comment').inputValue()).toBe('All "checked".');
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending', votes: [] });
    expect((await page.goto(approval.url))?.status()).toBe(503);
    world.github.faults.clear();
    await page.getByLabel('Comment').fill('All "checked".');
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await approvalNow(approval.id)).toMatchObject({
      state: 'approved',
      decision: { comment: 'All "checked".' },
    });
  });

  test('a decision in doubt is a state of its own, without buttons', async () => {
    const approval = await ask();
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'mona');
    world.github.faults.add({ path: '/dispatches', times: 50, fault: { kind: 'answer', status: 502 } });
    await page.getByRole('button', { name: 'Approve' }).click();
    const text = await textOf(page);
    for (const part of ['Approved, telling GitHub', 'approved by mona', 'Last answer of GitHub'])
      expect(text).toContain(part);
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0);
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'inDoubt', inDoubt: 'approved' });
    await takePicture(page, 'in-doubt');
    const withdrawn = await world.client('cancelApproval', { params: { id: approval.id } });
    expect(withdrawn).toMatchObject({ state: 'cancelled', inDoubt: null });
  });
});

test('whatever goes wrong on the way to a page is answered with a page', async () => {
  const approval = await ask();
  const token = new URL(approval.url).searchParams.get('t') ?? '';
  for (const [path, status] of [
    [`/chatops/approvals/${approval.id}/decision?t=${token}`, 405],
    ['/chatops/nowhere', 404],
    [`/chatops/approvals/${approval.id}?t=x`, 403],
  ] as const) {
    const answer = await fetch(`${world.zekt.url}${path}`);
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
      path,
      status,
      'text/html; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('<h1>');
  }
});

describe('people who were not asked', () => {
  test('see the question and no form', async () => {
    const approval = await ask();
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'hubot');
    expect(await textOf(page)).toContain('You are not allowed to decide this request.');
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await takePicture(page, 'not-allowed');
  });

  test('and whoever started the run, though asked, can not approve it', async () => {
    world.github.world.user('octocat');
    const approval = await ask({ policy: { approvers: [{ github: 'octocat' }, { github: 'mona' }] } });
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'octocat');
    expect(await textOf(page)).toContain('You are not allowed to decide this request.');
  });

  test('unless the policy lets them', async () => {
    const approval = await ask({ policy: { approvers: [{ github: 'octocat' }], requesterMayApprove: true } });
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'octocat');
    await page.getByRole('button', { name: 'Approve' }).click();
    expect((await approvalNow(approval.id)).state).toBe('approved');
  });
});

test('a member of a GitHub team, and one of an Entra group, may decide', async () => {
  const team = await ask({ policy: { approvers: [{ githubTeam: 'acme/release' }] } });
  const first = await open(team.url);
  await signIn(first, 'GitHub', 'hubot');
  await first.getByRole('button', { name: 'Approve' }).click();
  expect((await approvalNow(team.id)).state).toBe('approved');

  const groupId = grace.groups[0] ?? '';
  const group = await ask({ policy: { approvers: [{ entraGroup: { tenant: devTenant, groupId } }] } });
  const second = await open(group.url);
  await signIn(second, 'Microsoft', 'grace@acme.example');
  await second.getByRole('button', { name: 'Approve' }).click();
  expect((await approvalNow(group.id)).state).toBe('approved');

  const page = await open((await ask({ policy: { approvers: [{ githubTeam: 'acme/release' }] } })).url);
  await signIn(page, 'GitHub', 'mona');
  expect(await textOf(page)).toContain('You are not allowed');
});

describe('somebody with two accounts', () => {
  const identitiesOf = async (login: string) =>
    (await world.client('listIdentities', {})).items.filter(({ spec }) => spec.github.login === login);
  const linkTo = (page: Page, provider: string) => page.getByRole('link', { name: `Link your ${provider} account` });

  test('links them by signing in with both, and is then known as who started the run', async () => {
    world.github.world.user('linus');
    const linus = world.entra.addUser('linus@acme.example', devTenant);
    const policy = { approvers: [{ github: 'linus' }, { entra: { tenant: devTenant, objectId: linus.objectId } }] };
    const page = await open((await ask({ policy })).url);
    await signIn(page, 'GitHub', 'linus');
    await linkTo(page, 'Microsoft').click();
    await page.getByRole('button', { name: 'linus@acme.example' }).click();
    // Signing in links nothing yet: the page shows both accounts, and what it means.
    await page.getByRole('button', { name: 'Link accounts' }).waitFor();
    const question = await textOf(page);
    for (const shown of ['linus (id ', `linus@acme.example (id ${linus.objectId}, tenant ${devTenant})`, 'undo it'])
      expect(question).toContain(shown);
    expect(await violationsOf(page)).toEqual([]);
    await page.reload();
    expect(await identitiesOf('linus')).toEqual([]);
    // A form that is not of this session links nothing.
    const cookie = (await page.context().cookies(world.zekt.url))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const forged = await fetch(page.url(), {
      method: 'POST',
      headers: { cookie },
      body: new URLSearchParams('token=a.b'),
    });
    expect(forged.status).toBe(403);
    expect(await identitiesOf('linus')).toEqual([]);
    await page.getByRole('button', { name: 'Link accounts' }).click();
    await page.getByRole('link', { name: 'Go on' }).waitFor();
    expect(await textOf(page)).toContain((await identitiesOf('linus'))[0]?.metadata.name);
    await page.getByRole('link', { name: 'Go on' }).click();
    // Back, and still the one who signed in first.
    await page.getByRole('button', { name: 'Approve' }).waitFor();
    expect(await textOf(page)).toContain('linus (github)');
    expect(await linkTo(page, 'Microsoft').count()).toBe(0);
    expect(await identitiesOf('linus')).toMatchObject([
      {
        spec: { entra: { tenant: devTenant, objectId: linus.objectId } },
        status: { by: 'github:linus as entra:linus@acme.example' },
      },
    ]);
    await until(
      async () =>
        (await world.events()).some(
          ({ type, actor }) => type === 'identity.linked' && actor?.includes('linus') === true,
        ),
      'the journal has it',
    );
    const run = world.github.startRun(world.requests, { actor: 'linus' });
    const { status, body } = await world.post(run, '/api/approvals', {
      title: 'basket',
      policy: { ...policy, quorum: 1 },
    });
    expect([status, body.error]).toEqual([400, expect.stringContaining('Only whoever started the run is named')]);
  });

  test('can not be made to by a link of somebody else, nor by a sign-in that their session did not start', async () => {
    world.github.world.user('margaret');
    const approval = await ask({ policy: { approvers: [{ github: 'margaret' }] } });
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'margaret');
    const href = (await linkTo(page, 'Microsoft').getAttribute('href')) ?? '';
    const stranger = await open(approval.url);
    await signIn(stranger, 'GitHub', 'mona');
    for (const [cookie, status] of [
      [undefined, 401],
      [(await stranger.context().cookies(world.zekt.url)).map(({ name, value }) => `${name}=${value}`).join('; '), 403],
    ] as const) {
      const answer = await fetch(`${world.zekt.url}${href}`, {
        redirect: 'manual',
        headers: cookie === undefined ? {} : { cookie },
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([status, null]);
    }
    // A sign-in with the other provider that was not started as a link is a sign-in, and no link.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.goto(approval.url);
    await signIn(page, 'Microsoft', 'grace@acme.example');
    expect(await textOf(page)).toContain('grace@acme.example');
    expect(await identitiesOf('margaret')).toEqual([]);
  });
});

test('a scanner that follows every link changes nothing', async () => {
  const approval = await ask();
  for (const method of ['GET', 'HEAD']) await fetch(approval.url, { method });
  const page = await open(approval.url);
  await signIn(page, 'GitHub', 'mona');
  // Signed in and back again, before it is loaded once more.
  await page.getByRole('button', { name: 'Approve' }).waitFor();
  await page.waitForLoadState();
  await page.reload();
  expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending', votes: [] });
});

test('a page that is late shows what was decided meanwhile', async () => {
  const approval = await ask();
  const page = await open(approval.url);
  await signIn(page, 'GitHub', 'mona');
  await world.client('decideApproval', { params: { id: approval.id }, body: { decision: 'rejected' } });
  await page.getByRole('button', { name: 'Approve' }).click();
  const text = await textOf(page);
  expect(text).toMatch(
    /Already rejected by operator at \d{4}-\d\d-\d\d \d\d:\d\d UTC; your approval was not recorded\./,
  );
  expect(text).toContain('rejected by operator');
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  expect((await approvalNow(approval.id)).state).toBe('rejected');
});

describe('the form', () => {
  const formOf = async (approval: Approval): Promise<{ page: Page; cookie: string; token: string }> => {
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'mona');
    const [cookie] = await page.context().cookies(world.zekt.url);
    const token = await page.locator('input[name=token]').first().inputValue();
    return { page, cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}`, token };
  };
  const send = async (approval: Approval, fields: Record<string, string>, cookie?: string): Promise<Response> =>
    fetch(approval.url.replace('?t=', '/decision?t='), {
      method: 'POST',
      redirect: 'manual',
      headers: { ...(cookie !== undefined && { cookie }) },
      body: new URLSearchParams(fields),
    });

  test('is not taken without a session, without its token, or with that of another approval', async () => {
    const approval = await ask();
    const other = await ask();
    const { cookie, token } = await formOf(approval);
    const foreign = await formOf(other);
    const attempts: readonly [Record<string, string>, string | undefined, number][] = [
      [{ decision: 'approved', token }, undefined, 401],
      [{ decision: 'approved' }, cookie, 403],
      [{ decision: 'approved', token: foreign.token }, cookie, 403],
      [{ decision: 'approved', token: foreign.token }, foreign.cookie, 403],
      [{ decision: 'maybe', token }, cookie, 400],
    ];
    for (const [fields, jar, status] of attempts) {
      const answer = await send(approval, fields, jar);
      expect([fields, answer.status]).toEqual([fields, status]);
      expect(await answer.text()).toContain('<h1>');
    }
    expect((await approvalNow(approval.id)).state).toBe('pending');
    const good = await send(approval, { decision: 'approved', token }, cookie);
    expect(good.status).toBe(303);
    expect((await approvalNow(approval.id)).state).toBe('approved');
  });

  test("tells of GitHub's refusal on the page, and can be sent again", async () => {
    const approval = await ask();
    world.github.faults.add({ path: '/dispatches', times: 2, fault: { kind: 'answer', status: 404 } });
    const { page } = await formOf(approval);
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await textOf(page)).toContain('Not approved: the repository was not found or Zekt is not installed there.');
    await takePicture(page, 'refused-by-github');
    world.github.faults.clear();
    await page.getByRole('button', { name: 'Approve' }).click();
    expect((await approvalNow(approval.id)).state).toBe('approved');
  });

  test('signing out ends the session', async () => {
    const approval = await ask();
    const { page, cookie, token } = await formOf(approval);
    await page.getByRole('button', { name: 'Sign out' }).click();
    expect(await textOf(page)).toContain('Signed out');
    expect((await send(approval, { decision: 'approved', token }, cookie)).status).toBe(401);
  });
});

describe('the way in', () => {
  test('a link that is not valid is 403, for an approval that is over 410, with pages for people', async () => {
    const approval = await ask();
    const status = async (url: string): Promise<number> => (await fetch(url)).status;
    expect(await status(`${approval.url}x`)).toBe(403);
    expect(await status(approval.url.replace(/\?.*/, ''))).toBe(403);
    expect(await status(approval.url.replace(/apr_\w+/, `apr_${'0'.repeat(32)}`))).toBe(403);
    await world.client('decideApproval', { params: { id: approval.id }, body: { decision: 'approved' } });
    expect(await status(approval.url)).toBe(200);
  });

  test('a sign-in that another browser started, or that was altered, is not finished', async () => {
    const approval = await ask();
    const page = await open(approval.url);
    await page.getByRole('link', { name: 'Sign in with GitHub' }).click();
    const back = page.waitForRequest((request) => request.url().includes('/callback'));
    await page.getByRole('button', { name: 'mona' }).click();
    const url = (await back).url();
    for (const stolen of [url, url.replace(/state=[^&]+/, 'state=other')]) {
      const answer = await fetch(stolen, { redirect: 'manual' });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    }
  });

  test('a provider that is not set up, and a sign-in without a link, lead nowhere', async () => {
    const approval = await ask();
    const query = new URLSearchParams({ approval: approval.id, t: new URL(approval.url).searchParams.get('t') ?? '' });
    const status = async (path: string): Promise<number> =>
      (await fetch(`${world.zekt.url}${path}`, { redirect: 'manual' })).status;
    expect(await status(`/chatops/sign-in/gitlab?${query.toString()}`)).toBe(404);
    expect(await status('/chatops/sign-in/github')).toBe(403);
  });

  test('nothing of the page may be framed, cached, run or referred to', async () => {
    const { headers } = await fetch((await ask()).url);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('what a workflow wrote is shown as it is, never as mark-up', async () => {
    const evil = '<script>document.title="run"</script><img src=x onerror=alert(1)>';
    const approval = await ask({ title: evil, text: evil, facts: [{ name: evil.slice(0, 60), value: evil }] });
    const page = await open(approval.url);
    await signIn(page, 'GitHub', 'mona');
    expect(await page.locator('article script, article img').count()).toBe(0);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(evil);
  });
});

test('the log has no link token and no session', async () => {
  const approval = await ask();
  const page = await open(approval.url);
  await signIn(page, 'GitHub', 'mona');
  const cookies = await page.context().cookies(world.zekt.url);
  const session = cookies.find(({ name }) => name === 'zekt-session');
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await page.getByRole('button', { name: 'Approve' }).click();
  await until(async () => (await approvalNow(approval.id)).state === 'approved', 'approved');
  const logged = world.logged.join('\n');
  expect(logged).not.toContain(session?.value);
  expect(logged).not.toContain(new URL(approval.url).searchParams.get('t'));
});
