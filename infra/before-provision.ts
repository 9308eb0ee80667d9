// `azd` runs this before it makes the resources: what Azure would refuse later, or would accept and then not run, is found now.
import { asHook, CommandError, run } from './azure-cli.ts';

const location = process.env.AZURE_LOCATION ?? '';
const wanted = process.env.ZEKT_NODE_VERSION || '22';

await asHook(() => {
  warnOfSilence();
  if (process.env.ZEKT_PRIVATE_NETWORKING === 'true') registerProvider('Microsoft.App');
  if (location !== '') requireNode(location, wanted);
});

/** Alerts without a receiver are seen by whoever happens to look at the portal. Not refused: somebody may look. */
function warnOfSilence(): void {
  if (process.env.ZEKT_ALERT_EMAIL) return;
  const warning =
    'ZEKT_ALERT_EMAIL is empty: nobody is told when Zekt stands still, gives up messages or misses its objectives. Set it: azd env set ZEKT_ALERT_EMAIL …, or the variable of the GitHub environment.';
  // GitHub shows such a line above the run ("Workflow commands for GitHub Actions").
  console.warn(process.env.GITHUB_ACTIONS === 'true' ? `::warning::${warning}` : `WARNING: ${warning}`);
}

/** Flex Consumption in a virtual network belongs to Container Apps' provider, which a subscription does not have by itself. */
function registerProvider(namespace: string): void {
  const state = run('az', [
    'provider',
    'show',
    '--namespace',
    namespace,
    '--query',
    'registrationState',
    '--output',
    'tsv',
  ]);
  if (state === 'Registered') return;
  console.log(`Registering the resource provider ${namespace} with the subscription, once …`);
  run('az', ['provider', 'register', '--namespace', namespace, '--wait']);
}

/** With a version that the region lacks, the app is made and its host never starts. */
function requireNode(region: string, version: string): void {
  const listed = run('az', [
    ...['functionapp', 'list-flexconsumption-runtimes', '--location', region, '--runtime', 'node'],
    ...['--query', '[].version', '--output', 'tsv'],
  ]);
  const versions = listed.split(/\s+/).filter((it) => it !== '');
  if (versions.includes(version)) return;
  throw new CommandError(
    `Flex Consumption has no Node ${version} in ${region}: it has ${versions.join(', ') || 'none'}. Choose one: azd env set ZEKT_NODE_VERSION …, or another region.`,
  );
}
