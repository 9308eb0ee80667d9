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

interface Part {
  readonly count: number;
  readonly next: string | null;
}

/** Call by call, until there is nothing more. */
async function inParts(ask: (after: { readonly after?: string }) => Promise<Part>): Promise<number> {
  let total = 0;
  let after: string | null = null;
  do {
    const { count, next } = await ask(after === null ? {} : { after });
    total += count;
    after = next;
  } while (after !== null);
  return total;
}

/** For an operator whose bus was lost with what was on its way in it. */
export function redriveCommand(cli: Argv, client: () => Client): Argv {
  return cli.command(
    'redrive',
    'Go over every run since a time again, after messages on their way were lost; nothing is sent twice',
    (yargs) =>
      yargs
        .option('since', { type: 'string', demandOption: true, describe: 'Such as 30m, 24h, 3d, or a time' })
        .option('webhooks', {
          type: 'boolean',
          default: false,
          describe: "Have GitHub send its webhooks again, too: it keeps three days'",
        })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Only count' })
        .example('$0 redrive --since 24h --webhooks', 'after a Service Bus namespace was lost'),
    async ({ since: given, dryRun, webhooks: withWebhooks, ...output }) => {
      const since = timeOf(given);
      const body = { since, dryRun };
      const runs = await inParts(async (after) => {
        const { runs: count, next } = await client()('redrive', { body: { ...body, ...after } });
        return { count, next };
      });
      const webhooks = !withWebhooks
        ? null
        : await inParts(async (after) => {
            const { webhooks: count, next } = await client()('redeliverWebhooks', { body: { ...body, ...after } });
            return { count, next };
          });
      const what = `${runs} runs${webhooks === null ? '' : ` and ${webhooks} webhooks`} since ${since}`;
      show({ since, runs, ...(webhooks !== null && { webhooks }) }, output as OutputOptions, () =>
        dryRun ? `${what} would be gone over again` : `${what} are gone over again`,
      );
    },
  );
}
