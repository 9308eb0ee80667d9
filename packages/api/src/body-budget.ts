import { limits } from '@zekt/contracts';
import { ZektError, type Clock } from '@zekt/core';

const { value: maxBytes } = limits.bodiesInProcess;
/** Larger bodies leave a quarter of the budget to the others: a webhook of usual size gets through while large ones fill the rest. */
const largeFromBytes = 256 * 1024;
const maxBytesOfLarge = (maxBytes / 4) * 3;
/** How fast a body must come, looked at every five seconds once ten have passed; and when it must be whole. */
const graceMs = 10_000;
const lookEveryMs = 5000;
const minBytesPerSecond = 1000;
const wholeWithinMs = 30_000;
/** Threads of a process that may read bodies: the one with the store, and 64 that listen. */
const maxThreads = 65;

/** Where the threads of a process count: a number for each, bytes it holds. Plain data, shared by `postMessage`. */
export interface BudgetShare {
  readonly ledger: Int32Array<SharedArrayBuffer>;
  readonly slot: number;
}

/** A body on its way in. */
export interface BodyHold {
  /** The sender is asked for bytes from now on. `onTooSlow` is told at most once. */
  readonly begin: (onTooSlow: (refusal: ZektError) => void) => void;
  /** @throws ZektError `unavailable` when there is no room for so many more bytes */
  readonly take: (bytes: number) => void;
  /** All has come: the sender can't be too slow any more. */
  readonly whole: () => void;
  /** Nothing of it is held any more. May be called twice. */
  readonly release: () => void;
}

/**
 * How many bytes of bodies a process holds whose senders are not known yet. Counted as they come, not as they are announced: whoever
 * announces much and sends nothing takes nothing. Senders that are slow, or never end, are refused after a while.
 */
export class BodyBudget {
  readonly #clock: Clock;
  readonly #share: BudgetShare;
  readonly #free: number[] = Array.from({ length: maxThreads - 1 }, (_, n) => n + 1);

  /** @param share another thread's, where this one reads for the same process */
  constructor(clock: Clock, share: BudgetShare = { ledger: newLedger(), slot: 0 }) {
    this.#clock = clock;
    this.#share = share;
  }

  /** Bytes that the whole process holds. */
  get held(): number {
    return this.#share.ledger.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** A place to count for another thread. */
  lend(): BudgetShare {
    const slot = this.#free.shift();
    if (slot === undefined) throw new Error(`a process has at most ${maxThreads} threads that read bodies`);
    return { ledger: this.#share.ledger, slot };
  }

  /** The thread has ended, and with it what it held. */
  takeBack({ slot }: BudgetShare): void {
    Atomics.store(this.#share.ledger, slot, 0);
    this.#free.push(slot);
  }

  open(): BodyHold {
    let size = 0;
    let cancel = (): void => undefined;
    const stop = (): void => {
      cancel();
      cancel = () => undefined;
    };
    return {
      begin: (onTooSlow) => {
        cancel = this.#watch(() => size, onTooSlow);
      },
      take: (bytes) => {
        this.#take(bytes, size + bytes > largeFromBytes ? maxBytesOfLarge : maxBytes);
        size += bytes;
      },
      whole: stop,
      release: () => {
        stop();
        this.#add(-size);
        size = 0;
      },
    };
  }

  #add(bytes: number): void {
    Atomics.add(this.#share.ledger, this.#share.slot, bytes);
  }

  #take(bytes: number, most: number): void {
    this.#add(bytes);
    if (this.held <= most) return;
    this.#add(-bytes);
    throw new ZektError('unavailable', 'The server is reading as many bodies as it has room for. Try again.');
  }

  #watch(size: () => number, onTooSlow: (refusal: ZektError) => void): () => void {
    const startedAt = this.#clock.now();
    let before = 0;
    let cancel = (): void => undefined;
    const look = (atMs: number): void => {
      cancel = this.#clock.at(atMs, () => {
        const isSlow = size() - before < (minBytesPerSecond * lookEveryMs) / 1000 && atMs > startedAt + graceMs;
        if (isSlow || atMs >= startedAt + wholeWithinMs) onTooSlow(tooSlow());
        else {
          before = size();
          look(atMs + lookEveryMs);
        }
      });
    };
    look(startedAt + graceMs);
    return () => cancel();
  }
}

const newLedger = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * maxThreads));

const tooSlow = (): ZektError =>
  new ZektError(
    'body_too_slow',
    `The body comes too slowly: after ${graceMs / 1000} s at least ${minBytesPerSecond} bytes a second, and all of it within ${wholeWithinMs / 1000} s.`,
  );
