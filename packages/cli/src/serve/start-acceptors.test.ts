import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { silentLog } from '@zekt/core';
import type { Acceptor } from './start-acceptor.ts';
import { startAcceptors } from './start-acceptors.ts';

/** A thread that does nothing but what a test asks of it. */
class FakeAcceptor implements Acceptor {
  readonly url: string;
  readonly port: number;
  readonly crashed: Promise<Error>;
  stopped = 0;
  crash: (reason: Error) => void = () => undefined;

  constructor(port: number) {
    this.port = port === 0 ? 4711 : port;
    this.url = `http://127.0.0.1:${this.port}`;
    this.crashed = new Promise((resolve) => (this.crash = resolve));
  }

  async refuse(): Promise<void> {
    calls.push('refuse');
  }

  async stop(): Promise<void> {
    calls.push('stop');
    this.stopped += 1;
  }
}

let threads: FakeAcceptor[];
let asked: number[];
let failures: Error[];
let errors: string[];
let calls: string[];
const log = { ...silentLog, error: (_: object, message: string) => errors.push(message) };

/** Fails as often as there are failures left. */
async function start(port: number): Promise<Acceptor> {
  asked.push(port);
  const failure = failures.shift();
  if (failure) throw failure;
  const thread = new FakeAcceptor(port);
  threads.push(thread);
  return thread;
}

beforeEach(() => {
  jest.useFakeTimers();
  [threads, asked, failures, errors, calls] = [[], [], [], [], []];
});
afterEach(() => {
  jest.useRealTimers();
});

test('all listen on the port that the first one got', async () => {
  const acceptors = await startAcceptors(3, 0, start, log);
  expect(asked).toEqual([0, 4711, 4711]);
  expect(acceptors.url).toBe('http://127.0.0.1:4711');
});

test('one that crashes is replaced on the same port, and it is told as an error', async () => {
  const acceptors = await startAcceptors(2, 0, start, log);
  threads[1]?.crash(new Error('out of memory'));
  await jest.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([0, 4711, 4711]);
  expect(errors).toEqual(['a thread that listens has crashed; starting another']);
  await acceptors.stop(0);
  expect(threads.map(({ stopped }) => stopped)).toEqual([1, 0, 1]);
});

test('a replacement that does not start is tried again after a second, not at once', async () => {
  await startAcceptors(1, 80, start, log);
  failures = [new Error('no threads left')];
  threads[0]?.crash(new Error('out of memory'));
  await jest.advanceTimersByTimeAsync(999);
  expect(threads).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(threads).toHaveLength(2);
  expect(asked).toEqual([80, 80, 80]);
});

test('all refuse new connections before the first one tells its clients to go', async () => {
  const acceptors = await startAcceptors(2, 0, start, log);
  await acceptors.stop(0);
  expect(calls).toEqual(['refuse', 'refuse', 'stop', 'stop']);
});

test('what ends because it is stopped is not replaced', async () => {
  const acceptors = await startAcceptors(2, 0, start, log);
  const stopped = acceptors.stop(0);
  for (const thread of threads) thread.crash(new Error('ended'));
  await stopped;
  await jest.advanceTimersByTimeAsync(5000);
  expect(threads).toHaveLength(2);
  expect(errors).toEqual([]);
});

test('when one can not listen at the start, none is left', async () => {
  const start3 = async (port: number): Promise<Acceptor> => {
    if (asked.length === 2) failures = [new Error('EADDRINUSE')];
    return start(port);
  };
  await expect(startAcceptors(3, 0, start3, log)).rejects.toThrow('EADDRINUSE');
  expect(threads.map(({ stopped }) => stopped)).toEqual([1, 1]);
});
