import { ActionError } from './action-error.ts';
import { readFailOnError, readInputs, type GetInput } from './inputs.ts';
import type { Send } from './http.ts';
import { isForkPullRequest } from './is-fork.ts';
import { requestOidcToken, type TokenSource } from './oidc-token.ts';
import type { Patience } from './retry.ts';
import { sendMessage, type Message } from './send-message.ts';
import { findStepReference } from './step-reference.ts';
import { renderSummary, type Report } from './summary.ts';

/** The job as the runner describes it. */
export interface Job {
  readonly repository: string;
  readonly runId: string;
  readonly actor: string;
  readonly sha: string;
  readonly ref: string;
  readonly workflow: string;
  readonly eventName: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly runUrl: string;
}

/** All that the action does to the outside, so that its logic has no global. */
export interface Runner {
  readonly getInput: GetInput;
  readonly setOutput: (name: string, value: string) => void;
  readonly setSecret: (value: string) => void;
  readonly writeSummary: (markdown: string) => Promise<void>;
  readonly info: (message: string) => void;
  readonly isDebug: () => boolean;
  readonly debug: (message: string) => void;
  readonly warning: (message: string) => void;
  readonly setFailed: (message: string) => void;
  readonly tokenSource: TokenSource;
  readonly send: Send;
  readonly patience: Patience;
  readonly newKey: () => string;
  /** The trace that the job is in: `TRACEPARENT`, as OpenTelemetry's tools for CI set it. */
  readonly traceparent: string | undefined;
}

/** The whole action. Never throws: what goes wrong is a failed step or, with `fail-on-error: false`, a warning. */
export async function run(job: Job, runner: Runner): Promise<void> {
  const attempt: { message: Message | null } = { message: null };
  try {
    const receipt = await notify(job, runner, attempt);
    runner.setOutput('event-id', receipt.eventId);
    runner.setOutput('status', 'success');
    runner.setOutput('consumers-notified', receipt.consumersNotified);
    runner.info(`Zekt took the message as ${receipt.eventId}. ${receipt.message}`);
    if (receipt.undelivered)
      runner.warning(`Zekt: nobody will get this message. ${receipt.undelivered.reason} ${receipt.undelivered.fix}`);
    await summarize(runner, { message: attempt.message, runUrl: job.runUrl, result: { kind: 'sent', receipt } });
  } catch (error) {
    const reason =
      error instanceof ActionError
        ? error.message
        : `Unexpected failure: ${error instanceof Error ? error.message : String(error)}`;
    runner.setOutput('status', 'failed');
    await summarize(runner, { message: attempt.message, runUrl: job.runUrl, result: { kind: 'failed', reason } });
    if (isLenient(runner)) runner.warning(`Zekt: ${reason}`);
    else runner.setFailed(`Zekt: ${reason}`);
  }
}

async function notify(job: Job, runner: Runner, attempt: { message: Message | null }) {
  const { send, patience } = runner;
  const step = findStepReference(job.eventName, job.event);
  if (step.kind === 'broken')
    runner.warning(
      'The dispatch names an orchestration step without executionId or stepId, so this message is sent as a plain one.',
    );
  const inputs = readInputs(runner.getInput, step.kind === 'found');
  const message: Message = {
    eventType: inputs.eventType || 'orchestration-step-output',
    repository: job.repository,
    runId: job.runId,
    actor: job.actor,
    sha: job.sha,
    ref: job.ref,
    workflow: job.workflow,
    payload: inputs.payload,
    stepReference: step.kind === 'found' ? step.reference : null,
  };
  attempt.message = message;
  if (runner.isDebug()) runner.debug(`payload: ${inputs.payload}`);
  const { eventName, actor } = job;
  if (runner.tokenSource.requestToken) runner.setSecret(runner.tokenSource.requestToken);
  const token = await requestOidcToken(
    runner.tokenSource,
    inputs.audience,
    { eventName, actor, isForkPullRequest: isForkPullRequest(job.event, job.repository) },
    send,
    patience,
  );
  runner.setSecret(token);
  const backend = {
    apiUrl: inputs.apiUrl,
    token,
    timeoutMs: inputs.timeoutMs,
    idempotencyKey: runner.newKey(),
    traceparent: runner.traceparent,
    say: runner.info,
  };
  return sendMessage(message, backend, send, patience);
}

/** A summary that can't be written (disabled on some runners) is no reason to fail. */
async function summarize(runner: Runner, report: Report): Promise<void> {
  try {
    await runner.writeSummary(renderSummary(report));
  } catch (error) {
    runner.debug(`no summary: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isLenient({ getInput }: Runner): boolean {
  try {
    return !readFailOnError(getInput);
  } catch {
    return false;
  }
}
