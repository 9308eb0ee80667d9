import {
  conflictPauseMs,
  maxDecisions,
  maxDeliveryCount,
  redeliveryDelayMs,
  ZektError,
  type Clock,
  type ConsumeOptions,
  type Decide,
  type Handler,
  type Received,
} from '@zekt/core';
import { DiskUnavailableError } from './disk-trouble.ts';
import type { Messages } from './messages.ts';
import type { Performer } from './performer.ts';
import { RoomProbe } from './room-probe.ts';
import type { Entry } from './waiting-queue.ts';
import type { WriteQueue } from './write-queue.ts';

/** How long a message stays away when not even its failure could be written (ms). */
const awayMs = 60_000;
/** Whoever won has written by now, so a decision is asked for again at once, so many times. */
const promptTries = 2;

/** What is between a message that was claimed and its session's being free again. */
export class Delivery {
  readonly #writes: WriteQueue;
  readonly #messages: Messages;
  readonly #performer: Performer;
  readonly #clock: Clock;
  readonly #room: RoomProbe;

  constructor(writes: WriteQueue, messages: Messages, performer: Performer, clock: Clock) {
    this.#writes = writes;
    this.#messages = messages;
    this.#performer = performer;
    this.#clock = clock;
    this.#room = new RoomProbe(writes, performer);
  }

  /**
   * Never rejects: a message that can't even be put back is there when the process starts again. What the disk is to blame for does not count
   * as a try of the message, or a disk that is full for long would make dead letters. While nothing can be written nothing is handed out:
   * what came of it could not be kept, and a dispatch would go out with each try.
   */
  async deliver(entry: Entry, handler: Handler, onError: ConsumeOptions['onError']): Promise<void> {
    const { deliveries } = entry;
    try {
      if (this.#room.isDoubtful) await this.#room.check();
      if (entry.deliveries >= maxDeliveryCount) {
        await this.#bury(entry, `Handed out ${entry.deliveries} times; each time Zekt ended before it was handled.`);
        return;
      }
      await this.#count(entry);
      await this.#handOut(entry, handler, onError);
    } catch (error) {
      if (error instanceof DiskUnavailableError) {
        entry.deliveries = deliveries;
        this.#room.doubt();
      }
      this.#messages.putBack(entry, this.#clock.now() + awayMs);
    }
  }

  /**
   * Counts in memory; the file learns of it with the failure. What a start finds in the file is counted there before it is handed out, since
   * it may be what ended the process before: so a message that kills Zekt each time becomes a dead letter too.
   */
  async #count(entry: Entry): Promise<void> {
    if (!entry.isSuspect) {
      entry.deliveries += 1;
      return;
    }
    await this.#writes.write((transaction) => this.#messages.count(entry, transaction));
    entry.isSuspect = false;
  }

  async #handOut(entry: Entry, handler: Handler, onError: ConsumeOptions['onError']): Promise<void> {
    const { id, session, deliveries } = entry;
    const message: Received = { id, session, body: this.#messages.bodyOf(entry), deliveryCount: deliveries };
    try {
      await this.#decide(entry, await handler(message));
    } catch (error) {
      onError?.(error, message);
      if (error instanceof DiskUnavailableError) throw error;
      await this.#failed(entry, error);
    }
  }

  /** Does what was decided; asks again when somebody else wrote meanwhile. */
  async #decide(entry: Entry, decide: Decide): Promise<void> {
    for (let tries = 0; tries < maxDecisions; tries += 1) {
      const { settlement, ...work } = await decide();
      const { committed } = await this.#performer.perform(work, { entry, settlement });
      if (committed) return;
      if (tries >= promptTries) await this.#pause(conflictPauseMs(tries, Math.random));
    }
    throw new ZektError('unavailable', 'Too many writers at once for the same documents.');
  }

  async #failed(entry: Entry, error: unknown): Promise<void> {
    if (entry.deliveries >= maxDeliveryCount) {
      await this.#bury(entry, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      return;
    }
    const visibleAt = this.#clock.now() + redeliveryDelayMs(entry.deliveries);
    await this.#writes.write((transaction) => this.#messages.delay(entry, visibleAt, transaction));
  }

  async #bury(entry: Entry, reason: string): Promise<void> {
    await this.#performer.perform({}, { entry, settlement: { settle: 'deadLetter', reason } });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.at(this.#clock.now() + ms, resolve);
    });
  }
}
