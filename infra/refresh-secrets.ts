// `npm run -s azure:refresh-secrets -- GROUP APP`: the function app takes what Key Vault has now. By itself Azure looks for a new value of a
// secret once within 24 hours, and a restart alone does not change that ("Use Key Vault references as app settings").
import { asHook, CommandError, run } from './azure-cli.ts';

interface Reference {
  readonly name: string;
  readonly properties: { readonly status: string };
}

const [group = '', app = ''] = process.argv.slice(2);
const version = 'api-version=2024-11-01';

await asHook(() => {
  if (app === '') throw new CommandError('Say which: npm run -s azure:refresh-secrets -- RESOURCE-GROUP FUNCTION-APP');
  const id = run('az', [
    'functionapp',
    'show',
    '--resource-group',
    group,
    '--name',
    app,
    '--query',
    'id',
    '--output',
    'tsv',
  ]);
  const references = `${id}/config/configreferences/appsettings`;
  run('az', ['rest', '--method', 'post', '--url', `${references}/refresh?${version}`]);
  const { value } = JSON.parse(run('az', ['rest', '--method', 'get', '--url', `${references}?${version}`])) as {
    readonly value: readonly Reference[];
  };
  const unresolved = value.filter(({ properties }) => properties.status !== 'Resolved');
  if (unresolved.length > 0) {
    const named = unresolved.map(({ name, properties }) => `${name.split('/').at(-1)}: ${properties.status}`);
    throw new CommandError(`Azure can't read these from Key Vault, so the app is not restarted:\n${named.join('\n')}`);
  }
  run('az', ['functionapp', 'restart', '--resource-group', group, '--name', app]);
  console.log(`${value.length} references are fetched anew, and ${app} is restarted with them.`);
});
