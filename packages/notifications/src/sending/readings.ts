import { decodeHTML } from 'entities';

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

const unescapeJson = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
    code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
  );

/** The bytes of a text, a character each. */
export const bytesAsText = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const unescapePercent = (bytes: string): string =>
  bytes.replace(/%([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** Without line breaks and other white space, which some put into what they encode. */
export const compact = (text: string): string => text.replace(/\s+/g, '');

/** What Base64, in either alphabet, or hexadecimal digits within a text could stand for, whatever byte they begin at. */
function* decoded(text: string): Generator<string> {
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{8,}/g))
    for (let start = 0; start < 4; start += 1) yield Buffer.from(run.slice(start), 'base64').toString('latin1');
  for (const [run] of text.matchAll(/[0-9a-fA-F]{8,}/g))
    for (let start = 0; start < 2; start += 1) yield Buffer.from(run.slice(start), 'hex').toString('latin1');
}

/** The text itself, and what each way of undoing escapes makes of it, of all ways before it, too. */
const undone = (texts: readonly string[], ...ways: readonly ((text: string) => string)[]): string[] =>
  ways.reduce<string[]>((found, way) => [...new Set([...found, ...found.map(way)])], [...texts]);

/**
 * Everything that a text could say to somebody who decodes it: as it is, out of JSON, HTML or a URL, escaped once or twice, without white
 * space, and out of Base64 or hexadecimal digits. Bytes, a character each.
 */
export function* readings(text: string): Generator<string> {
  const plain = undone([text], unescapeJson, decodeHTML).map(bytesAsText);
  for (const reading of undone(plain, unescapePercent, unescapePercent)) {
    const packed = compact(reading);
    yield reading;
    yield packed;
    yield* decoded(packed);
  }
}
