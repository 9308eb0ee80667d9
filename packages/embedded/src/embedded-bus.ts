import {
  maxDeliveryCount,
  redeliveryDelayMs,
  type Bus,
  type BusMessage,
  type Clock,
  type ConsumeOptions,
  type Consumer,
  type DeadLetter,
  type Handler,
  type Page,
  type QueueName,
  type Received,
} from '@zekt/core';
import { toText, type Claimed, type TextSettlement } from './jobs.ts';
import type { MessageReads } from './message-table.ts';
import type { WriteQueue } from './write-queue.ts';

/** Longer than any handler may take: each of its steps has a time limit of its own. */
export const leaseMs = 5 * 60_000;

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
    await this.#writes.write('publish', { messages: messages.map(toText) });
    this.wake(messages);
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
    const settled = await this.#attempt(claimed, message, handler, onError);
    const written = settled();
    onHandled();
    // The store is closed or failing: the lease ends by itself, or with the process.
    await written.catch(() => undefined);
  }

  /** Runs the handler; what comes back writes what became of the message. */
  async #attempt(
    claim: Claimed,
    message: Received,
    handler: Handler,
    onError: ConsumeOptions['onError'],
  ): Promise<() => Promise<unknown>> {
    try {
      const settlement = await handler(message);
      const text: TextSettlement =
        settlement.settle === 'again'
          ? { ...settlement, body: settlement.body ? JSON.stringify(settlement.body) : null }
          : settlement;
      return () => this.#writes.write('settle', { claim, settlement: text });
    } catch (error) {
      onError?.(error, message);
      const { deliveryCount } = message;
      if (deliveryCount < maxDeliveryCount) {
        return () =>
          this.#writes.write('delay', { claim, visibleAt: this.#clock.now() + redeliveryDelayMs(deliveryCount) });
      }
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return () => this.#writes.write('settle', { claim, settlement: { settle: 'deadLetter', reason } });
    }
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
