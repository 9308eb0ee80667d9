import { fork, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import type { RunningZekt } from '../serve/start-zekt.ts';

const repository = new URL('../../../../', import.meta.url);
const appsMain = fileURLToPath(new URL('packages/azure-doubles/src/functions/apps.ts', repository));
const bundle = fileURLToPath(new URL('functions/dist/index.cjs', repository));

type Note = (line: string) => void;

/** A process that runs the built function app for one world after another. */
class FunctionsProcess {
  /** Gets what the app logs. */
  note: Note = () => undefined;
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(appsMain, [bundle], {
      env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(tmpdir(), 'zekt-compile-cache') },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.note(text));
  }

  async #ask(request: object): Promise<{ readonly url?: string }> {
    const answer = await new Promise<{ readonly url?: string; readonly error?: string }>((resolve, reject) => {
      this.#child.once('message', resolve);
      this.#child.once('close', () => reject(new Error('the process of the functions has ended')));
      this.#child.send(request);
    });
    this.#child.removeAllListeners('close').removeAllListeners('message');
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /** @returns where it listens */
  async start(environment: Readonly<Record<string, string>>): Promise<string> {
    return (await this.#ask({ environment })).url ?? '';
  }

  async end(): Promise<void> {
    await this.#ask({ end: true });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

const idle: FunctionsProcess[] = [];
let isOver = false;
// A test file may stop its world after this.
afterAll(() => {
  isOver = true;
  for (const functions of idle) functions.kill();
});

/** The function app, loaded anew, in a process of its own that the worlds of a test file use in turn. */
export async function startFunctions(
  settings: Readonly<Record<string, string | undefined>>,
  note: Note,
): Promise<RunningZekt> {
  const functions = idle.pop() ?? new FunctionsProcess();
  functions.note = note;
  const environment = Object.fromEntries(
    Object.entries({ PATH: process.env.PATH, FUNCTIONS_TIMERS_MS: '1000', ...settings }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const url = await functions.start(environment);
  return {
    url,
    adminToken: settings.ZEKT_ADMIN_TOKEN ?? '',
    async stop() {
      await functions.end();
      if (isOver) functions.kill();
      else idle.push(functions);
    },
  };
}
