interface Item<T> {
  readonly value: T;
  readonly bytes: number;
  /** Asked for since it was last looked at for removal. */
  isUsed: boolean;
}

/**
 * Remembers as much as fits into a number of bytes, and forgets what was not used lately: the oldest first, each that was used meanwhile
 * having a second chance.
 */
export class ByteBound<T> {
  readonly #limit: number;
  /** The order of a map is that of insertion. */
  readonly #items = new Map<string, Item<T>>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const item = this.#items.get(key);
    if (!item) return undefined;
    item.isUsed = true;
    return item.value;
  }

  set(key: string, value: T, bytes: number): void {
    this.delete(key);
    this.#items.set(key, { value, bytes, isUsed: false });
    this.#bytes += bytes;
    for (const [oldest, item] of this.#items) {
      if (this.#bytes <= this.#limit) break;
      this.delete(oldest);
      if (!item.isUsed || item.bytes > this.#limit) continue;
      item.isUsed = false;
      this.#items.set(oldest, item);
      this.#bytes += item.bytes;
    }
  }

  delete(key: string): void {
    const item = this.#items.get(key);
    if (!item) return;
    this.#items.delete(key);
    this.#bytes -= item.bytes;
  }

  clear(): void {
    this.#items.clear();
    this.#bytes = 0;
  }
}
