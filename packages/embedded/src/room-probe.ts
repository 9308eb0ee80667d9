import type { Performer } from './performer.ts';
import type { WriteQueue } from './write-queue.ts';

/** More than what comes of nearly all messages. */
const bytes = 65_536;
const place = { partition: 'probe', id: 'room' } as const;

/**
 * Whether the disk has room for what comes of a message. On a full disk a small write may still succeed, where a page or the log has some
 * room left: that says nothing.
 */
export class RoomProbe {
  readonly #writes: WriteQueue;
  readonly #performer: Performer;
  #isDoubtful = false;
  #running: Promise<void> | null = null;

  constructor(writes: WriteQueue, performer: Performer) {
    this.#writes = writes;
    this.#performer = performer;
  }

  get isDoubtful(): boolean {
    return this.#isDoubtful || this.#writes.isTroubled;
  }

  /** A write has failed. */
  doubt(): void {
    this.#isDoubtful = true;
  }

  /**
   * Writes as much as that, and gives it back.
   *
   * @throws ZektError `unavailable` when there is no room
   */
  check(): Promise<void> {
    this.#running ??= this.#try().finally(() => (this.#running = null));
    return this.#running;
  }

  async #try(): Promise<void> {
    const { partition, id } = place;
    this.#isDoubtful = true;
    await this.#performer.perform({
      batches: [{ partition, writes: [{ kind: 'put', id, body: { text: ' '.repeat(bytes) } }] }],
    });
    await this.#performer.perform({ batches: [{ partition, writes: [{ kind: 'delete', id }] }] });
    this.#isDoubtful = false;
  }
}
