import type { VirtualTime } from './virtual-time.ts';
import type { Waits } from './waits.ts';

/** One instance of the function app: its functions share its CPU, one after another. */
export class Instance {
  readonly #time: VirtualTime;
  readonly #waits: Waits;
  readonly #speed: number;
  #freeAt = 0;

  /** @param memoryMB of which Flex Consumption gives a core for each 2,048 */
  constructor(time: VirtualTime, waits: Waits, memoryMB: number) {
    this.#time = time;
    this.#waits = waits;
    this.#speed = memoryMB / 2048;
  }

  /** Works for so long, once it is free, and then goes on. */
  compute(ms: number, then: () => void): void {
    const { now } = this.#time;
    const start = Math.max(now, this.#freeAt);
    this.#waits.note('CPU of an instance', now, start - now);
    this.#freeAt = start + ms / this.#speed;
    this.#time.at(this.#freeAt, then);
  }
}
