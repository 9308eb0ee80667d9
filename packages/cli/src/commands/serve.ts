import type { Argv } from 'yargs';
import { print } from '../output.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import type { Environment } from '@zekt/host';

export function serveCommand(cli: Argv, env: Environment): Argv {
  return cli.command(
    'serve',
    'Run the embedded server',
    (yargs) =>
      yargs
        .option('host', { type: 'string', describe: 'ZEKT_HOST' })
        .option('port', { type: 'number', describe: 'ZEKT_PORT; 0 for any' })
        .option('data-dir', { type: 'string', describe: 'ZEKT_DATA_DIR' })
        .example('$0 serve --port 0', 'on any free port; the address is printed'),
    async ({ host, port, dataDir }) => {
      const { createTerminalLog } = await import('../serve/create-terminal-log.ts');
      const { readSettings, startTelemetry } = await import('@zekt/host');
      const { startZekt } = await import('../serve/start-zekt.ts');
      const { stopInOrder } = await import('../serve/stop-in-order.ts');
      const settings = readSettings({
        ...env,
        ...(host !== undefined && { ZEKT_HOST: host }),
        ...(port !== undefined && { ZEKT_PORT: String(port) }),
        ...(dataDir !== undefined && { ZEKT_DATA_DIR: dataDir }),
      });
      const telemetry = await startTelemetry(settings.telemetry);
      const log = createTerminalLog(settings.logLevel, telemetry?.logLines);
      const zekt = await startZekt(settings, log, undefined, telemetry?.telemetry);
      // Ready to be stopped before it says that it is there.
      const interrupted = untilInterrupted();
      print(`listening on ${zekt.url}`);
      try {
        await stopInOrder(zekt, interrupted, log);
      } finally {
        await telemetry?.shutdown();
      }
    },
  );
}
