import type { QueueName } from '@zekt/core';

export interface BodyLimits {
  /** Bodies of each queue that are kept in memory. */
  readonly bodies: number;
  /** Characters of all of them. */
  readonly characters: number;
}

export const bodyLimits: BodyLimits = { bodies: 10_000, characters: 32 * 1024 * 1024 };

/** How many bodies of waiting messages may lie in memory; the others are read from the file when it is their turn. */
export class BodyBudget {
  readonly #limits: BodyLimits;
  readonly #bodies = new Map<QueueName, number>();
  #characters = 0;

  constructor(limits: BodyLimits = bodyLimits) {
    this.#limits = limits;
  }

  /** The body, or null when there is no room for it. */
  take(queue: QueueName, body: string): string | null {
    const bodies = this.#bodies.get(queue) ?? 0;
    if (bodies >= this.#limits.bodies || this.#characters + body.length > this.#limits.characters) return null;
    this.#bodies.set(queue, bodies + 1);
    this.#characters += body.length;
    return body;
  }

  /** A body that was taken lies in memory no more. */
  give(queue: QueueName, body: string | null): void {
    if (body === null) return;
    this.#bodies.set(queue, (this.#bodies.get(queue) ?? 1) - 1);
    this.#characters -= body.length;
  }
}
