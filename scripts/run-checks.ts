import { spawn } from 'node:child_process';
import { writersInOrder, type Writer } from './writers-in-order.ts';

/** A command of Node: `args` are those after `node`. It ends with 0, or with `skipped` when this machine lacks what it needs. */
export interface Check {
  readonly title: string;
  readonly args: readonly string[];
}

/** The exit code of a check that could not be made here (as in Automake's tests). */
export const skipped = 77;

export interface Outcome {
  /** Titles. */
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

/**
 * Runs lanes of checks at the same time, and in each lane one check after another until one fails. What they write is shown lane by lane,
 * each check under its title and with its time.
 */
export async function runChecks(lanes: readonly (readonly Check[])[], write: (text: string) => void): Promise<Outcome> {
  const writers = writersInOrder(lanes.length, write);
  const outcomes = await Promise.all(writers.map((writer, index) => runLane(lanes[index] ?? [], writer)));
  return {
    failed: outcomes.flatMap((outcome) => outcome.failed),
    skipped: outcomes.flatMap((outcome) => outcome.skipped),
  };
}

async function runLane(checks: readonly Check[], writer: Writer): Promise<Outcome> {
  const outcome = { failed: [] as string[], skipped: [] as string[] };
  for (const { title, args } of checks) {
    writer.write(`\n── ${title}\n`);
    const started = performance.now();
    const code = await run(args, (text) => writer.write(text));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const word = code === 0 ? 'ok' : code === skipped ? 'SKIPPED' : 'FAILED';
    writer.write(`── ${title}: ${word} (${seconds} s)\n`);
    if (code === skipped) outcome.skipped.push(title);
    else if (code !== 0) {
      outcome.failed.push(title);
      break;
    }
  }
  writer.end();
  return outcome;
}

/** @returns the exit code; null when a signal ended it */
function run(args: readonly string[], write: (text: string) => void): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...colour },
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write);
    child.on('error', reject).on('close', resolve);
  });
}
