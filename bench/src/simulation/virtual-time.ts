interface Event {
  readonly at: number;
  /** Of two at the same time the one that was planned first comes first. */
  readonly order: number;
  readonly happen: () => void;
}

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Time that passes only from one event to the next. Milliseconds. */
export class VirtualTime {
  /** A heap: each is before its two children. */
  readonly #events: Event[] = [];
  #order = 0;
  #now = 0;

  get now(): number {
    return this.#now;
  }

  at(atMs: number, happen: () => void): void {
    const event = { at: Math.max(atMs, this.#now), order: (this.#order += 1), happen };
    const events = this.#events;
    let index = events.length;
    events.push(event);
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = events[parentIndex];
      if (!parent || isBefore(parent, event)) break;
      events[index] = parent;
      index = parentIndex;
    }
    events[index] = event;
  }

  after(ms: number, happen: () => void): void {
    this.at(this.#now + ms, happen);
  }

  /** Plays everything up to a time. */
  runUntil(endMs: number): void {
    for (let next = this.#events[0]; next && next.at <= endMs; next = this.#events[0]) {
      this.#removeFirst();
      this.#now = next.at;
      next.happen();
    }
    this.#now = endMs;
  }

  #removeFirst(): void {
    const events = this.#events;
    const last = events.pop();
    if (!last || events.length === 0) return;
    let index = 0;
    for (;;) {
      const leftIndex = 2 * index + 1;
      const left = events[leftIndex];
      const right = events[leftIndex + 1];
      if (!left) break;
      const [child, childIndex] = right && isBefore(right, left) ? [right, leftIndex + 1] : [left, leftIndex];
      if (isBefore(last, child)) break;
      events[index] = child;
      index = childIndex;
    }
    events[index] = last;
  }
}
