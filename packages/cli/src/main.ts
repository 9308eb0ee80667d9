import yargs, { type Argv } from 'yargs';
import { version } from '@zekt/contracts';
import { printableLines } from '@zekt/core';
import { createClient, RefusedError, UnreachableError, type Client } from './client.ts';
import { approvalCommands } from './commands/approvals.ts';
import { dayToDayCommands } from './commands/day-to-day.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { devCommand } from './commands/dev.ts';
import { doctorCommand, NotWellError } from './commands/doctor.ts';
import { hookCommands } from './commands/hooks.ts';
import { notificationCommands } from './commands/notifications.ts';
import { redriveCommand } from './commands/redrive.ts';
import { resourceCommands, standardInput } from './commands/resources.ts';
import { secretCommands } from './commands/secrets.ts';
import { sendCommand } from './commands/send.ts';
import { serveCommand } from './commands/serve.ts';
import { UsageError } from './usage-error.ts';

/** Exit codes, as docs/reference/cli.md promises them. */
export const exitCodes = { done: 0, failed: 1, usage: 2, unreachable: 3 } as const;

/** Runs one command and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { env } = process;
  let client: Client | undefined;
  let isForPeople = true;
  let isInsecureAllowed = false;
  const lazyClient = (): Client =>
    (client ??= createClient(env, { isForPeople: () => isForPeople, isInsecureAllowed }));
  const cli: Argv = yargs(args.map((arg) => (arg === '-' ? standardInput : arg)))
    .scriptName('zekt')
    .usage('$0 <command>\n\nLets a GitHub workflow in one organisation inform and trigger workflows in others.')
    .option('json', { type: 'boolean', describe: 'JSON for programs', global: true })
    .option('insecure', {
      type: 'boolean',
      describe: 'Send a token over plain http to another machine',
      global: true,
    })
    .middleware(({ json, insecure }) => {
      isForPeople = json !== true;
      isInsecureAllowed = insecure === true;
    })
    .version(version)
    .help()
    .alias('help', 'h')
    .strict()
    .demandCommand(1, 'Which command? --help lists them.')
    .recommendCommands()
    .completion('completion', 'Print a completion script for bash or zsh')
    .epilogue(
      'Client commands read ZEKT_URL and ZEKT_ADMIN_TOKEN.\nExit codes: 0 done, 1 refused or not well, 2 wrong use or settings, 3 no server.',
    )
    .wrap(Math.min(120, process.stdout.columns || 120))
    .exitProcess(false)
    .fail((message, error) => {
      // A message comes from yargs itself; a command's own error comes without one.
      throw message ? new UsageError(message) : error;
    });
  devCommand(cli);
  serveCommand(cli, env);
  resourceCommands(cli, lazyClient);
  dayToDayCommands(cli, lazyClient);
  deadLetterCommands(cli, lazyClient);
  redriveCommand(cli, lazyClient);
  approvalCommands(cli, lazyClient);
  notificationCommands(cli, lazyClient);
  hookCommands(cli, lazyClient);
  secretCommands(cli, lazyClient);
  doctorCommand(cli, lazyClient);
  sendCommand(cli, env);
  try {
    await cli.parseAsync();
    return exitCodes.done;
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`zekt: ${printableLines(message)}\n`);
  // By its name: whoever only calls a server need not load what makes one.
  const isSettingsError = error instanceof Error && error.name === 'SettingsError';
  if (error instanceof UsageError || isSettingsError) return exitCodes.usage;
  if (error instanceof UnreachableError) return exitCodes.unreachable;
  if (
    !(error instanceof RefusedError || error instanceof NotWellError) &&
    process.env.ZEKT_LOG_LEVEL === 'debug' &&
    error instanceof Error
  ) {
    process.stderr.write(`${error.stack ?? ''}\n`);
  }
  return exitCodes.failed;
}
