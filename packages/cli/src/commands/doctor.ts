import type { Argv } from 'yargs';
import type { Client } from '../client.ts';
import { paint, show, type OutputOptions } from '../output.ts';

/** Told to the main program: the command worked, but what it looked at is not well. */
export class NotWellError extends Error {
  override readonly name = 'NotWellError';
}

export function doctorCommand(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'doctor <repository> [workflow]',
    'Name everything that stands between a repository and its deliveries, and how to mend it',
    (yargs) =>
      yargs
        .positional('repository', { type: 'string', demandOption: true, describe: 'owner/name' })
        .positional('workflow', { type: 'string', describe: '.github/workflows/….yaml' })
        .example('$0 doctor acme/requests .github/workflows/order-infrastructure.yaml', 'a provider')
        .example('$0 doctor contoso/platform', 'a consumer'),
    async (args) => {
      const query = { repository: args.repository, workflow: args.workflow };
      const readiness = await client()('getReadiness');
      const server = Object.entries(readiness.checks).map(([check, state]) => ({
        check: `server ${check}`,
        ok: state === 'ok',
        detail:
          state === 'ok' ? `The server's ${check} is ok.` : (readiness.problem ?? `The server's ${check} is ${state}.`),
        ...(state !== 'ok' && { fix: "See the server's log." }),
      }));
      const found = await client()('diagnose', { query });
      const checks = [...server, ...found.checks];
      const isWell = checks.every(({ ok }) => ok);
      show({ ok: isWell, checks }, args as OutputOptions, () =>
        checks
          .map(({ ok, check, detail, fix }) => {
            const head = `${ok ? paint('green', '✓') : paint('red', '✗')} ${paint('bold', check)}: ${detail}`;
            return fix === undefined ? head : `${head}\n    ${paint('yellow', 'fix:')} ${fix}`;
          })
          .join('\n'),
      );
      if (!isWell) throw new NotWellError('Something is missing: see above.');
    },
  );
}
