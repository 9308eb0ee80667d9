// The page of approvals is tested in a real browser: Debian's Chromium. Installs it where it is missing and may be installed.
import { spawnSync } from 'node:child_process';
import { chromiumPath } from '../packages/cli/src/e2e/chromium-path.ts';

if (chromiumPath() === null) {
  console.error('Installing Chromium (apt-get install chromium), once …');
  const run = (...args: string[]): number =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status ?? 1;
  if (run('install', '-y', '-q', 'chromium') !== 0) {
    run('update', '-q');
    run('install', '-y', '-q', 'chromium');
  }
}
const path = chromiumPath();
if (path === null) {
  console.error('There is no Chromium. Install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH.');
  process.exit(1);
}
console.log(path);
