import { isUtf8 } from 'node:buffer';
import { validate, type ContractName, type Contracts } from '@zekt/contracts';
import { ZektError } from '@zekt/core';

/**
 * The body's very bytes.
 *
 * @throws ZektError `body_too_large`, found out from the header where there is one, before anything is read
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Buffer> {
  const tooLarge = (size: string): ZektError =>
    new ZektError('body_too_large', `The body has ${size} bytes; at most ${maxBytes} are read here.`);
  const announced = request.headers.get('content-length');
  if (announced !== null) {
    if (Number(announced) > maxBytes) throw tooLarge(announced);
    return Buffer.from(await request.arrayBuffer());
  }
  if (!request.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge(`more than ${maxBytes}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether anything was sent along. */
export const hasBody = ({ headers }: Request): boolean =>
  (headers.get('content-length') ?? '0') !== '0' || headers.has('transfer-encoding');

/** @throws ZektError `invalid_json`: not UTF-8, a byte order mark, or not JSON, with the position */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.byteLength === 0) throw new ZektError('invalid_json', 'The body is empty; it must be JSON.');
  if (!isUtf8(bytes)) throw new ZektError('invalid_json', 'The body is not valid UTF-8.');
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/, ".*$|"[^]*" is not valid JSON$/s, '') : '';
    throw new ZektError('invalid_json', `The body is not JSON: ${detail.trim() || 'syntax error'}.`, { cause: error });
  }
}

/** @throws ZektError `invalid_json` or `invalid_body` with the field, what it got and what it wants */
export async function readContract<N extends ContractName>(
  request: Request,
  name: N,
  maxBytes = 1_048_576,
): Promise<Contracts[N]> {
  const result = validate(name, parseJson(await readBytes(request, maxBytes)));
  if (!result.ok) throw new ZektError('invalid_body', `Invalid ${nounOf[name] ?? 'request'}: ${result.problem}`);
  return result.value;
}

/** The published clients' users know this wording. */
const nounOf: Partial<Record<ContractName, string>> = { ReceiveRequest: 'event data' };
