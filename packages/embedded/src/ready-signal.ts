import type { QueueName } from '@zekt/core';

/** Tells consumers of a queue that there may be something for them: once for all that happens at a time. */
export class ReadySignal {
  readonly #listeners = new Map<QueueName, Set<() => void>>();
  readonly #announced = new Set<QueueName>();

  /** Returns what ends it. */
  listen(queue: QueueName, listener: () => void): () => void {
    const listeners = this.#listeners.get(queue) ?? new Set();
    this.#listeners.set(queue, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  announce(queue: QueueName): void {
    if (this.#announced.size === 0) queueMicrotask(() => this.#tell());
    this.#announced.add(queue);
  }

  #tell(): void {
    const announced = [...this.#announced];
    this.#announced.clear();
    for (const queue of announced) this.#listeners.get(queue)?.forEach((listener) => listener());
  }
}
