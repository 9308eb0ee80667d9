import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { AskedProcess } from './asked-process.ts';

export const bin = fileURLToPath(new URL('../../bin/zekt.js', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let commands: AskedProcess | null = null;
afterAll(() => commands?.kill());

/**
 * Runs `zekt` as a person would, without a terminal. The commands of a test file share a process that loads it once; what reads its standard
 * input gets one of its own.
 */
export function runZekt(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<Finished> {
  if (stdin !== '') return runZektProcess(args, env, stdin);
  commands ??= new AskedProcess(new URL('zekt-commands.ts', import.meta.url));
  return commands.ask({ args, env: { PATH: process.env.PATH ?? '', ...env } });
}

/** Runs `zekt` in a process of its own, which is what a person does: for what is about the process. */
export function runZektProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin = '',
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      env: { PATH: process.env.PATH ?? '', ...env },
      timeout: 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
    child.stdin.end(stdin);
  });
}

export interface Server {
  readonly url: string;
  readonly stderr: () => string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `zekt serve` and waits for the line that says where it listens. */
export const startServer = (env: Readonly<Record<string, string>>): Promise<Server> =>
  waitForServer(
    spawn(process.execPath, [bin, 'serve'], {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

/** Rejects when the process ends before it listens. */
export function waitForServer(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Server> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    const ended = new Promise<number | null>((done) => child.on('close', (code) => done(code)));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      const url = /^listening on (http:\S+)$/m.exec(stdout)?.[1];
      if (url !== undefined) {
        resolve({
          url,
          stderr: () => stderr,
          kill(signal) {
            child.kill(signal);
            return ended;
          },
        });
      }
    });
    void ended.then((code) =>
      reject(new Error(`zekt serve ended with ${code ?? 'a signal'} before it listened: ${stderr}`)),
    );
  });
}
