import type {
  Bus,
  BusMessage,
  Clock,
  CommitResult,
  ConsumeOptions,
  Consumer,
  DeadLetter,
  Handler,
  Page,
  QueueName,
  Work,
} from '@zekt/core';
import { consume } from './consume.ts';
import { Delivery } from './delivery.ts';
import type { Messages } from './messages.ts';
import type { Performer } from './performer.ts';
import type { ReadySignal } from './ready-signal.ts';
import type { WriteQueue } from './write-queue.ts';

/** The bus port on the queues of one file. */
export class EmbeddedBus implements Bus {
  readonly #writes: WriteQueue;
  readonly #messages: Messages;
  readonly #performer: Performer;
  readonly #ready: ReadySignal;
  readonly #clock: Clock;
  readonly #delivery: Delivery;

  constructor(writes: WriteQueue, messages: Messages, performer: Performer, ready: ReadySignal, clock: Clock) {
    this.#writes = writes;
    this.#messages = messages;
    this.#performer = performer;
    this.#ready = ready;
    this.#clock = clock;
    this.#delivery = new Delivery(writes, messages, performer, clock);
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.#performer.perform({ messages });
  }

  async commit(work: Work): Promise<CommitResult> {
    return this.#performer.perform(work);
  }

  consume(name: QueueName, handler: Handler, { sessions, onError }: ConsumeOptions): Consumer {
    const source = { name, waiting: this.#messages.of(name), ready: this.#ready, clock: this.#clock };
    return consume(source, sessions, (entry) => this.#delivery.deliver(entry, handler, onError));
  }

  async deadLetters(
    queue: QueueName,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<Page<DeadLetter>> {
    await this.#writes.settled();
    return this.#messages.deadLetters(queue, after, limit);
  }

  async revive(queue: QueueName, id: string): Promise<boolean> {
    const now = this.#clock.now();
    return this.#writes.write((transaction) => this.#messages.revive(queue, id, now, transaction));
  }

  async reviveAll(queue: QueueName): Promise<number> {
    let revived = 0;
    for (;;) {
      const { items } = await this.deadLetters(queue, { limit: 100 });
      if (items.length === 0) return revived;
      const oldestFirst = items.toSorted((a, b) => a.deadAt - b.deadAt);
      for (const { id } of oldestFirst) if (await this.revive(queue, id)) revived += 1;
    }
  }

  async depth(queue: QueueName): Promise<{ waiting: number; dead: number }> {
    await this.#writes.settled();
    return { waiting: this.#messages.of(queue).size, dead: this.#messages.deadCount(queue) };
  }
}
