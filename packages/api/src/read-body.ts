import { isUtf8 } from 'node:buffer';
import { limits, validate, type ContractName, type Contracts } from '@zekt/contracts';
import { ZektError } from '@zekt/core';
import { limitBody } from './limit-body.ts';

/**
 * The body's very bytes.
 *
 * @throws ZektError `body_too_large`, or `client_closed_request` when the upload breaks off
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const count = limitBody(request, maxBytes);
  const chunks: Uint8Array[] = [];
  try {
    // The header says how much there is, and has been looked at: in one piece is quicker.
    if (request.headers.has('content-length')) return Buffer.from(await request.arrayBuffer());
    if (!request.body) return Buffer.alloc(0);
    for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
      count(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ZektError ? error : brokenOff(error);
  }
  return Buffer.concat(chunks);
}

/** Nobody is there any more to read this; the log has it. */
export const brokenOff = (cause: unknown): ZektError =>
  new ZektError('client_closed_request', 'The body broke off before its end.', { cause });

/** Whether anything was sent along. */
export const hasBody = ({ headers }: Request): boolean =>
  (headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding');

/** @throws ZektError `invalid_json`: nothing at all, or not UTF-8 */
export function textOf(bytes: Buffer): string {
  if (bytes.byteLength === 0) throw new ZektError('invalid_json', 'The body is empty; it must be JSON.');
  if (!isUtf8(bytes)) throw new ZektError('invalid_json', 'The body is not valid UTF-8.');
  return bytes.toString('utf8');
}

/** @throws ZektError `invalid_json`: a byte order mark, or not JSON, with the position */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/, ".*$|"[^]*" is not valid JSON$/s, '') : '';
    throw new ZektError('invalid_json', `The body is not JSON: ${detail.trim() || 'syntax error'}.`, { cause: error });
  }
}

/** @throws ZektError `invalid_json` or `invalid_body` with the field, what it got and what it wants */
export async function readContract<N extends ContractName>(
  request: Request,
  name: N,
  maxBytes: number = limits.bodyOfRequest.value,
): Promise<Contracts[N]> {
  return contractOf(textOf(await readBytes(request, maxBytes)), name);
}

/** @throws ZektError `invalid_json` or `invalid_body` with the field, what it got and what it wants */
export function contractOf<N extends ContractName>(text: string, name: N): Contracts[N] {
  const result = validate(name, parseJson(text));
  if (!result.ok) throw new ZektError('invalid_body', `Invalid ${nounOf[name] ?? 'request'}: ${result.problem}`);
  return result.value;
}

/** The published clients' users know this wording. */
const nounOf: Partial<Record<ContractName, string>> = { ReceiveRequest: 'event data' };
