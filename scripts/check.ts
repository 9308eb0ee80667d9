// `npm test`: every check in turn, each with its time; stops at the first that fails. Ends with the line that counts the tests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = (name: string, ...path: string[]): string => join('node_modules', name, ...path);
const node = process.execPath;
const work = mkdtempSync(join(tmpdir(), 'zekt-check-'));
const report = join(work, 'jest.json');

const checks: readonly { readonly title: string; readonly args: readonly string[] }[] = [
  { title: 'types', args: [bin('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json'] },
  { title: 'generated files', args: ['scripts/generate.ts', '--check'] },
  { title: 'format', args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { title: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'] },
  {
    title: 'architecture',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'packages',
      'functions',
      'bench',
      'scripts',
    ],
  },
  { title: 'dist is what the sources build', args: ['scripts/build-action.ts', '--check'] },
  { title: "Debian's packages for the tests", args: ['scripts/ensure-debian-packages.ts'] },
  {
    title: 'tests',
    args: [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      bin('jest', 'bin', 'jest.js'),
      '--json',
      '--outputFile',
      report,
    ],
  },
];

let failed: string | null = null;
for (const { title, args } of checks) {
  const started = performance.now();
  console.log(`\n── ${title}`);
  const { status } = spawnSync(node, args, { stdio: 'inherit' });
  console.log(
    `── ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (status !== 0) {
    failed = title;
    break;
  }
}

const counts = readCounts();
rmSync(work, { recursive: true, force: true });
if (failed !== null) console.log(`\n${failed} failed.`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = failed === null ? 0 : 1;

function readCounts(): { passed: number; failed: number; skipped: number } {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numPendingTests: number;
    };
    return { passed: result.numPassedTests, failed: result.numFailedTests, skipped: result.numPendingTests };
  } catch {
    // The tests were not reached.
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
