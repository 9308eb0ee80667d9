/** Answers to the same question, remembered for a while, in this process; who asks meanwhile shares the request. Bounded. */
export class RememberedAnswers<T> {
  readonly #forMs: number;
  readonly #most: number;
  readonly #now: () => number;
  readonly #answers = new Map<string, { readonly answer: Promise<T>; readonly askedAt: number }>();

  /**
   * @param forMs how long an answer holds
   * @param most answers that are kept; beyond that the oldest go
   */
  constructor(forMs: number, most: number, now: () => number) {
    this.#forMs = forMs;
    this.#most = most;
    this.#now = now;
  }

  /**
   * The answer to a question. A failure is not remembered.
   *
   * @param notBefore an answer from before this time (ms) does not do. @default any that still holds
   */
  get(key: string, ask: () => Promise<T>, notBefore = 0): Promise<T> {
    const nowMs = this.#now();
    const known = this.#answers.get(key);
    if (known && known.askedAt >= notBefore && known.askedAt + this.#forMs > nowMs) return known.answer;
    const entry = { answer: ask(), askedAt: nowMs };
    this.#answers.delete(key);
    this.#answers.set(key, entry);
    entry.answer.catch(() => {
      if (this.#answers.get(key) === entry) this.#answers.delete(key);
    });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > this.#most && oldest !== undefined) this.#answers.delete(oldest);
    return entry.answer;
  }
}
