import { fork, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A process of Node that answers one request after another, so that what it runs is loaded once. It ends with its parent. */
export class AskedProcess {
  /** Gets what it writes to standard error. */
  note: (text: string) => void = () => undefined;
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  /** @param file that answers each message with one of its own: `{ error }` for what it can't do */
  constructor(file: URL, args: readonly string[] = []) {
    this.#child = fork(fileURLToPath(file), args, {
      env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: join(tmpdir(), 'zekt-compile-cache') },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.note(text));
  }

  /**
   * One request at a time: the next waits.
   *
   * @throws Error with what went wrong there, or when the process has ended
   */
  ask<Answer extends object>(request: object): Promise<Answer> {
    const asked = this.#last.then(() => this.#ask<Answer>(request));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #ask<Answer extends object>(request: object): Promise<Answer> {
    const child = this.#child;
    const { promise, resolve, reject } = Promise.withResolvers<Answer | { readonly error: string }>();
    const onClose = (): void => reject(new Error('the process ended without an answer'));
    child.once('message', resolve).once('close', onClose);
    child.send(request);
    const answer = await promise.finally(() => child.off('message', resolve).off('close', onClose));
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
