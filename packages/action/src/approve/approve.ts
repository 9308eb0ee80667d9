import { ActionError } from '../action-error.ts';
import { ApprovalClient } from './approval-client.ts';
import { readApproveInputs, type ApproveInputs } from './approve-inputs.ts';
import type { ApproveRunner } from './approve-runner.ts';
import { linkElsewhere, renderApprovalSummary, type ApprovalReport } from './approve-summary.ts';
import { isPublic } from './is-public.ts';
import { isOpen, type Approval } from './read-approval.ts';

/** Of the state that the step keeps for its `post`. */
export const idState = 'approval-id';

const firstPollMs = 5000;
const longestPollMs = 30_000;
/** A decision that some failed polls must not lose. */
const patientPolls = 5;

/** What is known so far, for the summary. */
interface Progress {
  inputs: ApproveInputs | null;
  client: ApprovalClient | null;
  approval: Approval | null;
}

/** The whole action. Never throws. */
export async function approve(runner: ApproveRunner): Promise<void> {
  const progress: Progress = { inputs: null, client: null, approval: null };
  try {
    const failure = await askAndWait(runner, progress);
    await summarize(runner, progress, failure);
    if (failure !== null) runner.setFailed(`Zekt: ${failure}`);
  } catch (error) {
    const reason = error instanceof ActionError ? error.message : `Unexpected failure: ${String(error)}`;
    runner.setOutput('state', 'failed');
    await summarize(runner, progress, reason);
    runner.setFailed(`Zekt: ${reason}`);
  }
}

/** @returns why the step fails although all went well; null when it does not */
async function askAndWait(runner: ApproveRunner, progress: Progress): Promise<string | null> {
  const inputs = (progress.inputs = readApproveInputs(runner.getInput));
  const client = (progress.client = new ApprovalClient(runner, inputs));
  const asked = await client.ask(inputs.body);
  progress.approval = asked;
  runner.saveState(idState, asked.id);
  tell(runner, asked);
  const isHidden = isPublic(runner.event, client.visibility);
  runner.info(
    isHidden
      ? `Asked as ${asked.id}. The page is ${linkElsewhere}`
      : `Asked as ${asked.id}. People decide at ${asked.url}`,
  );
  if (inputs.waitMs === null) return null;
  const outcome = await waitFor(runner, client, asked, inputs.waitMs);
  progress.approval = outcome;
  tell(runner, outcome);
  return conclude(runner, inputs, outcome, isHidden ? '' : ` at ${outcome.url}`);
}

/** Asks for the decision, at first often and then every half minute. A poll that fails is no end. */
async function waitFor(
  { patience, info }: ApproveRunner,
  client: ApprovalClient,
  asked: Approval,
  waitMs: number,
): Promise<Approval> {
  const deadline = patience.now() + waitMs;
  let latest = asked;
  let failures = 0;
  for (let pollMs = firstPollMs; isOpen(latest); pollMs = Math.min(pollMs * 1.5, longestPollMs)) {
    const left = deadline - patience.now();
    if (left <= 0) return latest;
    await patience.sleep(Math.min(pollMs, left));
    try {
      latest = await client.get(asked.id);
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures >= patientPolls) throw error;
      info(`The decision could not be asked for (${error instanceof Error ? error.message : ''}); trying again.`);
    }
  }
  return latest;
}

function tell({ setOutput }: ApproveRunner, { id, url, state, comment, approver }: Approval): void {
  setOutput('approval-id', id);
  setOutput('url', url);
  setOutput('state', state);
  setOutput('comment', comment);
  setOutput('approver', approver);
}

/** @returns why the step fails; null when it does not */
function conclude(
  runner: ApproveRunner,
  { failOnReject }: ApproveInputs,
  outcome: Approval,
  where: string,
): string | null {
  const { state, approver, comment } = outcome;
  if (state === 'approved') {
    runner.info(`Approved by ${approver}.`);
    return null;
  }
  if (state === 'inDoubt') return `a decision was made, but GitHub has not confirmed it yet; it is told again${where}`;
  if (isOpen(outcome)) return `nobody has decided yet. The question stays open${where}`;
  if (!failOnReject) return null;
  const why = comment === '' ? '' : `: ${comment}`;
  return `the request was ${state}${approver === '' ? '' : ` by ${approver}`}${why}`;
}

async function summarize(
  runner: ApproveRunner,
  { inputs, client, approval }: Progress,
  failure: string | null,
): Promise<void> {
  const report: ApprovalReport = {
    inputs,
    approval,
    isPublic: isPublic(runner.event, client?.visibility ?? null),
    failure,
  };
  try {
    await runner.writeSummary(renderApprovalSummary(report));
  } catch {
    // A summary that can't be written (disabled on some runners) is no reason to fail.
  }
}
