import type { Approval, ApprovalRequest } from '@zekt/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntraUser, PostedCard, WorkflowRun } from '@zekt/simulator';
import { cardAudience, devTenant } from '../dev/dev-world.ts';
import { aMoment, octocatIdentity, openFixture, until, type Fixture } from './fixture.ts';

// A workflow asks; people are asked in Teams; a click decides; GitHub is told. All through the public doors.

let world: Fixture;
let ada: EntraUser;
let stranger: EntraUser;

beforeAll(async () => {
  world = await openFixture();
  ada = world.entra.addUser('ada@acme.example', devTenant);
  stranger = world.entra.addUser('eve@acme.example', devTenant);
  for (const [name, value] of [
    ['teams-url', world.teams.workflowsUrl],
    ['connector-url', world.teams.connectorUrl],
  ] as const)
    await world.client('putSecret', { params: { name }, body: { value } });
  await world.client('applyResources', {
    body: {
      resources: [channel('workflows', 'teams-url'), channel('connector', 'connector-url'), octocatIdentity(world)],
    },
  });
});
afterAll(() => world.stop());
afterEach(() => {
  world.github.faults.clear();
  world.teams.faults.length = 0;
});

const channel = (type: string, urlSecret: string) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Channel',
  metadata: { name: `release-${type}` },
  spec: { type, urlSecret, repositories: ['acme/requests'] },
});

const question = (changes: Partial<ApprovalRequest> = {}): ApprovalRequest => ({
  title: 'basket 2.4.1 to production',
  environment: 'production',
  version: '2.4.1',
  facts: [{ name: 'Change', value: 'CHG-4711' }],
  policy: { approvers: [{ entra: { tenant: devTenant, objectId: ada.objectId } }] },
  onApprove: { payload: { artefact: 'basket-2.4.1.tgz' } },
  channel: 'release-connector',
  ...changes,
});

interface Asked {
  readonly run: WorkflowRun;
  readonly approval: Approval;
  readonly card: PostedCard['card'];
}

/** Asks in a channel, and waits for the card. */
async function ask(changes: Partial<ApprovalRequest> = {}): Promise<Asked> {
  const run = world.startRun();
  const { status, body } = await world.post(run, '/api/approvals', question(changes));
  expect([status, body.error]).toEqual([201, undefined]);
  const approval = body as unknown as Approval;
  const found = (): PostedCard | undefined =>
    world.teams.cards.find((it) => JSON.stringify(it.card).includes(approval.id));
  await until(() => found() !== undefined, 'the card is in Teams');
  return { run, approval, card: found()?.card ?? {} };
}

const anybody = ({ tenant, objectId }: EntraUser) => ({ entra: { tenant, objectId } });
const cardToken = (user: EntraUser): Promise<string> => world.entra.cardToken(user, { audience: cardAudience });
const click = async (card: PostedCard['card'], button: string, user = ada, inputs: Record<string, string> = {}) =>
  world.teams.click(card, { button, token: await cardToken(user), inputs });
const approvalNow = (id: string): Promise<Approval> => world.client('getApproval', { params: { id } });
const dispatchesOf = (id: string) =>
  world.github.dispatchesTo('acme/requests').filter(({ clientPayload }) => clientPayload.approvalId === id);

describe('a click on a card', () => {
  test('approves: GitHub is told once, the card is replaced, and the answer says what happened', async () => {
    const { run, approval, card } = await ask();
    const answer = await click(card, 'Approve');

    expect(answer).toMatchObject({
      status: 200,
      text: 'The deployment of basket 2.4.1 to production was approved.',
      card: {
        '@type': 'MessageCard',
        title: 'Approved',
        potentialAction: [{ '@type': 'OpenUri', name: 'View in Zekt' }],
      },
    });
    expect(dispatchesOf(approval.id)).toMatchObject([
      {
        eventType: 'zekt.approval.approved',
        clientPayload: {
          approvalId: approval.id,
          decision: 'approved',
          comment: '',
          approver: { provider: 'entra', id: ada.objectId, tenant: devTenant },
          request: { repository: 'acme/requests', runId: run.id, environment: 'production', version: '2.4.1' },
          payload: { artefact: 'basket-2.4.1.tgz' },
          payloadSha256: approval.target?.approved.payloadSha256,
        },
      },
    ]);
    expect(await approvalNow(approval.id)).toMatchObject({
      state: 'approved',
      decision: {
        decision: 'approved',
        via: 'card',
        actor: { provider: 'entra', id: ada.objectId, tenant: devTenant },
      },
      dispatch: { tries: 1, status: 204, reason: null },
      posting: { state: 'posted' },
    });
  });

  test('rejects with a comment', async () => {
    const { approval, card } = await ask();
    const answer = await click(card, 'Reject now', ada, { reason: 'Not on a Friday.' });
    expect([answer.status, answer.text]).toEqual([200, 'The deployment of basket 2.4.1 to production was rejected.']);
    expect(dispatchesOf(approval.id)).toMatchObject([
      { eventType: 'zekt.approval.rejected', clientPayload: { decision: 'rejected', comment: 'Not on a Friday.' } },
    ]);
  });

  test.each(['she said "no"', 'two\nlines', 'C:\\new', '😀 "}'])('with the comment %j keeps it', async (reason) => {
    const { approval, card } = await ask({ policy: { approvers: [anybody(ada)], requireRejectComment: true } });
    expect((await click(card, 'Reject now', ada, { reason })).status).toBe(200);
    expect(dispatchesOf(approval.id)).toMatchObject([{ clientPayload: { decision: 'rejected', comment: reason } }]);
  });

  test('the first decision wins: later clicks hear of it and dispatch nothing', async () => {
    const { approval, card } = await ask();
    await click(card, 'Approve');
    const again = await click(card, 'Approve');
    expect([again.status, again.text]).toEqual([200, 'Already approved.']);
    const contrary = await click(card, 'Reject now');
    expect([contrary.status, contrary.text]).toEqual([
      200,
      expect.stringMatching(/^Already approved by .+ at [-\d]+ [:\d]+ UTC; your rejection was not recorded\.$/),
    ]);
    for (const { card: replaced } of [again, contrary]) expect(replaced).toMatchObject({ title: 'Approved' });
    await expect(
      world.client('decideApproval', { params: { id: approval.id }, body: { decision: 'rejected' } }),
    ).rejects.toMatchObject({ code: 'approval_already_decided' });

    expect(dispatchesOf(approval.id)).toHaveLength(1);
  });

  test('the same click again is answered as before', async () => {
    const { approval, card } = await ask();
    const same = { button: 'Approve', token: await cardToken(ada), requestId: crypto.randomUUID() };
    const first = await world.teams.click(card, same);
    const second = await world.teams.click(card, same);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(dispatchesOf(approval.id)).toHaveLength(1);
  });

  test('twenty at once dispatch once', async () => {
    const people = Array.from({ length: 10 }, (_, n) => world.entra.addUser(`p${n}@acme.example`, devTenant));
    const approvers = people.map(({ objectId }) => ({ entra: { tenant: devTenant, objectId } }));
    const { approval, card } = await ask({ policy: { approvers } });
    const answers = await Promise.all(
      people.flatMap((person) => ['Approve', 'Reject now'].map((button) => click(card, button, person))),
    );
    const [dispatch, ...others] = dispatchesOf(approval.id);
    expect(others).toEqual([]);
    const { state } = await approvalNow(approval.id);
    expect(dispatch?.clientPayload.decision).toBe(state);
    for (const { status, text } of answers) {
      expect([200, 409]).toContain(status);
      if (status === 409) expect(text).toBe('This request is being processed. Refresh in a moment.');
    }
  });

  test('of somebody who was not asked is refused', async () => {
    const { approval, card } = await ask();
    const answer = await click(card, 'Approve', stranger);
    expect(answer).toMatchObject({ status: 403, text: 'You are not allowed to decide this request.', card: null });
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending', votes: [] });
  });

  test('with a token for the other decision, another approval, or an altered one is refused', async () => {
    const { card } = await ask();
    const other = await ask();
    const [approve] = card.potentialAction as { target: string }[];
    const target = approve?.target ?? '';
    const token = new URL(target).searchParams.get('t') ?? '';
    for (const wrong of [
      target.replace('/approve?', '/reject?'),
      target.replace(/apr_\w+/, other.approval.id),
      target.replace(token, `${token.slice(0, -2)}AA`),
      target.replace(token, `x${token}`),
      target.replace(/\?t=.*/, ''),
      target.replace(/apr_\w+/, `apr_${'0'.repeat(32)}`),
    ]) {
      const answer = await world.teams.click(
        { '@type': 'HttpPOST', name: 'x', target: wrong },
        { button: 'x', token: await cardToken(ada) },
      );
      expect([wrong, answer.status, answer.text]).toEqual([wrong, 403, 'This approval link is not valid.']);
    }
  });

  test('again and again is stopped, for one person and not for others', async () => {
    const { approval, card } = await ask();
    const answers = [];
    for (let tries = 0; tries < 11; tries += 1) answers.push(await click(card, 'Approve', stranger));
    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(403), 429]);
    expect(answers.at(-1)?.text).toBe('Too many tries in a short time. Try again in a minute.');
    expect((await click(card, 'Approve')).status).toBe(200);
    expect((await approvalNow(approval.id)).state).toBe('approved');
  });

  test('with more than 16 kB of body loses the comment, not the decision', async () => {
    const { approval, card } = await ask();
    expect((await click(card, 'Reject now', ada, { reason: 'x'.repeat(17_000) })).status).toBe(200);
    expect((await approvalNow(approval.id)).decision).toMatchObject({ decision: 'rejected', comment: '' });
  });

  test('by a method other than POST changes nothing', async () => {
    const { approval, card } = await ask();
    const answer = await world.teams.click(card, { button: 'Approve', token: await cardToken(ada), method: 'GET' });
    expect([answer.status, answer.text]).toEqual([405, null]);
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending' });
  });

  test('past its time is told so, and nobody is told otherwise', async () => {
    const { approval, card } = await ask();
    await world.client('cancelApproval', { params: { id: approval.id } });
    const answer = await click(card, 'Approve');
    expect([answer.status, answer.text]).toEqual([410, 'This approval request has expired.']);
    expect(dispatchesOf(approval.id)).toEqual([]);
  });

  const inDoubtText =
    'The deployment of basket 2.4.1 to production is approved. GitHub has not confirmed it yet: Zekt goes on telling it.';
  const gitHubAnswers: readonly [number, Record<string, string>, string][] = [
    [404, {}, 'Not approved: the repository was not found or Zekt is not installed there.'],
    [403, {}, 'Not approved: Zekt has no permission for the repository.'],
    [422, {}, 'Not approved: GitHub did not accept the request.'],
    [429, { 'retry-after': '60' }, 'Not approved yet: GitHub is busy. Try again later.'],
    [403, { 'retry-after': '60' }, 'Not approved yet: GitHub is busy. Try again later.'],
  ];
  test.each(gitHubAnswers)('when GitHub says %i %j, the person hears "%s"', async (status, headers, text) => {
    const { approval, card } = await ask();
    world.github.faults.add({ path: '/dispatches', times: 2, fault: { kind: 'answer', status, headers } });
    const answer = await click(card, 'Approve');
    expect(answer).toMatchObject({ status: 424, text, card: null });
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending', decision: null });
    world.github.faults.clear();
    await until(async () => (await click(card, 'Approve')).status === 200, 'a later click counts');
    expect(dispatchesOf(approval.id)).toHaveLength(1);
  });

  test('that GitHub takes too long for is answered before it is decided, and decided all the same', async () => {
    const { approval, card } = await ask();
    world.github.faults.add({ path: '/dispatches', times: 1, fault: { kind: 'delay', ms: 6000 } });
    const answer = await click(card, 'Approve');
    expect([answer.status, answer.text]).toEqual([200, inDoubtText]);
    expect(answer.card).toMatchObject({ title: 'Approved, telling GitHub' });
    expect((await approvalNow(approval.id)).dispatch.reason).toMatch(/^GitHub did not answer within \d/);
    await until(async () => (await approvalNow(approval.id)).state === 'approved', 'it was repeated');
  });

  test('whose answer of GitHub was lost is repeated, and no other decision is possible meanwhile', async () => {
    const { approval, card } = await ask();
    world.github.faults.add({ path: '/dispatches', times: 1, fault: { kind: 'resetAfter' } });
    const answer = await click(card, 'Approve');
    expect([answer.status, answer.text]).toEqual([200, inDoubtText]);
    expect(answer.card).toMatchObject({ title: 'Approved, telling GitHub' });
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'inDoubt', inDoubt: 'approved' });
    const contrary = await click(card, 'Reject now');
    expect(contrary.text).toMatch(
      /^Already approved by .* and GitHub is being told; your rejection was not recorded\.$/,
    );
    await until(async () => (await approvalNow(approval.id)).state === 'approved', 'it was repeated by itself');
    expect(dispatchesOf(approval.id).map(({ clientPayload }) => clientPayload.decision)).toEqual([
      'approved',
      'approved',
    ]);
  });
});

describe('who clicked', () => {
  const refused = async (token: string | null): Promise<void> => {
    const { approval, card } = await ask();
    const answer = await world.teams.click(card, { button: 'Approve', token });
    expect([answer.status, answer.text, answer.card]).toEqual([401, null, null]);
    expect(answer.headers.get('action-authenticate')).toBeNull();
    expect(await approvalNow(approval.id)).toMatchObject({ state: 'pending' });
  };
  const past = Math.floor(Date.now() / 1000) - 3600;
  const flaws: readonly [string, Record<string, unknown>][] = [
    ['another audience', { aud: 'https://graph.microsoft.com' }],
    ['several audiences', { aud: [cardAudience, 'other'] }],
    ['another issuer', { iss: 'https://login.example/v2.0' }],
    ["a tenant that is not its issuer's", { tid: crypto.randomUUID() }],
    ['a time that is over', { iat: past, nbf: past, exp: past + 60 }],
    ['no expiry', { exp: undefined }],
    ['a time to come', { nbf: past + 7200 }],
    ['another application', { azp: crypto.randomUUID() }],
    ['no application', { azp: undefined }],
    ['nobody in it', { oid: undefined }],
    ['no tenant in it', { tid: undefined }],
  ];
  test.each(flaws)('a token with %s is refused, without a word for the card', async (_, changes) => {
    await refused(await world.entra.cardToken(ada, { audience: cardAudience, changes }));
  });

  test('no token, one that was altered, or no JWT at all is refused', async () => {
    const token = await cardToken(ada);
    await refused(null);
    await refused(`${token.slice(0, -6)}AAAAAA`);
    await refused('teams');
    const [, claims] = token.split('.');
    await refused(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims ?? ''}.`);
  });

  test('a token of version 1.0 counts as well', async () => {
    const { card } = await ask();
    const token = await world.entra.cardToken(ada, { audience: cardAudience, version: 1 });
    expect((await world.teams.click(card, { button: 'Approve', token })).status).toBe(200);
  });

  test('the retired issuer is not trusted unless it is configured', async () => {
    await refused(await world.entra.cardToken(ada, { audience: world.zekt.url, version: 'legacy' }));
  });
});

describe('the policy', () => {
  const two = () => ['b@acme.example', 'c@acme.example'].map((name) => world.entra.addUser(name, devTenant));
  const meant = (users: readonly EntraUser[]) => users.map(({ objectId, tenant }) => ({ entra: { tenant, objectId } }));

  test('two of three must approve; the same person twice is one', async () => {
    const [second, third] = two();
    if (!second || !third) throw new Error('two people');
    const { approval, card } = await ask({ policy: { approvers: meant([ada, second, third]), quorum: 2 } });
    const first = await click(card, 'Approve');
    expect([first.status, first.text]).toEqual([200, 'Your approval counts: 1 of 2.']);
    expect(JSON.stringify(first.card)).toContain('"1 of 2"');
    expect(JSON.stringify(first.card)).toContain('"Approve"');
    expect((await click(card, 'Approve')).text).toBe('Your approval counts: 1 of 2.');
    expect(dispatchesOf(approval.id)).toEqual([]);
    const last = await click(card, 'Approve', second);
    expect(last.text).toBe('The deployment of basket 2.4.1 to production was approved.');
    expect(dispatchesOf(approval.id)).toHaveLength(1);
  });

  test('one rejection is enough', async () => {
    const [second] = two();
    if (!second) throw new Error('two people');
    const { approval, card } = await ask({ policy: { approvers: meant([ada, second]), quorum: 2 } });
    await click(card, 'Approve');
    await click(card, 'Reject now', second);
    expect((await approvalNow(approval.id)).state).toBe('rejected');
  });

  test('a reason may be required for rejecting', async () => {
    const { approval, card } = await ask({ policy: { approvers: meant([ada]), requireRejectComment: true } });
    const bare = await click(card, 'Reject now');
    expect([bare.status, bare.text]).toEqual([400, 'Not rejected: a reason is required.']);
    expect((await click(card, 'Reject now', ada, { reason: 'Too late.' })).status).toBe(200);
    expect((await approvalNow(approval.id)).decision?.comment).toBe('Too late.');
  });

  test('a quorum that nobody can reach and a login that does not exist are refused when asked', async () => {
    const run = world.startRun();
    const impossible = await world.post(
      run,
      '/api/approvals',
      question({ policy: { approvers: meant([ada]), quorum: 2 } }),
    );
    expect([impossible.status, impossible.body.error]).toEqual([
      400,
      'Invalid policy: 2 approvals are needed, but only 1 person may approve.',
    ]);
    const nobody = await world.post(
      run,
      '/api/approvals',
      question({ policy: { approvers: [{ github: 'no-such-person' }] } }),
    );
    expect([nobody.status, nobody.body.error]).toEqual([
      400,
      "Invalid policy: there is no GitHub account 'no-such-person'.",
    ]);
  });
});

describe('asking', () => {
  test('in Teams by Workflows gives a card with a link, and the outcome as a second card', async () => {
    const { approval, card } = await ask({ channel: 'release-workflows' });
    expect(card).toMatchObject({
      type: 'AdaptiveCard',
      actions: [{ type: 'Action.OpenUrl', title: 'Review and decide' }],
    });
    await world.client('decideApproval', { params: { id: approval.id }, body: { decision: 'approved' } });
    const told = (): PostedCard[] => world.teams.cards.filter((it) => JSON.stringify(it.card).includes(approval.id));
    await until(() => told().length === 2, 'the outcome is told');
    expect(JSON.stringify(told()[1]?.card)).toContain('Approved: basket 2.4.1 to production');
  });

  test.each([
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '1' } }],
    ['500', { status: 500 }],
    ['a 200 that says 429', { status: 200, body: 'Microsoft Teams endpoint returned HTTP error 429 with ContextId' }],
  ])('goes on after %s', async (_, fault) => {
    world.teams.faults.push(fault);
    const { approval } = await ask();
    await until(async () => (await approvalNow(approval.id)).posting?.state === 'posted', 'it was posted');
    expect((await approvalNow(approval.id)).posting?.tries).toBe(2);
  });

  test('where the webhook is gone is told at the approval, without its address', async () => {
    world.teams.faults.push({ status: 404 });
    const run = world.startRun();
    const { body } = await world.post(run, '/api/approvals', question());
    const { id } = body as unknown as Approval;
    await until(async () => (await approvalNow(id)).posting?.state === 'failed', 'it was given up');
    const { posting } = await approvalNow(id);
    expect(posting?.reason).toMatch(/^It answered 404\./);
    expect(JSON.stringify(posting)).not.toContain('teams-canary');
  });

  test('in a channel of others, or one that there is not, is refused in the same words', async () => {
    const foreign = world.github.startRun(world.platform, {});
    const denied = await world.post(foreign, '/api/approvals', question());
    const missing = await world.post(foreign, '/api/approvals', question({ channel: 'no-such-channel' }));
    expect([denied.status, missing.status]).toEqual([403, 403]);
    expect(denied.body.error?.replace('release-connector', '…')).toBe(
      missing.body.error?.replace('no-such-channel', '…'),
    );
  });

  test('twice with the same key asks once; something else with it is refused', async () => {
    const run = world.startRun();
    const token = await world.github.issuer.mint(run, world.zekt.url);
    const send = async (body: ApprovalRequest): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`${world.zekt.url}/api/approvals`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'gate-1' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const first = await send(question());
    const second = await send(question());
    expect([second.status, second.body.id, second.body.createdAt]).toEqual([201, first.body.id, first.body.createdAt]);
    const other = await send(question({ title: 'something else' }));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('for another repository, or from a pull request, is refused', async () => {
    const mismatch = await world.post(world.startRun(), '/api/approvals', question({ repository: 'contoso/platform' }));
    expect([mismatch.status, mismatch.body.code]).toEqual([403, 'repository_mismatch']);
    const pull = await world.post(world.startRun({ event: 'pull_request' }), '/api/approvals', question());
    expect([pull.status, pull.body.code]).toEqual([403, 'pull_request_refused']);
  });

  test('with too large a payload is refused by name', async () => {
    const { status, body } = await world.post(
      world.startRun(),
      '/api/approvals',
      question({ onApprove: { payload: { text: 'x'.repeat(41_000) } } }),
    );
    expect([status, body.code]).toEqual([413, 'payload_too_large_for_dispatch']);
  });

  test('is for the repository that asked: others see nothing of it', async () => {
    const { approval } = await ask();
    const token = await world.github.issuer.mint(world.github.startRun(world.platform, {}), world.zekt.url);
    const response = await fetch(`${world.zekt.url}/api/approvals/${approval.id}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(404);
  });

  test('can be withdrawn by the repository that asked', async () => {
    const { run, approval } = await ask();
    const { status, body } = await world.post(run, `/api/approvals/${approval.id}/cancel`, {});
    expect([status, body.state]).toEqual([200, 'cancelled']);
  });

  test('is withdrawn when its run is cancelled, unless it says otherwise', async () => {
    const { run, approval } = await ask();
    const { body: kept } = await world.post(run, '/api/approvals', question({ title: 'kept', cancelWithRun: false }));
    world.github.completeRun(run, 'cancelled');
    const stateOf = async (id: string) => (await world.client('getApproval', { params: { id } })).state;
    await until(async () => (await stateOf(approval.id)) === 'cancelled', 'it is withdrawn');
    expect(await stateOf(String(kept.id))).toBe('pending');
  });

  test('leaves no address of a webhook and no token in the log', async () => {
    const { card } = await ask();
    await click(card, 'Approve');
    await aMoment(100);
    const logged = world.logged.join('\n');
    expect(logged).not.toContain('teams-canary');
    expect(logged).not.toContain(
      new URL((card.potentialAction as { target: string }[])[0]?.target ?? '').searchParams.get('t'),
    );
  });
});
