// Builds build/hook-sdk: the SDK as it is published, JavaScript with its declarations.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const from = 'packages/hook-sdk';
const to = 'build/hook-sdk';

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', `${from}/tsconfig.build.json`], {
  stdio: 'inherit',
});
const { name, version, description, license, type, sideEffects } = JSON.parse(
  readFileSync(`${from}/package.json`, 'utf8'),
) as Record<string, unknown>;
const published = {
  ...{ name, version, description, license, type, sideEffects },
  engines: { node: '>=22' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  files: ['dist'],
};
writeFileSync(`${to}/package.json`, `${JSON.stringify(published, null, 2)}\n`);
copyFileSync('LICENSE', `${to}/LICENSE`);
// Its links lead into the repository.
const readme = readFileSync(`${from}/README.md`, 'utf8');
writeFileSync(`${to}/README.md`, readme.replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, '$1'));
