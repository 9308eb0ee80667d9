// Builds dist/: for each action, esbuild strips the types and joins our own sources, then ncc bundles them with the toolkit into one
// minified file. `--check` builds beside it and fails when the result differs from what is checked in, or is too large.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const target = 'dist';
const check = process.argv.includes('--check');
/** Each action with its place below dist/ and the most bytes that it may have. */
const actions = [
  { entry: 'packages/action/src/main.ts', place: '', maxBytes: 670_000 },
  { entry: 'packages/action/src/approve/main.ts', place: 'approve', maxBytes: 520_000 },
];

const out = mkdtempSync(join(tmpdir(), 'zekt-dist-'));
try {
  for (const action of actions) await bundle(action);
  if (check) compare();
  else {
    rmSync(target, { recursive: true, force: true });
    cpSync(out, target, { recursive: true });
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}

async function bundle({ entry, place, maxBytes }: (typeof actions)[number]): Promise<void> {
  // Inside the repository, so that ncc finds node_modules; always at the same path: the bundler makes module ids of paths.
  const work = join('build', 'action', place);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    await build({
      entryPoints: [entry],
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
    const options = ['--minify', '--license', 'licenses.txt', '--no-cache'];
    execFileSync(process.execPath, [ncc, 'build', join(work, 'index.js'), '--out', join(out, place), ...options], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const bytes = statSync(join(out, place, 'index.js')).size;
  const name = join(target, place, 'index.js');
  if (bytes > maxBytes) throw new Error(`${name} has ${bytes} bytes; the budget is ${maxBytes}`);
  console.log(`${name}: ${bytes} bytes of ${maxBytes}`);
}

function compare(): void {
  const filesOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => statSync(join(folder, file)).isFile())
      .sort();
  const built = filesOf(out);
  const isSame =
    JSON.stringify(built) === JSON.stringify(filesOf(target)) &&
    built.every((file) => readFileSync(join(out, file)).equals(readFileSync(join(target, file))));
  if (!isSame) throw new Error('dist/ is not what the sources build. Run: npm run build:action');
}
