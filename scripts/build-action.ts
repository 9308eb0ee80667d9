// Builds dist/: esbuild strips the types and joins our own sources, then ncc bundles them with the toolkit into one minified file.
// `--check` builds beside it and fails when the result differs from what is checked in, or is too large.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const maxBundleBytes = 650_000;
const target = 'dist';
const check = process.argv.includes('--check');

// Inside the repository, so that ncc finds node_modules.
// Always at the same path: the bundler makes module ids of paths.
const work = join('build', 'action');
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
const out = mkdtempSync(join(tmpdir(), 'zekt-dist-'));
try {
  await build({
    entryPoints: ['packages/action/src/main.ts'],
    outfile: join(work, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: ['@actions/*'],
    charset: 'utf8',
  });
  // As .js in a package of type module, ncc names its result index.js and writes the package.json that makes Node load it as ESM.
  cpSync(join(work, 'index.mjs'), join(work, 'index.js'));
  const ncc = 'node_modules/@vercel/ncc/dist/ncc/cli.js';
  execFileSync(
    process.execPath,
    [ncc, 'build', join(work, 'index.js'), '--out', out, '--minify', '--license', 'licenses.txt', '--no-cache'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const bytes = statSync(join(out, 'index.js')).size;
  if (bytes > maxBundleBytes) throw new Error(`dist/index.js has ${bytes} bytes; the budget is ${maxBundleBytes}`);
  if (check) compare();
  else {
    rmSync(target, { recursive: true, force: true });
    cpSync(out, target, { recursive: true });
  }
  console.log(`dist/index.js: ${bytes} bytes of ${maxBundleBytes}`);
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(out, { recursive: true, force: true });
}

function compare(): void {
  const built = readdirSync(out).sort();
  const present = readdirSync(target).sort();
  const isSame =
    JSON.stringify(built) === JSON.stringify(present) &&
    built.every((file) => readFileSync(join(out, file)).equals(readFileSync(join(target, file))));
  if (!isSame) throw new Error('dist/ is not what the sources build. Run: npm run build:action');
}
