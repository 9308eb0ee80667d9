import { ActionError } from '../action-error.ts';
import { callBackend, type Backend } from '../call-backend.ts';
import type { Send } from '../http.ts';
import { requestOidcToken, type TokenSource } from '../oidc-token.ts';
import type { Patience } from '../retry.ts';
import { escape, link } from '../summary.ts';
import { readApproveInputs, type ApproveInputs } from './approve-inputs.ts';

/** All that this action does to the outside. */
export interface ApproveRunner {
  readonly repository: string;
  readonly eventName: string;
  readonly actor: string;
  readonly getInput: (name: string) => string;
  readonly setOutput: (name: string, value: string) => void;
  readonly setSecret: (value: string) => void;
  readonly writeSummary: (markdown: string) => Promise<void>;
  readonly info: (message: string) => void;
  readonly setFailed: (message: string) => void;
  readonly tokenSource: TokenSource;
  readonly send: Send;
  readonly patience: Patience;
  readonly newKey: () => string;
}

/** What this action reads of an approval. */
interface Approval {
  readonly id: string;
  readonly state: string;
  readonly url: string;
  readonly comment: string;
  readonly approver: string;
}

const callMs = 60_000;
const firstPollMs = 5000;
const longestPollMs = 30_000;
/** A decision that some failed polls must not lose. */
const patientPolls = 5;

/** The whole action. Never throws. */
export async function approve(runner: ApproveRunner): Promise<void> {
  try {
    const inputs = readApproveInputs(runner.getInput);
    const { requestToken } = runner.tokenSource;
    if (requestToken) runner.setSecret(requestToken);
    const asked = await ask(runner, inputs);
    tell(runner, asked);
    runner.info(`Asked as ${asked.id}. People decide at ${asked.url}`);
    const outcome = inputs.waitMs === null ? asked : await waitFor(runner, inputs, asked, inputs.waitMs);
    tell(runner, outcome);
    await summarize(runner, outcome, inputs.waitMs !== null);
    if (inputs.waitMs !== null) conclude(runner, inputs, outcome);
  } catch (error) {
    const reason = error instanceof ActionError ? error.message : `Unexpected failure: ${String(error)}`;
    runner.setOutput('state', 'failed');
    runner.setFailed(`Zekt: ${reason}`);
  }
}

/** Tokens last five minutes, a decision may take days: each call has one of its own. */
async function freshBackend(runner: ApproveRunner, { apiUrl, audience }: ApproveInputs): Promise<Backend> {
  const { tokenSource, eventName, actor, send, patience } = runner;
  const job = { eventName, actor, isForkPullRequest: false };
  const token = await requestOidcToken(tokenSource, audience, job, send, patience);
  runner.setSecret(token);
  return { apiUrl, token, timeoutMs: callMs };
}

async function ask(runner: ApproveRunner, inputs: ApproveInputs): Promise<Approval> {
  const backend = { ...(await freshBackend(runner, inputs)), idempotencyKey: runner.newKey() };
  const { repository, send, patience } = runner;
  const call = { method: 'POST', path: '/api/approvals', body: inputs.body, repository, noun: 'question' } as const;
  return readApproval(await callBackend(call, backend, send, patience));
}

/** Asks for the decision, at first often and then every half minute. A poll that fails is no end. */
async function waitFor(
  runner: ApproveRunner,
  inputs: ApproveInputs,
  asked: Approval,
  waitMs: number,
): Promise<Approval> {
  const { repository, send, patience } = runner;
  const path = `/api/approvals/${asked.id}`;
  const deadline = patience.now() + waitMs;
  let latest = asked;
  let failures = 0;
  for (let pollMs = firstPollMs; isOpen(latest); pollMs = Math.min(pollMs * 1.5, longestPollMs)) {
    const left = deadline - patience.now();
    if (left <= 0) return latest;
    await patience.sleep(Math.min(pollMs, left));
    try {
      const backend = await freshBackend(runner, inputs);
      latest = readApproval(
        await callBackend({ method: 'GET', path, repository, noun: 'poll' }, backend, send, patience),
      );
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures >= patientPolls) throw error;
      runner.info(
        `The decision could not be asked for (${error instanceof Error ? error.message : ''}); trying again.`,
      );
    }
  }
  return latest;
}

const isOpen = ({ state }: Approval): boolean => state === 'pending' || state === 'dispatching';

function tell({ setOutput }: ApproveRunner, { id, url, state, comment, approver }: Approval): void {
  setOutput('approval-id', id);
  setOutput('url', url);
  setOutput('state', state);
  setOutput('comment', comment);
  setOutput('approver', approver);
}

function conclude(runner: ApproveRunner, { failOnReject }: ApproveInputs, outcome: Approval): void {
  const { state, approver, comment, url } = outcome;
  if (state === 'approved') runner.info(`Approved by ${approver}.`);
  else if (isOpen(outcome)) runner.setFailed(`Zekt: nobody has decided yet. The question stays open at ${url}`);
  else if (failOnReject) {
    const why = comment === '' ? '' : `: ${comment}`;
    runner.setFailed(`Zekt: the request was ${state}${approver === '' ? '' : ` by ${approver}`}${why}`);
  }
}

async function summarize(runner: ApproveRunner, approval: Approval, hasWaited: boolean): Promise<void> {
  const { state, url, approver, comment } = approval;
  const rows = [
    ['State', state],
    ...(approver === '' ? [] : [['Decided by', approver]]),
    ...(comment === '' ? [] : [['Comment', comment]]),
  ];
  const text = [
    `### Zekt: ${hasWaited ? 'approval' : 'approval requested'}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name = '', value = '']) => `| ${name} | ${escape(value)} |`),
    `| Page | ${link(url, 'open')} |`,
    '',
    '',
  ].join('\n');
  try {
    await runner.writeSummary(text);
  } catch {
    // A summary that can't be written (disabled on some runners) is no reason to fail.
  }
}

function readApproval(answer: Record<string, unknown>): Approval {
  const { id, state, url, decision } = answer;
  if (typeof id !== 'string' || typeof state !== 'string' || typeof url !== 'string')
    throw new ActionError(
      "The answer is no approval. Check that 'zekt-api-url' is a Zekt server that takes approvals.",
    );
  const vote = (decision ?? {}) as { comment?: unknown; actor?: { name?: unknown; id?: unknown } };
  const name = vote.actor?.name ?? vote.actor?.id;
  return {
    id,
    state,
    url,
    comment: typeof vote.comment === 'string' ? vote.comment : '',
    approver: typeof name === 'string' ? name : '',
  };
}
