import type { Argv } from 'yargs';
import type { Client } from '../client.ts';
import { show, type OutputOptions } from '../output.ts';
import { UsageError } from '../usage-error.ts';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `24h` or `3d` ago, or a time in ISO 8601. */
function timeOf(since: string): string {
  const [, amount, unit = ''] = /^(\d{1,4})([mhd])$/.exec(since) ?? [];
  const ms = amount === undefined ? Date.parse(since) : Date.now() - Number(amount) * (units[unit] ?? 0);
  if (!Number.isFinite(ms))
    throw new UsageError(`--since must be a time such as 30m, 24h, 3d or 2026-11-24T08:00:00Z; got '${since}'.`);
  return new Date(ms).toISOString();
}

/** For an operator whose bus was lost with what was on its way in it. */
export function redriveCommand(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'redrive',
    'Go over every run since a time again, after messages on their way were lost; nothing is sent twice',
    (yargs) =>
      yargs
        .option('since', { type: 'string', demandOption: true, describe: 'Such as 30m, 24h, 3d, or a time' })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Only count the runs' })
        .example('$0 redrive --since 24h', 'after a Service Bus namespace was lost'),
    async (args) => {
      const since = timeOf(args.since);
      let runs = 0;
      let after: string | undefined;
      do {
        const answer = await client()('redrive', {
          body: { since, dryRun: args.dryRun, ...(after !== undefined && { after }) },
        });
        runs += answer.runs;
        after = answer.next ?? undefined;
      } while (after !== undefined);
      show({ since, runs }, args as OutputOptions, () =>
        args.dryRun
          ? `${runs} runs since ${since} would be gone over again`
          : `${runs} runs since ${since} are gone over again`,
      );
    },
  );
}
