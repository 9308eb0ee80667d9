import { Agent, request, type RequestListener } from 'node:http';
import { randomUUID } from 'node:crypto';
import { discardRest, errorAnswer, writeAnswer } from '@zekt/api';
import { ZektError } from '@zekt/core';

/** Of one connection, not of the request (RFC 9110, section 7.6.1). */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'upgrade'];

/** Hands requests on to a server on loopback, and its answers back, byte for byte. */
export function createForwarder(port: number): RequestListener {
  const agent = new Agent({ keepAlive: true });
  return (incoming, outgoing) => {
    const headers = without(incoming.rawHeaders, [...ofConnection, 'expect']);
    // Node would announce a body in chunks where the caller announced none.
    const hasBody = 'content-length' in incoming.headers || 'transfer-encoding' in incoming.headers;
    if (!hasBody) headers.push('content-length', '0');
    const { method, url = '' } = incoming;
    const path = url.replace(/[^\x21-\x7e]/g, encodeURIComponent);
    const forwarded = request({ host: '127.0.0.1', port, agent, method, path, headers });
    forwarded.on('response', (answer) => {
      outgoing.writeHead(
        answer.statusCode ?? 502,
        answer.statusMessage,
        without(answer.rawHeaders, [...ofConnection, 'transfer-encoding']),
      );
      discardRest(outgoing);
      answer.on('error', () => outgoing.destroy()).pipe(outgoing);
    });
    forwarded.on('error', (error) => {
      if (outgoing.headersSent || outgoing.destroyed) return;
      const requestId = randomUUID();
      const unavailable = new ZektError('unavailable', 'Zekt can not answer now. Try again.', { cause: error });
      writeAnswer(outgoing, errorAnswer(unavailable, requestId), requestId);
    });
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) forwarded.destroy();
    });
    incoming.on('error', () => forwarded.destroy()).pipe(forwarded);
  };
}

/** Raw headers are names and values in turns. */
function without(rawHeaders: readonly string[], names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const [name = '', value = ''] = rawHeaders.slice(n, n + 2);
    if (!names.includes(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}
