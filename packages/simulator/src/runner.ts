import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fullName, type WorkflowRun } from './world.ts';

export interface Step {
  /** Path of the JavaScript file that `runs.main` of an action names. */
  readonly main: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly run: WorkflowRun;
  /** Body of the event file. */
  readonly event?: object;
  readonly env?: Readonly<Record<string, string>>;
  /** What `main` kept: this runs as its `post`. */
  readonly state?: Readonly<Record<string, string>>;
  /** The job's OIDC endpoint; absent without `permissions: id-token: write`. */
  readonly oidc?: { readonly requestUrl: string; readonly requestToken: string };
  /** @default 60,000 */
  readonly timeoutMs?: number;
}

export interface StepResult {
  readonly exitCode: number;
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step kept for its `post`, which gets it as `STATE_*`. */
  readonly state: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  /** What a person sees in the log: masked as the runner masks. */
  readonly log: string;
  /** What the process wrote, unmasked: for tests that look for leaks. */
  readonly rawLog: string;
  readonly masks: readonly string[];
}

/**
 * Runs a JavaScript action as GitHub's runner does: inputs as `INPUT_*` (upper case, spaces to underscores, hyphens kept), the
 * `GITHUB_*` variables, an event file, output and summary files, and the `add-mask` command.
 */
export async function runAction(step: Step): Promise<StepResult> {
  const directory = await mkdtemp(join(tmpdir(), 'zekt-runner-'));
  try {
    const file = async (name: string, content = ''): Promise<string> => {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    };
    const outputFile = await file('output');
    const summaryFile = await file('summary');
    const stateFile = await file('state');
    const environment: Record<string, string> = {
      PATH: process.env.PATH ?? '',
      ...githubVariables(step.run),
      GITHUB_EVENT_PATH: await file('event.json', JSON.stringify(step.event ?? {})),
      GITHUB_OUTPUT: outputFile,
      GITHUB_STEP_SUMMARY: summaryFile,
      GITHUB_ENV: await file('env'),
      GITHUB_PATH: await file('path'),
      GITHUB_STATE: stateFile,
      RUNNER_TEMP: directory,
      ...(step.oidc && {
        ACTIONS_ID_TOKEN_REQUEST_URL: step.oidc.requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: step.oidc.requestToken,
      }),
      ...Object.fromEntries(
        Object.entries(step.inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
      ),
      ...Object.fromEntries(Object.entries(step.state ?? {}).map(([name, value]) => [`STATE_${name}`, value])),
      ...step.env,
    };
    const { exitCode, rawLog } = await execute(step.main, environment, step.timeoutMs ?? 60_000);
    const masks = [...rawLog.matchAll(/^::add-mask::(.*)$/gm)].map(([, mask]) => mask ?? '');
    return {
      exitCode,
      outputs: parseOutputs(await readFile(outputFile, 'utf8')),
      state: parseOutputs(await readFile(stateFile, 'utf8')),
      summary: await readFile(summaryFile, 'utf8'),
      log: masked(rawLog, masks),
      rawLog,
      masks,
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function githubVariables(run: WorkflowRun): Record<string, string> {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'zekt',
    GITHUB_ACTOR: run.actor.login,
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: run.event,
    GITHUB_JOB: 'notify',
    GITHUB_REF: run.ref,
    GITHUB_REPOSITORY: fullName(run.repository),
    GITHUB_REPOSITORY_ID: String(run.repository.id),
    GITHUB_REPOSITORY_OWNER: run.repository.owner.login,
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.runNumber),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: run.sha,
    GITHUB_WORKFLOW: 'Simulated workflow',
    GITHUB_WORKFLOW_REF: `${fullName(run.repository)}/${run.workflow}@${run.ref}`,
  };
}

function execute(
  main: string,
  env: Record<string, string>,
  timeoutMs: number,
): Promise<{ exitCode: number; rawLog: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let rawLog = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (rawLog += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (rawLog += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, rawLog }));
  });
}

/** Commands are taken out, and each masked value becomes asterisks. */
function masked(log: string, masks: readonly string[]): string {
  const visible = log.replace(/^::add-mask::.*\n?/gm, '');
  return masks
    .filter((mask) => mask !== '')
    .reduce((text, mask) => text.replaceAll(decodeCommand(mask), '***'), visible);
}

const decodeCommand = (value: string): string =>
  value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');

/** `name=value`, or `name<<DELIMITER`, lines, `DELIMITER`. */
export function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const heredoc = /^([^=]+?)<<(.+)$/.exec(line);
    if (heredoc?.[1] !== undefined) {
      const end = lines.indexOf(heredoc[2] ?? '', index + 1);
      if (end < 0) throw new Error(`output '${heredoc[1]}' does not end`);
      outputs[heredoc[1]] = lines.slice(index + 1, end).join('\n');
      index = end;
    } else if (line.includes('=')) {
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    } else if (line !== '') {
      throw new Error(`not an output: ${line}`);
    }
  }
  return outputs;
}
