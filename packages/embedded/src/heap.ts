/** A binary heap: the least item first. */
export class Heap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #items: T[] = [];

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.#items[parentAt];
      if (parent === undefined || !this.#isBefore(item, parent)) break;
      this.#items[at] = parent;
      at = parentAt;
    }
    this.#items[at] = item;
  }

  pop(): T | undefined {
    const [least] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return least;
  }

  /** Puts an item where the least one was. */
  #sink(item: T): void {
    let at = 0;
    for (;;) {
      const [childAt, child] = this.#lesserChild(at);
      if (child === undefined || !this.#isBefore(child, item)) break;
      this.#items[at] = child;
      at = childAt;
    }
    this.#items[at] = item;
  }

  #lesserChild(at: number): [number, T | undefined] {
    const leftAt = 2 * at + 1;
    const left = this.#items[leftAt];
    const right = this.#items[leftAt + 1];
    const isRight = left !== undefined && right !== undefined && this.#isBefore(right, left);
    return isRight ? [leftAt + 1, right] : [leftAt, left];
  }
}
