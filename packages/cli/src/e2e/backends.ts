import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDoubles } from '@zekt/azure/testing';
import type { Environment } from '@zekt/host';
import type { RunningZekt } from '../serve/start-zekt.ts';

/** Set by the test runner: the same tests run on each. */
declare const zektBackend: 'embedded' | 'azure' | 'functions';

export interface TestBackend {
  /** What says where store and bus are. */
  readonly settings: Environment;
  readonly start?: (settings: Environment) => Promise<RunningZekt>;
  /** Whoever uses it is about to stop. */
  hasten(): void;
  stop(): Promise<void>;
}

const repository = new URL('../../../../', import.meta.url);
const hostMain = fileURLToPath(new URL('packages/azure-doubles/src/functions/main.ts', repository));
const bundle = fileURLToPath(new URL('functions/dist/index.cjs', repository));

/**
 * Embedded; the same server with store and bus on Azure doubles; or the built function app on them.
 *
 * @param note gets what a process of its own logs
 */
export async function openTestBackend(note: (line: string) => void): Promise<TestBackend> {
  if (zektBackend === 'embedded') return { settings: {}, hasten: () => undefined, stop: async () => undefined };
  const doubles = await startDoubles();
  const backend = {
    settings: { ...doubles.environment, ZEKT_ADMIN_TOKEN: randomUUID() },
    hasten: () => doubles.serviceBus.hasten(),
    stop: () => doubles.stop(),
  };
  return zektBackend === 'azure' ? backend : { ...backend, start: (settings) => startFunctions(settings, note) };
}

/** The function app in a process of its own, as it is deployed. */
function startFunctions(settings: Environment, note: (line: string) => void): Promise<RunningZekt> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [hostMain, bundle], {
      env: {
        PATH: process.env.PATH ?? '',
        FUNCTIONS_TIMERS_MS: '1000',
        NODE_COMPILE_CACHE: join(tmpdir(), 'zekt-compile-cache'),
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<void>((done) => child.on('close', () => done()));
    child.stderr.setEncoding('utf8').on('data', note);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const url = /^listening on (http:\S+)$/m.exec(text)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        adminToken: settings.ZEKT_ADMIN_TOKEN ?? '',
        async stop() {
          child.kill('SIGTERM');
          await ended;
        },
      });
    });
    void ended.then(() => reject(new Error('the functions ended before they listened')));
  });
}
