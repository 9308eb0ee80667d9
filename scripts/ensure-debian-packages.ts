// What the tests need of Debian: a browser for the page of approvals, and servers that notifications are sent to. Installs what is missing
// and may be installed.
import { spawnSync } from 'node:child_process';
import { chromiumPath } from '../packages/cli/src/e2e/chromium-path.ts';
import { peerPath } from '../packages/notifications/src/testing/peer-path.ts';

const wanted = [
  { name: 'chromium', find: chromiumPath, setting: 'CHROMIUM_PATH' },
  { name: 'nats-server', find: () => peerPath('nats-server'), setting: 'PATH' },
  { name: 'prometheus-alertmanager', find: () => peerPath('prometheus-alertmanager'), setting: 'PATH' },
];
const missing = (): typeof wanted => wanted.filter(({ find }) => find() === null);

if (missing().length > 0) {
  const names = missing().map(({ name }) => name);
  console.error(`Installing ${names.join(', ')} (apt-get install), once …`);
  // No service is started: the tests start their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = (...args: string[]): number => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status ?? 1;
  if (run('install', '-y', '-q', '--no-install-recommends', ...names) !== 0) {
    run('update', '-q');
    run('install', '-y', '-q', '--no-install-recommends', ...names);
  }
}
for (const { name, find, setting } of wanted) {
  const path = find();
  if (path === null) {
    console.error(`There is no ${name}. Install it (on Debian: apt-get install ${name}), or put it into ${setting}.`);
    process.exitCode = 1;
  } else console.log(path);
}
