import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A command of Azure that failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * Runs `az` or `azd`.
 *
 * @returns what it printed, without the newline at its end
 * @throws CommandError with what it said
 */
export function run(command: 'az' | 'azd', args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new CommandError(`'${command}' can't be run (${error.message}). Install it and sign in.`);
  if (status !== 0)
    throw new CommandError(
      `${command} ${args.slice(0, 3).join(' ')} … failed:\n${stderr.trim() || `exit code ${status}`}`,
    );
  return stdout.trim();
}

/** Does the work of a hook: what Azure's tools said against it is shown, and ends the hook with 1. */
export async function asHook(work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** A role that was just granted holds after some minutes. */
const patienceMs = 300_000;

/** Repeats what is forbidden, for five minutes: Azure takes its time to make a new role known. */
export async function onceAllowed<T>(work: () => T): Promise<T> {
  for (let waitedMs = 0, pauseMs = 1000; ; waitedMs += pauseMs, pauseMs = Math.min(pauseMs * 2, 30_000)) {
    try {
      return work();
    } catch (error) {
      const isForbidden = error instanceof CommandError && /forbidden|\b403\b/i.test(error.message);
      if (!isForbidden || waitedMs >= patienceMs) throw error;
      if (waitedMs === 0)
        console.log('Key Vault does not know the role yet that was just granted; waiting up to five minutes.');
      await sleep(pauseMs);
    }
  }
}
