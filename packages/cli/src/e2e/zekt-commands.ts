// For a process that runs `zekt` for tests, one command after another: each message has arguments and environment, each answer what came out.
// Commands that read standard input need a process of their own.
import { main } from '../main.ts';

interface Command {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

process.on('message', (command: Command) => {
  void run(command)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((answer) => process.send?.(answer));
});
// Without whoever started it there is nothing to do.
process.on('disconnect', () => process.exit(0));

async function run({ args, env }: Command): Promise<object> {
  for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (chunk: string | Uint8Array): boolean => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  return { code: await main(args), ...written };
}
