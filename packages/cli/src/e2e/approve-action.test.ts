import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Approval } from '@zekt/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StepResult, WorkflowRun } from '@zekt/simulator';
import { octocatIdentity, openFixture, until, type Fixture } from './fixture.ts';

// The bundle that is checked in, run as GitHub's runner runs it, against a real server.
const main = fileURLToPath(new URL('../../../../dist/approve/index.js', import.meta.url));

let world: Fixture;

beforeAll(async () => {
  world = await openFixture();
  world.github.world.user('mona');
  await world.client('applyResources', { body: { resources: [octocatIdentity(world)] } });
  world.github.world.teams.set('acme/release', new Set(['mona', 'hubot']));
});
afterAll(() => world.stop());

const step = (
  run: WorkflowRun,
  inputs: Record<string, string> = {},
  more: Partial<Parameters<typeof world.github.runStep>[0]> = {},
): Promise<StepResult> =>
  world.github.runStep({
    ...more,
    main,
    run,
    inputs: {
      title: 'basket 2.4.1 to production',
      approvers: 'github:mona',
      'zekt-api-url': world.zekt.url,
      ...inputs,
    },
  });
const approvalNow = (id: string): Promise<Approval> => world.client('getApproval', { params: { id } });
const newest = async (run: WorkflowRun): Promise<Approval | undefined> =>
  (await world.client('listApprovals', {})).items.find(({ requester }) => requester.runId === String(run.id));

/** Decides as soon as there is something to decide. */
async function decideSoon(run: WorkflowRun, decision: 'approved' | 'rejected', comment = ''): Promise<void> {
  await until(async () => (await newest(run)) !== undefined, 'asked');
  const { id = '' } = (await newest(run)) ?? {};
  await world.client('decideApproval', { params: { id }, body: { decision, comment } });
}

test('asks with everything that the inputs say, and goes on at once', async () => {
  const run = world.startRun();
  const { exitCode, outputs, log, summary, rawLog } = await step(run, {
    text: 'All tests passed.',
    environment: 'production',
    version: '2.4.1',
    facts: 'Change: CHG-4711\nRisk: low: none',
    approvers:
      'github:mona\n\nentra:a4c1e8d2-6b7f-4e09-9c35-1f2e3d4c5b6a/0b2d7c1e-4f5a-4c3b-9a8d-7e6f5a4b3c2d\ngithub-team:acme/release',
    quorum: '2',
    'expires-in': '2h',
    'require-reject-comment': 'true',
    'on-approve-event-type': 'deploy',
    'on-approve-payload': '{"build": 12345678901234567890}',
  });
  expect([exitCode, log]).toEqual([0, expect.stringContaining('Asked as apr_')]);
  expect(outputs).toMatchObject({ state: 'pending', url: expect.stringContaining('/chatops/approvals/apr_') });
  expect(summary).toContain('### Zekt: approval requested');
  for (const row of [
    '| Title | basket 2.4.1 to production |',
    '| Approvers | github:mona<br>entra:a4c1e8d2',
    `| Page | <a href="${(outputs.url ?? '').replaceAll('_', '&#95;')}">open</a> |`,
  ])
    expect(summary).toContain(row);
  const approval = await approvalNow(outputs['approval-id'] ?? '');
  expect(approval).toMatchObject({
    title: 'basket 2.4.1 to production',
    text: 'All tests passed.',
    environment: 'production',
    version: '2.4.1',
    facts: [
      { name: 'Change', value: 'CHG-4711' },
      { name: 'Risk', value: 'low: none' },
    ],
    policy: { quorum: 2, requireRejectComment: true, requesterMayApprove: false },
    requester: { repository: 'acme/requests', runId: String(run.id), actor: 'octocat' },
    target: { approved: { eventType: 'deploy' }, rejected: { eventType: 'zekt.approval.rejected' } },
  });
  expect(summary).toContain(`| Expires | ${approval.expiresAt} |`);
  // Over the text as it was written, with a number that JavaScript would round.
  expect(approval.target?.approved.payloadSha256).toBe(
    createHash('sha256').update('{"build": 12345678901234567890}').digest('hex'),
  );
  expect(approval.policy.approvers).toHaveLength(3);
  expect(Date.parse(approval.expiresAt) - Date.parse(approval.createdAt)).toBe(7_200_000);
  // Whatever is a token is masked before anything else is printed.
  const token = /::add-mask::(ey[\w.-]+)/.exec(rawLog)?.[1] ?? '';
  expect(token).not.toBe('');
  expect(log).not.toContain(token);
});

test('in a public repository neither log nor summary has a link to the question', async () => {
  for (const repository of [{ private: false }, { visibility: 'public' }]) {
    const { exitCode, outputs, log, summary } = await step(world.startRun(), {}, { event: { repository } });
    expect([exitCode, outputs.state]).toEqual([0, 'pending']);
    const token = new URL(outputs.url ?? '').searchParams.get('t') ?? '';
    expect(token).not.toBe('');
    for (const text of [log, summary]) {
      expect(text).not.toContain(token);
      expect(text).toContain('in the output `url` of this step');
    }
  }
});

test('the post step of a job that was cancelled withdraws the question, and leaves a decision alone', async () => {
  const run = world.startRun();
  const { outputs, state } = await step(run);
  expect(state).toEqual({ 'approval-id': outputs['approval-id'] });
  const post = await step(run, {}, { state });
  expect([post.exitCode, post.log]).toEqual([0, expect.stringContaining('is withdrawn.')]);
  expect((await approvalNow(outputs['approval-id'] ?? '')).state).toBe('cancelled');

  const other = await step(run);
  const id = other.outputs['approval-id'] ?? '';
  await world.client('decideApproval', { params: { id }, body: { decision: 'approved' } });
  const late = await step(run, {}, { state: other.state });
  expect([late.exitCode, late.log]).toEqual([0, expect.stringContaining(`the question ${id} was approved before.`)]);
  expect((await approvalNow(id)).state).toBe('approved');
});

test('a job of a fork is told that GitHub gives it no token, and the summary says so', async () => {
  const event = { pull_request: { head: { repo: { full_name: 'stranger/requests' } } } };
  const env = { ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
  const { exitCode, log, summary } = await step(world.startRun({ event: 'pull_request' }), {}, { event, env });
  expect(exitCode).toBe(1);
  for (const text of [log, summary]) expect(text).toContain('GitHub gives no OIDC token to a pull request from a fork');
  expect(summary).toContain('### Zekt: nobody was asked');
  expect(summary).toContain('| Title | basket 2.4.1 to production |');
});

describe('waiting', () => {
  test('ends with the decision in its outputs', async () => {
    const run = world.startRun();
    const [result] = await Promise.all([step(run, { wait: 'true' }), decideSoon(run, 'approved', 'Go.')]);
    expect(result).toMatchObject({ exitCode: 0, outputs: { state: 'approved', comment: 'Go.', approver: 'operator' } });
    expect(result.summary).toContain('| State | approved |');
  });

  test('fails at a rejection, with the reason', async () => {
    const run = world.startRun();
    const [result] = await Promise.all([step(run, { wait: 'true' }), decideSoon(run, 'rejected', 'Not on a Friday.')]);
    expect(result).toMatchObject({ exitCode: 1, outputs: { state: 'rejected', comment: 'Not on a Friday.' } });
    expect(result.log).toContain('Zekt: the request was rejected by operator: Not on a Friday.');
  });

  test('or does not, where it should not', async () => {
    const run = world.startRun();
    const inputs = { wait: 'true', 'fail-on-reject': 'false' };
    const [result] = await Promise.all([step(run, inputs), decideSoon(run, 'rejected')]);
    expect(result).toMatchObject({ exitCode: 0, outputs: { state: 'rejected' } });
  });

  test('gives up after its time; the question stays open', async () => {
    const run = world.startRun();
    const result = await step(run, { wait: 'true', 'wait-timeout': '1s' });
    expect([result.exitCode, result.outputs.state]).toEqual([1, 'pending']);
    expect(result.log).toContain('Zekt: nobody has decided yet. The question stays open at ');
    expect((await newest(run))?.state).toBe('pending');
  });
});

const mistakes: readonly [Record<string, string>, string][] = [
  [{ title: ' ' }, "The input 'title' is missing."],
  [{ approvers: '' }, "The input 'approvers' is missing."],
  [{ approvers: 'mona' }, "The input 'approvers' has on each line github:LOGIN, github-team:ORG/TEAM"],
  [{ approvers: 'entra:only-one' }, "got 'entra:only-one'"],
  [{ facts: 'no colon' }, "The input 'facts' has one 'Name: value' on each line; got 'no colon'."],
  [{ quorum: '0' }, "The input 'quorum' must be a whole number from 1 to 20; got '0'."],
  [{ facts: 'Requested by: the boss' }, "Invalid input 'facts': 'Requested by' is a name of Zekt's own."],
  [{ 'on-reject-event-type': 'zekt.approval.approved' }, "the input 'on-reject-event-type': event types that begin"],
  [{ quorum: '2' }, "Invalid input 'approvers': 2 approvals are needed, but only 1 person may approve."],
  [{ 'expires-in': 'soon' }, "The input 'expires-in' must be a time such as 90s, 30m, 24h or 7d; got 'soon'."],
  [{ wait: 'yes' }, "The input 'wait' must be true or false; got 'yes'."],
  [{ 'on-approve-payload': '{' }, "The input 'on-approve-payload' is not JSON"],
  [{ approvers: 'github:no-such-person' }, "there is no GitHub account 'no-such-person'"],
  [{ channel: 'nowhere' }, "There is no channel 'nowhere' in which this repository may ask."],
];
test.each(mistakes)('%j is told: %s', async (inputs, message) => {
  const { exitCode, log, outputs } = await step(world.startRun(), inputs);
  expect([exitCode, outputs.state]).toEqual([1, 'failed']);
  expect(log).toContain(message);
});
