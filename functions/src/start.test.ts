import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { registrationBundle } from '../../scripts/function-bundle.ts';

// What makes a start short: the worker reads one small file, on every instance, before the host knows of a single function.

let bytes: number;
let inputs: readonly string[];

beforeAll(async () => {
  const entryPoints = [fileURLToPath(new URL('main.ts', import.meta.url))];
  const { metafile } = await build({ ...registrationBundle, entryPoints, outfile: 'index.cjs', write: false });
  const output = metafile.outputs['index.cjs'];
  bytes = output?.bytes ?? Number.NaN;
  inputs = Object.entries(output?.inputs ?? {})
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
});

test('the file that registers the functions is small', () => {
  expect(bytes).toBeLessThanOrEqual(110_000);
});

test('no library is in it but that of the functions, with what it brings', () => {
  const libraries = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  expect([...new Set(libraries)].sort()).toEqual(['@azure/functions', '@azure/functions-extensions-base', 'cookie']);
});

test('of our own packages only names, routes and times are in it', () => {
  const own = inputs.flatMap((path) => /packages\/(.*)$/.exec(path)?.[1] ?? []);
  expect(own).toContain('contracts/src/operations.ts');
  for (const path of own)
    expect(path).toMatch(/^(contracts\/src\/operations(\/\w+)?|azure\/src\/layout|core\/src\/parse-duration)\.ts$/);
});
