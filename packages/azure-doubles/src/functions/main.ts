// Runs a built function app: `node main.ts <index.cjs>`, with its settings in the environment. `--list` only prints what it registers.
import { resolve } from 'node:path';
import { startFunctionsHost } from './functions-host.ts';
import { Worker } from './worker.ts';

const [entryPoint = '', option] = process.argv.slice(2);
if (option === '--list') {
  console.log(JSON.stringify(new Worker(resolve(entryPoint)).registrations));
} else {
  const host = await startFunctionsHost(resolve(entryPoint), process.env, Number(process.env.FUNCTIONS_PORT ?? 0));
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => {
      host.stop();
      process.exit(0);
    });
  }
  console.log(`listening on ${host.url}`);
}
