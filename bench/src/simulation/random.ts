import { randomFrom } from '@zekt/core/testing';

/** Numbers that look random and are the same for the same seed. */
export class Random {
  /** From 0 up to, but not, 1. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = randomFrom(seed);
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** A time that is mostly near its median and sometimes far above it, as answers over a network are: one in a hundred takes five times as long. */
  around(medianMs: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return medianMs * Math.exp(spread * normal);
  }
}

/** 2.33 standard deviations are the 99th percentile. */
const spread = Math.log(5) / 2.33;
