import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdown, median, round } from './figures.ts';

const times = 21;
const repository = fileURLToPath(new URL('../../', import.meta.url));
const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

function once(args: readonly string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', GITHUB_REPOSITORY: 'acme/requests' },
    stdio: 'ignore',
  });
  return performance.now() - started;
}

const functionsBundle = fileURLToPath(new URL('../../functions/dist/index.cjs', import.meta.url));
/** Loads the bundle as the worker does, with the module that the worker brings; prints how long that took. */
const loader = `
  const Module = require('module');
  const load = Module._load;
  const core = { registerFunction() {}, registerHook() {}, setProgrammingModel() {}, log() {}, Disposable: class {} };
  Module._load = (name, ...rest) => (name === '@azure/functions-core' ? core : load(name, ...rest));
  const started = performance.now();
  require(process.argv[1]);
  console.log(performance.now() - started);
`;

/** Cold start as far as it is ours: the time to load the module that registers every function. */
function loadTimes(): [string, string][] {
  execFileSync(process.execPath, ['scripts/build-functions.ts'], { cwd: repository, stdio: 'ignore' });
  const cache = mkdtempSync(join(tmpdir(), 'zekt-compile-cache-'));
  const measure = (env: Readonly<Record<string, string>>): string =>
    round(
      median(
        Array.from({ length: times }, () =>
          Number(
            execFileSync(process.execPath, ['-e', loader, functionsBundle], {
              env: { PATH: process.env.PATH ?? '', ...env },
              encoding: 'utf8',
            }),
          ),
        ),
      ),
    );
  const figures: [string, string][] = [
    ['load the bundle', measure({})],
    ['load it with NODE_COMPILE_CACHE', measure({ NODE_COMPILE_CACHE: cache })],
  ];
  rmSync(cache, { recursive: true, force: true });
  return figures;
}

/** The action up to its first refusal (no event type) against Node that does nothing, in turns. */
export async function benchStartUp(): Promise<string> {
  const figures = Array.from({ length: times }, () => ({ bare: once(['-e', '0']), action: once([bundle]) }));
  const [bare, action] = [median(figures.map((it) => it.bare)), median(figures.map((it) => it.action))];
  return [
    `${times} starts of each in turns, medians.\n`,
    markdown(
      ['what', 'ms'],
      [
        ['node -e 0', round(bare)],
        ['dist/index.js until it refuses its inputs', round(action)],
        ['the action itself', round(action - bare)],
      ],
    ),
    `\nThe function app's one file (functions/dist/index.cjs), loaded ${times} times, and with a compile cache:\n`,
    markdown(['what', 'ms'], loadTimes()),
  ].join('\n');
}
