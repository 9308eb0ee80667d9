// Builds functions/dist/, the folder that is deployed: index.cjs, which only registers the functions, app/ with everything they do, in files
// that are loaded when they are needed, host.json and package.json.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle, type Metafile, type Plugin } from 'esbuild';
import { version } from '@zekt/contracts';
import { functionBundle, registrationBundle } from './function-bundle.ts';

const outAt = process.argv.indexOf('--out');
const out = outAt < 0 ? join('functions', 'dist') : (process.argv[outAt + 1] ?? '');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

/** What Node adds to the names of a library in CommonJS. */
const notNames = new Set(['module.exports', '__esModule']);

/** A library in CommonJS that we import on demand: its names, which Node finds by itself, must be told to a bundle in ES modules. */
const namesOfLibraries: Plugin = {
  name: 'names-of-libraries',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path, importer, resolveDir }) =>
      kind === 'dynamic-import' && !/^(node:|@zekt\/)/.test(path) && !importer.includes('node_modules')
        ? { path, namespace: 'named', pluginData: resolveDir }
        : undefined,
    );
    // One after another: Node can't load a module by both its ways at the same time.
    let last: Promise<object> = Promise.resolve({});
    build.onLoad({ filter: /.*/, namespace: 'named' }, async ({ path, pluginData }) => {
      last = last.then(() => import(path) as Promise<object>);
      const names = Object.keys(await last).filter((name) => !notNames.has(name));
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: String(pluginData) };
    });
  },
};

const registrations = await bundle({
  ...registrationBundle,
  entryPoints: ['functions/src/main.ts'],
  outfile: join(out, 'index.cjs'),
});
const parts = await bundle({
  ...functionBundle,
  entryPoints: ['functions/src/parts.ts'],
  outdir: join(out, 'app'),
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  format: 'esm',
  splitting: true,
  plugins: [namesOfLibraries],
  // Libraries in CommonJS ask for Node's modules by `require`.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
copyFileSync('functions/host.json', join(out, 'host.json'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name: 'zekt-functions', version, private: true, main: 'index.cjs' }, null, 2)}\n`,
);
for (const [path, bytes] of [...filesOf(registrations.metafile), ...filesOf(parts.metafile)])
  console.log(`${path}: ${bytes} bytes`);

function filesOf({ outputs }: Metafile): [string, number][] {
  return Object.entries(outputs)
    .filter(([path]) => !path.endsWith('.map'))
    .map(([path, { bytes }]): [string, number] => [path, bytes])
    .sort(([, a], [, b]) => b - a);
}
