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

const step = (run: WorkflowRun, inputs: Record<string, string> = {}): Promise<StepResult> =>
  world.github.runStep({
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
  expect(approval.policy.approvers).toHaveLength(3);
  expect(Date.parse(approval.expiresAt) - Date.parse(approval.createdAt)).toBe(7_200_000);
  // Whatever is a token is masked before anything else is printed.
  const token = /::add-mask::(ey[\w.-]+)/.exec(rawLog)?.[1] ?? '';
  expect(token).not.toBe('');
  expect(log).not.toContain(token);
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
