// `azd` and the workflow run this after they have deployed: whether every function of the built app is there and enabled, and whether Zekt is
// ready. `/api/ready` alone would not miss the function of a queue.
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { asHook, CommandError, run } from './azure-cli.ts';

interface DeployedFunction {
  readonly name: string;
  readonly isDisabled?: boolean | null;
}

const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new CommandError(`${name} is missing: it is an output of the deployment`);
  return value;
};
/** The platform takes a while to learn of what was deployed, and to start it. */
const patienceMs = 300_000;
const longestPauseMs = 20_000;

await asHook(async () => {
  const app = required('functionAppName');
  const group = required('AZURE_RESOURCE_GROUP');
  const url = `${required('zektUrl')}/api/ready`;
  const wanted = registered();
  await untilFine(() => problemOfFunctions(wanted, group, app));
  console.log(`All ${wanted.length} functions are there.`);
  await untilFine(() => problemOfReadiness(url));
  console.log(`${url} answers 200.`);
});

/** Names of the functions that the built app registers. */
function registered(): string[] {
  const args = ['packages/azure-doubles/src/functions/main.ts', 'functions/dist/index.cjs', '--list'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new CommandError(`What was built can't be loaded:\n${stderr}`);
  return (JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name);
}

function problemOfFunctions(wanted: readonly string[], group: string, app: string): string | null {
  const query = '[].{name: name, isDisabled: isDisabled}';
  const listed = run('az', [
    ...['functionapp', 'function', 'list', '--resource-group', group, '--name', app],
    ...['--query', query, '--output', 'json'],
  ]);
  const deployed = new Map(
    (JSON.parse(listed || '[]') as DeployedFunction[]).map((it) => [it.name.split('/').at(-1) ?? '', it]),
  );
  const missing = wanted.filter((name) => !deployed.has(name));
  const disabled = wanted.filter((name) => deployed.get(name)?.isDisabled === true);
  if (missing.length > 0)
    return `${missing.length} of ${wanted.length} functions are missing: ${missing.join(', ')}. The log stream says what failed at the start.`;
  return disabled.length > 0 ? `Functions are disabled: ${disabled.join(', ')}.` : null;
}

async function problemOfReadiness(url: string): Promise<string | null> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => error);
  if (!(response instanceof Response)) return `${url} can't be reached: ${String(response)}`;
  return response.status === 200 ? null : `${url} answers ${response.status}: ${await response.text()}`;
}

/** @throws CommandError with the last problem */
async function untilFine(look: () => string | null | Promise<string | null>): Promise<void> {
  const patience = Number(process.env.ZEKT_CHECK_PATIENCE_MS ?? patienceMs);
  for (let waitedMs = 0, pauseMs = 500; ; waitedMs += pauseMs, pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const problem = await look();
    if (problem === null) return;
    if (waitedMs >= patience) throw new CommandError(problem);
    if (waitedMs === 0) console.log(`Not yet: ${problem}`);
    await sleep(pauseMs);
  }
}
