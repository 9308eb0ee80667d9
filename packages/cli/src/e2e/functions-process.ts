import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import type { RunningZekt } from '../serve/start-zekt.ts';
import { AskedProcess } from './asked-process.ts';

const repository = new URL('../../../../', import.meta.url);
const apps = new URL('packages/azure-doubles/src/functions/apps.ts', repository);
const bundle = fileURLToPath(new URL('functions/dist/index.cjs', repository));

const idle: AskedProcess[] = [];
let isOver = false;
// A test file may stop its world after this.
afterAll(() => {
  isOver = true;
  for (const functions of idle) functions.kill();
});

/** The function app, loaded anew, in a process of its own that the worlds of a test file use in turn. */
export async function startFunctions(
  settings: Readonly<Record<string, string | undefined>>,
  note: (line: string) => void,
): Promise<RunningZekt> {
  const functions = idle.pop() ?? new AskedProcess(apps, [bundle]);
  functions.note = note;
  const environment = Object.fromEntries(
    Object.entries({ PATH: process.env.PATH, FUNCTIONS_TIMERS_MS: '1000', ...settings }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const { url } = await functions.ask<{ readonly url: string }>({ environment });
  return {
    url,
    adminToken: settings.ZEKT_ADMIN_TOKEN ?? '',
    async stop() {
      await functions.ask({ end: true });
      if (isOver) functions.kill();
      else idle.push(functions);
    },
  };
}
