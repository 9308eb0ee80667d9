import type { BuildOptions, Plugin } from 'esbuild';

/** How all files of the function app are bundled. */
export const functionBundle = {
  bundle: true,
  platform: 'node',
  target: 'node22',
  minify: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  metafile: true,
  charset: 'utf8',
  // Its CommonJS form asks for its own files in a way that no bundler follows.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
} satisfies BuildOptions;

/** The registrations know the rest by its file. */
const partsAside: Plugin = {
  name: 'parts-aside',
  setup(build) {
    build.onResolve({ filter: /^\.\/parts\.ts$/ }, () => ({ path: './app/parts.mjs', external: true }));
  },
};

/** A file that the worker loads first, and waits for: `functions/src/main.ts`, or another app's. */
export const registrationBundle = {
  ...functionBundle,
  format: 'cjs',
  // The worker brings it.
  external: ['@azure/functions-core'],
  plugins: [partsAside],
} satisfies BuildOptions;
