const secondMs = 1000;

/** The credits of a namespace: so many a second; a message sent, received or looked at takes one ("Throttling operations on Azure Service Bus"). */
export class Credits {
  /** Null, the default: any number. Standard has 1,000. */
  perSecond: number | null = null;
  readonly #now: () => number;
  #second = 0;
  #spent = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns false when there are none left in this second */
  take(count: number): boolean {
    const second = Math.floor(this.#now() / secondMs);
    if (second !== this.#second) this.#spent = 0;
    this.#second = second;
    if (this.perSecond !== null && this.#spent >= this.perSecond) return false;
    this.#spent += count;
    return true;
  }
}
