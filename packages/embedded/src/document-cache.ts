import type { Body, Page, Stored } from '@zekt/core';
import { ByteBound } from './byte-bound.ts';
import { deepFreeze } from './deep-freeze.ts';

/** A document as it is in the file, expired or not. Its body is parsed when it is first asked for. */
export class CachedDocument {
  readonly expiresAt: number | null;
  readonly #id: string;
  readonly #etag: string;
  readonly #text: string;
  #stored: Stored<Body> | null = null;

  constructor(id: string, etag: string, expiresAt: number | null, text: string) {
    this.#id = id;
    this.#etag = etag;
    this.expiresAt = expiresAt;
    this.#text = text;
  }

  /** Frozen, since every reader gets the same. */
  get stored(): Stored<Body> {
    this.#stored ??= Object.freeze({
      id: this.#id,
      etag: this.#etag,
      body: deepFreeze(JSON.parse(this.#text) as Body),
    });
    return this.#stored;
  }

  /** About, parsed. */
  get bytes(): number {
    return 300 + 4 * this.#text.length;
  }
}

export interface CachedPage {
  readonly page: Page<Stored<Body>>;
  /** When the first of its documents expires (ms). */
  readonly until: number;
}

interface Pages {
  readonly byQuestion: Map<string, CachedPage>;
  readonly bytes: number;
}

/** Documents and lists as they are in the file: the engine's every write goes by here. */
export class DocumentCache {
  /** Null: known not to be there. */
  readonly #documents: ByteBound<CachedDocument | null>;
  readonly #lists: ByteBound<Pages>;
  readonly #listLimit: number;

  /** @param limit bytes, about, for documents; half as many more for lists */
  constructor(limit = 8 * 1024 * 1024) {
    this.#documents = new ByteBound(limit);
    this.#listLimit = limit / 2;
    this.#lists = new ByteBound(this.#listLimit);
  }

  /** Undefined: not known. */
  get(partition: string, id: string): CachedDocument | null | undefined {
    return this.#documents.get(keyOf(partition, id));
  }

  keep(partition: string, id: string, document: CachedDocument | null): void {
    const key = keyOf(partition, id);
    this.#documents.set(key, document, 2 * key.length + (document?.bytes ?? 100));
  }

  /** A page of a list that was cached for this question, unless one of its documents has expired. */
  page(partition: string, question: string, now: number): Page<Stored<Body>> | undefined {
    const cached = this.#lists.get(partition)?.byQuestion.get(question);
    return cached && cached.until > now ? cached.page : undefined;
  }

  /** @param bytes about, of its documents; a page that is too long is not kept */
  keepPage(partition: string, question: string, cached: CachedPage, bytes: number): void {
    const { byQuestion, bytes: before } = this.#lists.get(partition) ?? { byQuestion: new Map(), bytes: 0 };
    const after = before + bytes + 200 + 2 * question.length;
    if (after > this.#listLimit / 4) return;
    byQuestion.set(question, cached);
    this.#lists.set(partition, { byQuestion, bytes: after }, after);
  }

  /** A document of the partition was written. */
  forgetPages(partition: string): void {
    this.#lists.delete(partition);
  }

  clear(): void {
    this.#documents.clear();
    this.#lists.clear();
  }
}

/** Neither part has a mark that it can't hold, so the length of the first tells them apart. */
const keyOf = (partition: string, id: string): string => `${partition.length}:${partition}${id}`;
