/** Characters of a text that count as one step. */
export const charactersOfAStep = 16;

/** Pays for steps that are about to be taken. */
export type Spend = (steps: number) => void;

/** An expression took more steps than it may. */
export class CostError extends Error {
  override readonly name = 'CostError';

  constructor(most: number) {
    super(`it takes more than ${most} steps`);
  }
}

/** Counts what an evaluation costs, and ends it when that is too much. */
export class Meter {
  readonly #most: number;
  #spent = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Steps so far. */
  get spent(): number {
    return this.#spent;
  }

  /** @throws CostError, and again at each further step */
  spend(steps: number): void {
    this.#spent += steps;
    if (this.#spent > this.#most) throw new CostError(this.#most);
  }

  /**
   * Pays for a value: for the characters of texts, and for each member of lists and maps, however deep. What looks at a value later takes no
   * more time than that.
   *
   * @throws CostError
   */
  weigh(value: unknown): void {
    if (typeof value === 'string') this.spend(Math.ceil(value.length / charactersOfAStep));
    else if (value instanceof Uint8Array) this.spend(Math.ceil(value.length / charactersOfAStep));
    else if (Array.isArray(value) || value instanceof Set) for (const item of value) this.#weighMember(item);
    else if (value instanceof Map) for (const [key, item] of value) this.#weighMember(key, item);
    else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      for (const [key, item] of Object.entries(value)) this.#weighMember(key, item);
  }

  #weighMember(...parts: readonly unknown[]): void {
    this.spend(1);
    for (const part of parts) this.weigh(part);
  }
}
