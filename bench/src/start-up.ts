import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { markdown, median, round } from './figures.ts';

const times = 21;
const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

function once(args: readonly string[]): number {
  const started = performance.now();
  spawnSync(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', GITHUB_REPOSITORY: 'acme/requests' },
    stdio: 'ignore',
  });
  return performance.now() - started;
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
  ].join('\n');
}
