/** So many units in each second, for whoever asks first. */
export class Budget {
  readonly #perSecond: number;
  readonly #used = new Map<number, number>();
  #firstOpen = 0;
  #highest = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Most units that were used in a second. */
  get highest(): number {
    return this.#highest;
  }

  /** Takes units, and says when they may be used (ms). */
  take(nowMs: number, units: number): number {
    let second = Math.max(Math.floor(nowMs / 1000), this.#firstOpen);
    while ((this.#used.get(second) ?? 0) + units > this.#perSecond) second += 1;
    const used = (this.#used.get(second) ?? 0) + units;
    this.#used.set(second, used);
    this.#highest = Math.max(this.#highest, used);
    while (this.#perSecond - (this.#used.get(this.#firstOpen) ?? 0) < 1) this.#firstOpen += 1;
    return Math.max(nowMs, second * 1000);
  }
}
