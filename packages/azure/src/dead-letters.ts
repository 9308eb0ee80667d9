import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { DeadLetter, Page, QueueName } from '@zekt/core';
import { fromWire, type Parcel } from './envelope.ts';
import { peekAfter } from './sequence-number.ts';

/** What a host that settles by itself leaves with a message that it gives up. */
export const deadAtProperty = 'zektDeadAt';
export const deliveryCountProperty = 'zektDeliveryCount';

const takeSize = 50;
const takeWaitMs = 1000;

/** The dead-letter queue of a queue. */
export class DeadLetters {
  readonly #queue: QueueName;
  readonly #receiver: ServiceBusReceiver;

  constructor(queue: QueueName, receiver: ServiceBusReceiver) {
    this.#queue = queue;
    this.#receiver = receiver;
  }

  /** Oldest first. `next` is the sequence number of the last. */
  async list({ after, limit }: { readonly after?: string; readonly limit: number }): Promise<Page<DeadLetter>> {
    const found: ServiceBusReceivedMessage[] = [];
    let place = after;
    // A page may be shorter than asked for without being the last.
    while (found.length <= limit) {
      const page = await this.#receiver.peekMessages(limit + 1 - found.length, peekAfter(place));
      const last = page.at(-1)?.sequenceNumber;
      if (!last) break;
      found.push(...page);
      place = last.toString();
    }
    const page = found.slice(0, limit);
    const next = found.length > limit ? (page.at(-1)?.sequenceNumber?.toString() ?? null) : null;
    return { items: page.map((message) => this.#describe(message)), next };
  }

  #describe(message: ServiceBusReceivedMessage): DeadLetter {
    const parcel = fromWire(message.body);
    const { [deadAtProperty]: deadAt, [deliveryCountProperty]: deliveryCount } = message.applicationProperties ?? {};
    return {
      queue: this.#queue,
      id: parcel?.id ?? String(message.messageId),
      session: parcel?.home ?? parcel?.session ?? message.sessionId ?? '',
      body: parcel ? (parcel.body ?? parcel.ref) : message.body,
      reason:
        parcel?.condemned ??
        message.deadLetterErrorDescription ??
        message.deadLetterReason ??
        'The broker gave no reason.',
      deadAt: typeof deadAt === 'number' ? deadAt : (message.enqueuedTimeUtc?.getTime() ?? 0),
      deliveryCount:
        typeof deliveryCount === 'number'
          ? deliveryCount
          : (parcel?.failures ?? 0) + (parcel?.condemned === undefined ? (message.deliveryCount ?? 0) : 1),
    };
  }

  /**
   * Takes a dead letter out once `use` has resolved. Service Bus has no way to one message of a queue: so all before it are locked for a
   * moment and then let go again, which a dead-letter queue does not count.
   *
   * @returns false when there is none of this id
   */
  async take(id: string, use: (parcel: Parcel) => Promise<void>): Promise<boolean> {
    const others: ServiceBusReceivedMessage[] = [];
    try {
      for (;;) {
        const batch = await this.#receiver.receiveMessages(takeSize, { maxWaitTimeInMs: takeWaitMs });
        if (batch.length === 0) return false;
        const wanted = batch.find(({ body }) => fromWire(body)?.id === id);
        others.push(...batch.filter((message) => message !== wanted));
        const parcel = wanted && fromWire(wanted.body);
        if (!wanted || !parcel) continue;
        await use(parcel);
        await this.#receiver.completeMessage(wanted);
        return true;
      }
    } finally {
      await Promise.allSettled(others.map((message) => this.#receiver.abandonMessage(message)));
    }
  }
}
