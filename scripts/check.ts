// `npm test`: every check, each with its time. The tests mostly wait, so the other checks run beside them; every one that fails fails the run.
// Ends with the line that counts the tests.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks, type Check } from './run-checks.ts';

const bin = (name: string, ...path: string[]): string => join('node_modules', name, ...path);
/** Both tools look at the content of files to tell whether what they know still holds. */
const cache = (name: string): string => join('node_modules', '.cache', 'zekt', name);
const work = mkdtempSync(join(tmpdir(), 'zekt-check-'));
const report = join(work, 'jest.json');

const beside: readonly Check[] = [
  {
    title: 'types',
    args: [
      bin('typescript', 'bin', 'tsc'),
      ...['-p', 'tsconfig.json', '--incremental', '--tsBuildInfoFile', cache('types.tsbuildinfo')],
    ],
  },
  { title: 'generated files', args: ['scripts/generate.ts', '--check'] },
  {
    title: 'format',
    args: [
      bin('prettier', 'bin', 'prettier.cjs'),
      ...['--check', '--log-level', 'warn', '.'],
      ...['--cache', '--cache-strategy', 'content', '--cache-location', cache('format.json')],
    ],
  },
  // Without a cache: what is wrong with a file may depend on the types of others.
  { title: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'] },
  {
    title: 'architecture',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      ...['--config', '.dependency-cruiser.cjs', 'packages', 'functions', 'bench', 'scripts'],
    ],
  },
  { title: 'Bicep compiles', args: ['scripts/check-bicep.ts'] },
  { title: 'dist is what the sources build', args: ['scripts/build-action.ts', '--check'] },
];
const tests: readonly Check[] = [
  { title: "Debian's packages for the tests", args: ['scripts/ensure-debian-packages.ts'] },
  {
    title: 'tests',
    args: [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      ...[bin('jest', 'bin', 'jest.js'), '--json', '--outputFile', report],
    ],
  },
];

const { failed, skipped } = await runChecks([beside, tests], (text) => process.stdout.write(text));
const counts = readCounts();
rmSync(work, { recursive: true, force: true });
if (skipped.length > 0) console.log(`\nNot checked on this machine: ${skipped.join(', ')}.`);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}.`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = failed.length > 0 ? 1 : 0;

/** A check that failed counts as a failure, too, unless it is the one that counts. */
function readCounts(): { passed: number; failed: number; skipped: number } {
  const others = failed.filter((title) => title !== 'tests').length;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
    };
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + others,
      skipped: result.numPendingTests + skipped.length,
    };
  } catch {
    // The tests were not reached.
    return { passed: 0, failed: Math.max(1, others), skipped: skipped.length };
  }
}
