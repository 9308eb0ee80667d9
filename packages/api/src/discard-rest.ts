import type { ServerResponse } from 'node:http';

const maxMs = 500;
const maxBytes = 2 * 1024 * 1024;

/**
 * Reads and forgets a little of what a refused request still sends, so that its sender gets to read the answer and the connection can take
 * the next request. Where more is to come nothing of it is read: the connection stays for a moment, and is then closed. Called before the
 * response ends.
 */
export function discardRest(outgoing: ServerResponse): void {
  const { req: incoming } = outgoing;
  if (incoming.complete) return;
  outgoing.once('finish', () => {
    if (incoming.complete || incoming.destroyed) return;
    let size = 0;
    const timer = setTimeout(() => incoming.socket.destroySoon(), maxMs).unref();
    incoming
      // Whoever read it before has given up.
      .removeAllListeners('data')
      .on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > maxBytes) incoming.pause();
      })
      .once('close', () => clearTimeout(timer))
      .resume();
  });
}
