import {
  checkBatch,
  conflictPauseMs,
  journalPage,
  maxDecisions,
  maxDeliveryCount,
  redeliveryDelayMs,
  ZektError,
  type Bus,
  type BusMessage,
  type Clock,
  type CommitResult,
  type ConsumeOptions,
  type Consumer,
  type DeadLetter,
  type Decide,
  type Handler,
  type JournalEntry,
  type Page,
  type QueueName,
  type Received,
  type Settlement,
  type Work,
  type Writes,
} from '@zekt/core';
import { toText, toTextBatch, type Claimed, type Jobs, type Results, type TextSettlement } from './jobs.ts';
import type { MessageReads } from './message-table.ts';
import type { WriteQueue } from './write-queue.ts';

/** Longer than any handler may take: each of its steps has a time limit of its own. */
export const leaseMs = 5 * 60_000;

const pagesOf = ([first, ...rest]: readonly JournalEntry[]): Writes[] => (first ? [journalPage([first, ...rest])] : []);
const toTextSettlement = (settlement: Settlement): TextSettlement =>
  settlement.settle === 'again'
    ? { ...settlement, body: settlement.body ? JSON.stringify(settlement.body) : null }
    : settlement;

/** The bus port on the message table. Claims and settlements share their transactions with everything else. */
export class EmbeddedBus implements Bus {
  readonly #writes: WriteQueue;
  readonly #messages: MessageReads;
  readonly #clock: Clock;
  readonly #pumps = new Map<QueueName, Set<() => void>>();

  constructor(writes: WriteQueue, messages: MessageReads, clock: Clock) {
    this.#writes = writes;
    this.#messages = messages;
    this.#clock = clock;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.perform([], messages);
  }

  async commit({ batches = [], journal = [], messages = [] }: Work): Promise<CommitResult> {
    return this.perform([...batches, ...pagesOf(journal)], messages);
  }

  /** All or nothing, without a message in hand. */
  async perform(batches: readonly Writes[], messages: readonly BusMessage[]): Promise<CommitResult> {
    const result = await this.#write({ batches, messages }, null);
    return result ?? { committed: true, etags: {} };
  }

  async #write({ batches = [], messages = [] }: Work, settles: Jobs['work']['settles']): Promise<Results['work']> {
    batches.forEach(checkBatch);
    const result = await this.#writes.write('work', {
      batches: batches.map(toTextBatch),
      messages: messages.map(toText),
      settles,
    });
    if (result?.committed && messages.length > 0) this.wake(messages);
    return result;
  }

  /** Tells consumers that these messages are committed. */
  wake(messages: readonly BusMessage[]): void {
    for (const queue of new Set(messages.map((message) => message.queue)))
      this.#pumps.get(queue)?.forEach((pump) => pump());
  }

  consume(queue: QueueName, handler: Handler, { sessions, onError }: ConsumeOptions): Consumer {
    const inHand = new Set<Promise<void>>();
    let busy = 0;
    let isStopped = false;
    let claiming: Promise<void> | null = null;
    let isAskedAgain = false;
    let cancelTimer: (() => void) | null = null;

    const pump = (): void => {
      if (isStopped || busy >= sessions) return;
      isAskedAgain = claiming !== null;
      claiming ??= claim(sessions - busy);
    };

    const claim = async (limit: number): Promise<void> => {
      cancelTimer?.();
      try {
        const { claimed, nextReadyAt } = await this.#writes.write('claim', { queue, limit, leaseMs });
        claiming = null;
        // Claimed while being stopped: somebody else may have them at once.
        if (isStopped)
          await Promise.all(
            claimed.map((it) => this.#writes.write('delay', { claim: it, visibleAt: this.#clock.now() })),
          );
        else claimed.forEach(start);
        if (claimed.length === limit || isAskedAgain) pump();
        else wakeAt(nextReadyAt);
      } catch {
        // The store is closed or failing.
        claiming = null;
        wakeAt(this.#clock.now() + 1000);
      }
    };

    /** When the next session becomes ready; a publication wakes earlier. */
    const wakeAt = (atMs: number | null): void => {
      cancelTimer = isStopped || atMs === null ? null : this.#clock.at(atMs, pump);
    };

    const start = (message: Claimed): void => {
      busy += 1;
      const work = this.#handle(message, handler, onError, () => {
        busy -= 1;
        // In the same batch as the settlement, so that the session's next message follows at once.
        pump();
      }).finally(() => inHand.delete(work));
      inHand.add(work);
    };

    const pumps = this.#pumps.get(queue) ?? new Set();
    this.#pumps.set(queue, pumps.add(pump));
    pump();
    return {
      stop: async () => {
        isStopped = true;
        pumps.delete(pump);
        cancelTimer?.();
        await claiming;
        while (inHand.size > 0) await Promise.all(inHand);
      },
    };
  }

  async #handle(
    claimed: Claimed,
    handler: Handler,
    onError: ConsumeOptions['onError'],
    onHandled: () => void,
  ): Promise<void> {
    const { body, ...rest } = claimed;
    const message: Received = { ...rest, body: JSON.parse(body) as unknown };
    const { deliveryCount } = message;
    try {
      await this.#decide(claimed, await handler(message), onHandled);
    } catch (error) {
      onError?.(error, message);
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const written =
        deliveryCount < maxDeliveryCount
          ? this.#writes.write('delay', {
              claim: claimed,
              visibleAt: this.#clock.now() + redeliveryDelayMs(deliveryCount),
            })
          : this.#write({}, { claim: claimed, settlement: { settle: 'deadLetter', reason } });
      onHandled();
      // The store is closed or failing: the lease ends by itself, or with the process.
      await written.catch(() => undefined);
    }
  }

  /** Does what was decided, in one transaction; asks again when somebody else wrote meanwhile. */
  async #decide(claim: Claimed, decide: Decide, onHandled: () => void): Promise<void> {
    for (let tries = 0; tries < maxDecisions; tries += 1) {
      const { settlement, journal = [], batches = [], ...rest } = await decide();
      const written = this.#write(
        { ...rest, batches: [...batches, ...pagesOf(journal)] },
        { claim, settlement: toTextSettlement(settlement) },
      );
      const result = await written;
      if (result?.committed !== false) {
        onHandled();
        return;
      }
      await this.#pause(tries);
    }
    throw new ZektError('unavailable', 'Too many writers at once for the same documents.');
  }

  /** Whoever won has written by now, so the first repetitions follow at once. */
  #pause(tries: number): Promise<void> {
    if (tries < 2) return Promise.resolve();
    return new Promise((resolve) => {
      this.#clock.at(this.#clock.now() + conflictPauseMs(tries, Math.random), resolve);
    });
  }

  async deadLetters(
    queue: QueueName,
    { after = '', limit }: { after?: string; limit: number },
  ): Promise<Page<DeadLetter>> {
    return this.#messages.deadLetters(queue, after, limit);
  }

  async revive(queue: QueueName, id: string): Promise<boolean> {
    const revived = await this.#writes.write('revive', { queue, id });
    this.#pumps.get(queue)?.forEach((pump) => pump());
    return revived;
  }

  async depth(queue: QueueName): Promise<{ waiting: number; dead: number }> {
    return this.#messages.depth(queue);
  }
}
