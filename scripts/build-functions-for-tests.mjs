import { execFileSync } from 'node:child_process';

/** The tests run what is deployed, so it is built from the sources as they are now. */
export default function buildFunctions() {
  execFileSync(process.execPath, ['scripts/build-functions.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
