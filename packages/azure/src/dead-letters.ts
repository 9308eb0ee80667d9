import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import type { DeadLetter, Log, Page, QueueName } from '@zekt/core';
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
  readonly #log: Log;

  constructor(queue: QueueName, receiver: ServiceBusReceiver, log: Log) {
    this.#queue = queue;
    this.#receiver = receiver;
    this.#log = log;
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

  /**
   * Takes out all that are there, oldest first, each once `use` has resolved for it. One that can't be used stays, and so does what is no
   * message of Zekt's.
   *
   * @returns how many were taken
   */
  async takeAll(use: (parcel: Parcel) => Promise<void>): Promise<number> {
    const left: ServiceBusReceivedMessage[] = [];
    // One that dies again meanwhile, and one whose lock ran out, is not for this time.
    const seen = new Set<string>();
    let taken = 0;
    try {
      for (;;) {
        const batch = await this.#receiver.receiveMessages(takeSize, { maxWaitTimeInMs: takeWaitMs });
        if (batch.length === 0) return taken;
        const isNew = batch.map(({ body, messageId }) => {
          const name = fromWire(body)?.id ?? String(messageId);
          const isFirst = !seen.has(name);
          seen.add(name);
          return isFirst;
        });
        if (!isNew.includes(true)) {
          left.push(...batch);
          return taken;
        }
        for (const [index, message] of batch.entries()) {
          const isTaken = isNew[index] === true && (await this.#takeOne(message, use));
          if (isTaken) taken += 1;
          else left.push(message);
        }
      }
    } finally {
      await Promise.allSettled(left.map((message) => this.#receiver.abandonMessage(message)));
    }
  }

  async #takeOne(message: ServiceBusReceivedMessage, use: (parcel: Parcel) => Promise<void>): Promise<boolean> {
    const parcel = fromWire(message.body);
    if (!parcel) return false;
    try {
      await use(parcel);
      await this.#receiver.completeMessage(message);
      return true;
    } catch (error) {
      this.#log.warn({ queue: this.#queue, messageId: parcel.id, err: error }, 'a dead letter could not be put back');
      return false;
    }
  }
}
