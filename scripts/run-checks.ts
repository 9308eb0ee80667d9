import { spawn } from 'node:child_process';
import { writersInOrder, type Writer } from './writers-in-order.ts';

/** A command of Node: `args` are those after `node`. */
export interface Check {
  readonly title: string;
  readonly args: readonly string[];
}

/**
 * Runs lanes of checks at the same time, and in each lane one check after another until one fails. What they write is shown lane by lane,
 * each check under its title and with its time.
 *
 * @returns the titles of those that failed
 */
export async function runChecks(
  lanes: readonly (readonly Check[])[],
  write: (text: string) => void,
): Promise<readonly string[]> {
  const writers = writersInOrder(lanes.length, write);
  const failed = await Promise.all(writers.map((writer, index) => runLane(lanes[index] ?? [], writer)));
  return failed.filter((title) => title !== null);
}

async function runLane(checks: readonly Check[], writer: Writer): Promise<string | null> {
  let failed: string | null = null;
  for (const { title, args } of checks) {
    writer.write(`\n── ${title}\n`);
    const started = performance.now();
    const isGood = (await run(args, (text) => writer.write(text))) === 0;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    writer.write(`── ${title}: ${isGood ? 'ok' : 'FAILED'} (${seconds} s)\n`);
    if (!isGood) {
      failed = title;
      break;
    }
  }
  writer.end();
  return failed;
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
