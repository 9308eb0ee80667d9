import type { Argv } from 'yargs';
import type { DoctorAnswer } from '@zekt/contracts';
import type { Client } from '../client.ts';
import { paint, show, type OutputOptions } from '../output.ts';

/** Told to the main program: the command worked, but what it looked at is not well. */
export class NotWellError extends Error {
  override readonly name = 'NotWellError';
}

type Check = DoctorAnswer['checks'][number];

export function doctorCommand(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'doctor [repository] [workflow]',
    'Name everything that keeps the server, and a repository, from working, and how to mend it',
    (yargs) =>
      yargs
        .positional('repository', { type: 'string', describe: 'owner/name' })
        .positional('workflow', { type: 'string', describe: '.github/workflows/….yaml' })
        .example('$0 doctor', 'the server and its GitHub App')
        .example('$0 doctor acme/requests .github/workflows/order-infrastructure.yaml', 'a provider, too')
        .example('$0 doctor contoso/platform', 'a consumer, too'),
    async (args) => {
      const { repository, workflow } = args;
      const { ok, checks } = await client()('diagnose', { query: { repository, workflow } });
      show({ ok, checks }, args as OutputOptions, () => checks.map(textOf).join('\n'));
      if (!ok) throw new NotWellError('Something is missing: see above.');
    },
  );
}

const signOf = (level: Check['level']): string =>
  ({ ok: paint('green', '✓'), warn: paint('yellow', '!'), fail: paint('red', '✗') })[level];

function textOf({ id, side, level, sentence, fix }: Check): string {
  const head = `${signOf(level)} ${paint('bold', id)}: ${sentence}`;
  if (fix === undefined) return head;
  return `${head}\n    ${paint('yellow', side === 'ours' ? 'fix:' : 'fix, by the other side:')} ${fix}`;
}
