// For `fork('apps.ts', ['<index.cjs>'])`: runs a built function app as often as it is told to, one after another, each loaded anew and with
// settings of its own. So tests need not wait for a process that loads the SDKs and compiles the app again each time.
import { resolve } from 'node:path';
import { startFunctionsHost, type FunctionsHost } from './functions-host.ts';

/** Start an app with this environment, or end the one that runs. */
type AppsRequest = { readonly environment: Readonly<Record<string, string>> } | { readonly end: true };
type AppsAnswer = { readonly url: string } | { readonly ended: true } | { readonly error: string };

const [entryPoint = ''] = process.argv.slice(2);
let host: FunctionsHost | null = null;

process.on('message', (request: AppsRequest) => {
  const work = 'end' in request ? end() : start(request.environment);
  void work.catch((error: unknown): AppsAnswer => ({ error: String(error) })).then((answer) => process.send?.(answer));
});
// Without whoever started it there is nothing to do.
process.on('disconnect', () => process.exit(0));

async function start(environment: Readonly<Record<string, string>>): Promise<AppsAnswer> {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, environment);
  host = await startFunctionsHost(resolve(entryPoint), process.env);
  return { url: host.url };
}

async function end(): Promise<AppsAnswer> {
  await host?.terminate();
  host = null;
  return { ended: true };
}
