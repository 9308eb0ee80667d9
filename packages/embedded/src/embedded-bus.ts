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
} from '@zekt/core';
import type { GroupCommit } from './group-commit.ts';
import type { Claimed, MessageTable } from './message-table.ts';

/** Longer than any handler may take: each of its steps has a time limit of its own. */
export const leaseMs = 5 * 60_000;

/** The bus port on the message table. Claims and settlements share the group commit with everything else. */
export class EmbeddedBus implements Bus {
  readonly #commits: GroupCommit;
  readonly #table: MessageTable;
  readonly #clock: Clock;
  readonly #pumps = new Map<QueueName, Set<() => void>>();

  constructor(commits: GroupCommit, table: MessageTable, clock: Clock) {
    this.#commits = commits;
    this.#table = table;
    this.#clock = clock;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.#commits.write(() => messages.forEach((message) => this.#table.publish(message)));
    this.wake(messages);
  }

  /** Tells consumers that these messages are committed. */
  wake(messages: readonly BusMessage[]): void {
    for (const queue of new Set(messages.map((message) => message.queue)))
      this.#pumps.get(queue)?.forEach((pump) => pump());
  }

  consume(queue: QueueName, handler: Handler, { sessions, onError }: ConsumeOptions): Consumer {
    const inHand = new Set<Promise<void>>();
    let isStopped = false;
    let isClaiming = false;
    let isAskedAgain = false;
    let cancelTimer: (() => void) | null = null;

    const pump = (): void => {
      if (isStopped || inHand.size >= sessions) return;
      if (isClaiming) {
        isAskedAgain = true;
        return;
      }
      isClaiming = true;
      isAskedAgain = false;
      const room = sessions - inHand.size;
      void this.#commits
        .write(() => (isStopped ? [] : this.#table.claim(queue, room, leaseMs)))
        .then((claimed) => {
          isClaiming = false;
          for (const message of claimed) start(message);
          if (claimed.length === room || isAskedAgain) pump();
          else sleep();
        })
        .catch(() => {
          isClaiming = false;
          if (!isStopped) cancelTimer = this.#clock.at(this.#clock.now() + 1000, pump);
        });
    };

    /** Until the next session becomes ready; a publication wakes earlier. */
    const sleep = (): void => {
      cancelTimer?.();
      const at = isStopped ? null : this.#table.nextReadyAt(queue);
      cancelTimer = at === null ? null : this.#clock.at(at, pump);
    };

    const start = (message: Claimed): void => {
      const work = this.#handle(message, handler, onError).finally(() => {
        inHand.delete(work);
        pump();
      });
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
        while (inHand.size > 0) await Promise.all(inHand);
      },
    };
  }

  async #handle(message: Claimed, handler: Handler, onError: ConsumeOptions['onError']): Promise<void> {
    try {
      const settlement = await handler(message);
      await this.#commits.writeLater(() => this.#table.settle(message, settlement));
    } catch (error) {
      onError?.(error, message);
      const { deliveryCount } = message;
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      await this.#commits
        .write(() =>
          deliveryCount >= maxDeliveryCount
            ? this.#table.settle(message, { settle: 'deadLetter', reason })
            : this.#table.delay(message, this.#clock.now() + redeliveryDelayMs(deliveryCount)),
        )
        // The store is closed or failing: the lease ends by itself, or with the process.
        .catch(() => undefined);
    }
  }

  async deadLetters(
    queue: QueueName,
    { after = '', limit }: { after?: string; limit: number },
  ): Promise<Page<DeadLetter>> {
    return this.#table.deadLetters(queue, after, limit);
  }

  async revive(queue: QueueName, id: string): Promise<boolean> {
    const revived = await this.#commits.write(() => this.#table.revive(queue, id));
    this.#pumps.get(queue)?.forEach((pump) => pump());
    return revived;
  }

  async depth(queue: QueueName): Promise<{ waiting: number; dead: number }> {
    return this.#table.depth(queue);
  }
}
