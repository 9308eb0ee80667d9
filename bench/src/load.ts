import { connect, type Socket } from 'node:net';
import { quantile } from './figures.ts';

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: number;
}

/**
 * Keeps each of some connections busy with one request after the other, for a time. Requests come ready-made as bytes: on a machine of
 * two cores a general load generator would use up as much as the server that it measures.
 */
export async function load(
  url: string,
  { connections, durationMs, next }: { connections: number; durationMs: number; next: () => Buffer },
): Promise<LoadResult> {
  const { hostname, port } = new URL(url);
  const latencies: number[] = [];
  let failures = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    const socket = await open(Number(port), hostname);
    while (performance.now() - started < durationMs) {
      const sent = performance.now();
      socket.write(next());
      const status = await readAnswer(socket);
      latencies.push(performance.now() - sent);
      if (status < 200 || status > 299) failures += 1;
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, client));
  const seconds = (performance.now() - started) / 1000;
  return {
    perSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    failures,
  };
}

const open = (port: number, host: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });

/** The status of the next answer on this connection; its end is found by Content-Length or the last chunk. */
function readAnswer(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = '';
    const done = (status: number): void => {
      socket.off('data', onData).off('close', onClose);
      resolve(status);
    };
    const onClose = (): void => reject(new Error('the server closed the connection'));
    const onData = (chunk: Buffer): void => {
      received += chunk.toString('latin1');
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const head = received.slice(0, headEnd).toLowerCase();
      const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
      const isWhole =
        length === undefined ? received.endsWith('\r\n0\r\n\r\n') : received.length >= headEnd + 4 + Number(length);
      if (isWhole) done(Number(head.slice(9, 12)));
    };
    socket.on('data', onData).on('close', onClose);
  });
}
