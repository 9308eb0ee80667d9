import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { fillers } from './json-values.ts';
import type { WireRequest } from './wire-requests.ts';

/** Where the requests go, and how their senders prove who they are. */
export interface Attacked {
  readonly url: string;
  readonly adminToken: string;
  readonly workflowToken: string;
  readonly webhookSecret: string;
  /** Lines at error that the server has written so far. */
  readonly errors: () => readonly string[];
}

/** What a caller sent comes back in a refusal with at most so many bytes. */
const maxEchoBytes = 500;
const answerWithinMs = 60_000;
/** Of a request that failed. */
const maxShown = 1000;

/**
 * Sends one request, and looks at what comes of it.
 *
 * @returns what must not have happened; null: all is well
 */
export async function attack(attacked: Attacked, request: WireRequest): Promise<string | null> {
  const problem = await problemOf(attacked, request);
  const { method, target, proof, headers, body } = request;
  const shown = `${method} ${target} as ${proof}, ${JSON.stringify(headers)}: ${Buffer.from(body ?? []).toString('utf8')}`;
  return problem === null ? null : `${problem}\n${shown.slice(0, maxShown)}`;
}

async function problemOf(attacked: Attacked, request: WireRequest): Promise<string | null> {
  const answer = await send(attacked.url, toBytes(attacked, request), request.hangsUpAt);
  const [error] = attacked.errors();
  if (error !== undefined) return `a line at error: ${error}`;
  if (request.hangsUpAt !== null) return null;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  if (status === 0) return `no answer: ${answer.slice(0, 100)}`;
  if (status >= 500 && status !== 503) return `status ${status}: ${answer.slice(-400)}`;
  if (status >= 400 && echoed(answer) > maxEchoBytes)
    return `an echo of ${echoed(answer)} bytes, with status ${status}`;
  return null;
}

const echoed = (answer: string): number =>
  fillers.reduce((sum, filler) => {
    const runs = answer.match(new RegExp(`(?:${filler}){8,}`, 'gu')) ?? [];
    return sum + runs.reduce((bytes, run) => bytes + Buffer.byteLength(run), 0);
  }, 0);

function toBytes(attacked: Attacked, { method, target, proof, headers, body, isChunked }: WireRequest): Buffer {
  const hasNoBody = body === null || method === 'GET' || method === 'HEAD';
  const sent = hasNoBody ? Buffer.alloc(0) : Buffer.from(body);
  const proofOf = {
    none: [],
    admin: [`authorization: Bearer ${attacked.adminToken}`],
    workflow: [`authorization: Bearer ${attacked.workflowToken}`],
    broken: ['authorization: Bearer eyJhbGciOiJub25lIn0.e30.'],
    basic: [`authorization: Basic ${Buffer.from(`flux:${attacked.adminToken}`).toString('base64')}`],
    signature: [
      `x-hub-signature-256: sha256=${createHmac('sha256', attacked.webhookSecret).update(sent).digest('hex')}`,
      `x-github-delivery: ${randomUUID()}`,
      'x-github-event: workflow_run',
    ],
  }[proof];
  const length = isChunked ? 'transfer-encoding: chunked' : `content-length: ${sent.byteLength}`;
  const head = [
    `${method} ${target} HTTP/1.1`,
    'host: zekt.example',
    'connection: close',
    ...proofOf,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(hasNoBody ? [] : [length]),
  ].join('\r\n');
  const chunks = [Buffer.from(`${sent.byteLength.toString(16)}\r\n`), sent, Buffer.from('\r\n0\r\n\r\n')];
  const whole = isChunked && !hasNoBody ? (sent.byteLength > 0 ? chunks : [Buffer.from('0\r\n\r\n')]) : [sent];
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), ...whole]);
}

function send(url: string, bytes: Buffer, hangsUpAt: number | null): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => {
      if (hangsUpAt === null) socket.write(bytes);
      else socket.write(bytes.subarray(0, hangsUpAt), () => socket.destroy());
    });
    socket
      .setTimeout(answerWithinMs, () => socket.destroy())
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('error', () => undefined)
      .on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}
