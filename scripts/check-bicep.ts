// The real compiler's word on what is deployed: everything compiles, the linter has nothing to say, and what dev and prod would deploy is
// what their snapshots have. `--write` makes the snapshots anew.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bicepEnvironment, findBicep } from './find-bicep.ts';
import { skipped } from './run-checks.ts';

const bicep = findBicep();
if (bicep.path === null) {
  console.log(`Bicep was not compiled: ${bicep.reason}.`);
  process.exit(skipped);
}

const mode = process.argv.includes('--write') ? 'overwrite' : 'validate';
const main = join('bicep', 'main.bicep');
const parameterFiles = readdirSync(join('bicep', 'parameters'))
  .filter((name) => name.endsWith('.bicepparam'))
  .map((name) => join('bicep', 'parameters', name));
/** Each prints nothing when all is well, but for what was asked to be printed. */
const commands = [
  ['--version'],
  ['lint', main],
  ['build', main, '--stdout'],
  ...[join('bicep', 'main.bicepparam'), ...parameterFiles].map((file) => ['build-params', file, '--stdout']),
  ...parameterFiles.map((file) => ['snapshot', file, '--mode', mode]),
];
for (const args of commands) {
  const { status, stdout, stderr } = spawnSync(bicep.path, args, { encoding: 'utf8', env: bicepEnvironment });
  const isGood = status === 0 && stderr === '';
  console.log(`${isGood ? 'ok' : 'FAILED'}  bicep ${args.join(' ')}${args.length === 1 ? `: ${stdout.trim()}` : ''}`);
  if (isGood) continue;
  console.error(stderr, args[0] === 'snapshot' ? `${stdout}\nIf this is meant: npm run bicep:snapshot` : '');
  process.exitCode = 1;
}
