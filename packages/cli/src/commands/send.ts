import type { Argv } from 'yargs';
import type { Environment } from '@zekt/host';
import { jobSender, jobToken } from '../job-token.ts';
import { show, type OutputOptions } from '../output.ts';
import { refuseClearText } from '../refuse-clear-text.ts';
import { shownWords } from '../shown-words.ts';
import { UsageError } from '../usage-error.ts';

/** The action's own sending, for jobs that prefer a command line. */
export function sendCommand(cli: Argv, env: Environment): Argv {
  return cli.command(
    'send',
    'Send a message from inside a GitHub Actions job (needs permissions: id-token: write)',
    (yargs) =>
      yargs
        .option('event-type', { type: 'string', demandOption: true })
        .option('payload', { type: 'string', default: '{}', describe: 'JSON' })
        .option('audience', { type: 'string', describe: "of the token; by default the server's URL" })
        .example('$0 send --event-type built --payload \'{"version":"1.2.3"}\'', 'with ZEKT_URL set'),
    async (args) => {
      const { ActionError, audienceOf, sendMessage } = await import('@zekt/action');
      const url = env.ZEKT_URL;
      if (!url) throw new UsageError('ZEKT_URL is not set: where is the Zekt server?');
      if (args.insecure !== true) refuseClearText(url);
      const words = shownWords(env);
      const variable = (name: string): string => env[name] ?? '';
      const { send, patience } = await jobSender();
      try {
        JSON.parse(args.payload);
      } catch {
        throw new UsageError('--payload is not JSON');
      }
      try {
        const token = await jobToken(env, args.audience ?? audienceOf(url));
        const receipt = await sendMessage(
          {
            eventType: args.eventType,
            repository: variable('GITHUB_REPOSITORY'),
            runId: variable('GITHUB_RUN_ID'),
            actor: variable('GITHUB_ACTOR'),
            sha: variable('GITHUB_SHA'),
            ref: variable('GITHUB_REF'),
            workflow: variable('GITHUB_WORKFLOW'),
            payload: args.payload,
            stepReference: null,
          },
          { apiUrl: url.replace(/\/+$/, ''), token, timeoutMs: 60_000, idempotencyKey: crypto.randomUUID() },
          send,
          patience,
        );
        show(receipt, args as OutputOptions, () => words(`${receipt.eventId}: ${receipt.message}`));
      } catch (error) {
        if (error instanceof ActionError) throw new UsageError(words(error.message));
        throw error;
      }
    },
  );
}
