// A thread that uploads bodies as an attack says, until it is told that it is enough; then it tells how often which status came.
import { connect, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Attack } from './bodies.ts';

const { url, attack } = workerData as { readonly url: string; readonly attack: Attack };
const mebibyte = Buffer.alloc(1024 * 1024, 0x20);
const announced = 25 * mebibyte.byteLength;

function upload({ sends, isSigned }: Attack): { readonly socket: Socket; readonly status: () => string } {
  const { hostname, port } = new URL(url);
  let answer = '';
  let left = sends;
  const socket = connect(Number(port), hostname, () => {
    const signature = isSigned ? `x-hub-signature-256: sha256=${'0'.repeat(64)}\r\n` : '';
    socket.write(
      `POST /api/github/webhooks HTTP/1.1\r\nhost: 127.0.0.1\r\n${signature}content-length: ${announced}\r\n\r\n`,
    );
    const next = (): void => {
      left -= 1;
      if (left >= 0) socket.write(mebibyte, () => next());
    };
    next();
  });
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1'))).on('error', () => undefined);
  return { socket, status: () => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'none yet' };
}

const uploads = Array.from({ length: attack.connections }, () => upload(attack));
parentPort?.once('message', () => {
  const counts = new Map<string, number>();
  for (const { socket, status } of uploads) {
    counts.set(status(), (counts.get(status()) ?? 0) + 1);
    socket.destroy();
  }
  parentPort?.postMessage(counts);
});
