import type { ServerResponse } from 'node:http';

const maxMs = 500;
const maxBytes = 64 * 1024 * 1024;

/**
 * Reads and forgets what a refused request still sends, so that its sender gets to read the answer; whoever goes on for long is cut off.
 * Called before the response ends.
 */
export function discardRest(outgoing: ServerResponse): void {
  const { req: incoming } = outgoing;
  if (incoming.complete) return;
  outgoing.once('finish', () => {
    if (incoming.complete || incoming.destroyed) return;
    let size = 0;
    const cutOff = (): void => incoming.socket.destroySoon();
    const timer = setTimeout(cutOff, maxMs).unref();
    incoming
      .on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > maxBytes) cutOff();
      })
      .once('close', () => clearTimeout(timer))
      .resume();
  });
}
