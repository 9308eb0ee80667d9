// Builds functions/dist/: one CommonJS file with all of Zekt in it, host.json and package.json. That folder is what is deployed.
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { version } from '@zekt/contracts';

const outAt = process.argv.indexOf('--out');
const out = outAt < 0 ? join('functions', 'dist') : (process.argv[outAt + 1] ?? '');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const { metafile } = await build({
  entryPoints: ['functions/src/main.ts'],
  outfile: join(out, 'index.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  minify: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  // The worker brings it.
  external: ['@azure/functions-core'],
  charset: 'utf8',
  // Its CommonJS form asks for its own files in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  define: { 'import.meta.url': '"file:///functions/index.cjs"' },
});
copyFileSync('functions/host.json', join(out, 'host.json'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name: 'zekt-functions', version, private: true, main: 'index.cjs' }, null, 2)}\n`,
);
const bytes = statSync(join(out, 'index.cjs')).size;
console.log(`${join(out, 'index.cjs')}: ${bytes} bytes from ${Object.keys(metafile.inputs).length} modules`);
