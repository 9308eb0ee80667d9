import type { IncomingMessage } from 'node:http';
import type { Incoming } from './incoming.ts';
import type { BodyHold } from './body-budget.ts';
import { limitBody } from './limit-body.ts';
import { brokenOff } from './read-body.ts';

/** Node's request as an intake sees it. */
export class NodeIncoming implements Incoming {
  readonly headers: Incoming['headers'];
  readonly #message: IncomingMessage;
  readonly #hold: BodyHold;

  constructor(message: IncomingMessage, hold: BodyHold) {
    this.#message = message;
    this.#hold = hold;
    this.headers = { get: (name) => headerOf(message, name) };
  }

  bytes(maxBytes: number): Promise<Buffer> {
    const message = this.#message;
    const hold = this.#hold;
    return new Promise((resolve, reject) => {
      const count = limitBody(this, maxBytes);
      if (message.destroyed) throw brokenOff(message.errored);
      let chunks: Buffer[] = [];
      const stop = (): void => {
        message.off('data', onData).off('end', onEnd).off('error', onBreak).off('close', onBreak);
        chunks = [];
        hold.whole();
      };
      const refuse = (error: unknown): void => {
        stop();
        message.pause();
        reject(error instanceof Error ? error : new Error('the body was not read', { cause: error }));
      };
      const onData = (chunk: Buffer): void => {
        try {
          count(chunk.byteLength);
          hold.take(chunk.byteLength);
          chunks.push(chunk);
        } catch (error) {
          refuse(error);
        }
      };
      const onEnd = (): void => {
        const [first = Buffer.alloc(0), ...others] = chunks;
        stop();
        resolve(others.length > 0 ? Buffer.concat([first, ...others]) : first);
      };
      const onBreak = (error?: unknown): void => {
        stop();
        reject(brokenOff(error));
      };
      hold.begin(refuse);
      message.on('data', onData).on('end', onEnd).on('error', onBreak).on('close', onBreak);
    });
  }
}

/** Several of one name are joined, as the Fetch standard says; Node would drop all but the first of some. */
function headerOf(message: IncomingMessage, name: string): string | null {
  if (name === 'authorization') return message.headersDistinct[name]?.join(', ') ?? null;
  const value = message.headers[name];
  return (typeof value === 'string' ? value : value?.join(', ')) ?? null;
}
