import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ZektError } from '@zekt/core';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
/** How long a place is, is not told either. */
const blockChars = 64;

/**
 * Where a page ended, for the caller to give back. A place is made of names and ids that the caller may not see, so it leaves sealed, for
 * the route that it came from.
 */
export class Cursors {
  readonly #key: Uint8Array;

  /** @param key 32 bytes: the same in every process that answers, `OpaqueIds.derive('cursor')` */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  seal(route: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv(algorithm, this.#key, iv, { authTagLength: tagBytes });
    cipher.setAAD(Buffer.from(route));
    const text = JSON.stringify(place);
    const padded = text.padEnd(Math.ceil(text.length / blockChars) * blockChars);
    const sealed = Buffer.concat([cipher.update(padded, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws ZektError `invalid_query` for what was not sealed here, for this route */
  open(route: string, cursor: string): string {
    try {
      const bytes = Buffer.from(cursor, 'base64url');
      const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(route));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const sealed = bytes.subarray(ivBytes, -tagBytes);
      return JSON.parse(Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')) as string;
    } catch (error) {
      throw new ZektError('invalid_query', "'after' must be the 'next' of the page before, of the same list.", {
        cause: error,
      });
    }
  }
}
