import { randomUUID } from 'node:crypto';
import type { ServiceBusClient, ServiceBusMessage, ServiceBusReceiver, ServiceBusSender } from '@azure/service-bus';
import {
  pauseAfterConflict,
  performDecision,
  performWork,
  type Bus,
  type BusMessage,
  type Clock,
  type CommitResult,
  type ConsumeOptions,
  type Consumer,
  type DeadLetter,
  type Effects,
  type Handler,
  type Log,
  type Page,
  type QueueName,
  type Work,
} from '@zekt/core';
import { collectBody } from './claim-check.ts';
import type { CosmosStore } from './cosmos-store.ts';
import { DeadLetters } from './dead-letters.ts';
import { toWire, type Parcel } from './envelope.ts';
import type { JournalWriter } from './journal-writer.ts';
import { peekAfter } from './sequence-number.ts';
import { SessionConsumer } from './session-consumer.ts';
import { workOn, type Verdict, type Workplace } from './work-on.ts';

export interface AzureBusOptions {
  readonly client: ServiceBusClient;
  /** For consumers: see SessionConsumer. */
  readonly acceptClient: ServiceBusClient;
  readonly store: Pick<CosmosStore, 'get' | 'commit' | 'pack' | 'lighten'>;
  /** The one of this process. */
  readonly journal: JournalWriter;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Counting stops here: it is done by looking at the messages, so that no right to manage the namespace is needed, and each look at so many
 * costs as many of the credits that Standard has a second.
 */
export const maxCounted = 250;

/** The bus port on Service Bus session queues. What it makes take effect goes without an outbox: somebody repeats it. */
export class AzureBus implements Bus {
  readonly #options: AzureBusOptions;
  readonly #effects: Effects;
  readonly #senders = new Map<QueueName, ServiceBusSender>();
  readonly #receivers = new Map<string, ServiceBusReceiver>();

  constructor(options: AzureBusOptions) {
    this.#options = options;
    const { store, journal } = options;
    this.#effects = {
      store,
      keep: (entries) => journal.keep(entries),
      publish: (messages) => this.publish(messages),
    };
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    await this.send(await this.#options.store.pack(messages));
  }

  commit(work: Work): Promise<CommitResult> {
    return this.#options.journal.during(() => performWork(this.#effects, work));
  }

  /** Sends what is packed already: to each queue in order, in as few requests as it fits. */
  async send(parcels: readonly Parcel[]): Promise<void> {
    const byQueue = Map.groupBy(parcels, ({ queue }) => queue);
    await Promise.all([...byQueue].map(([queue, own]) => this.#sendTo(queue, own.map(toWire))));
  }

  async #sendTo(queue: QueueName, messages: readonly ServiceBusMessage[]): Promise<void> {
    const sender = this.#senders.get(queue) ?? this.#options.client.createSender(queue);
    this.#senders.set(queue, sender);
    const [first] = messages;
    if (messages.length === 1 && first) {
      await sender.sendMessages(first);
      return;
    }
    let batch = await sender.createMessageBatch();
    for (const message of messages) {
      if (batch.tryAddMessage(message)) continue;
      await sender.sendMessages(batch);
      batch = await sender.createMessageBatch();
      if (!batch.tryAddMessage(message))
        throw new Error(`message ${String(message.messageId)} does not fit into a batch`);
    }
    await sender.sendMessages(batch);
  }

  consume(queue: QueueName, handler: Handler, { sessions, onError }: ConsumeOptions): Consumer {
    return new SessionConsumer({
      client: this.#options.acceptClient,
      queue,
      sessions,
      log: this.#options.log,
      work: (parcel, redeliveries) => this.#workOn(parcel, redeliveries, handler, onError),
    });
  }

  /**
   * One message that a Functions trigger has received: the host completes it when this resolves, and brings it again when it throws.
   * A trigger can't put a message into the dead-letter queue, so what is given up goes back as a condemned copy in a session of its own,
   * which is refused as often as the queue's maxDeliveryCount says; then the broker buries it, with its reason inside.
   *
   * @param deliveryCount as the broker counts: 1 at the first delivery
   * @throws Error for a condemned copy, every time
   */
  async handleTriggered(
    parcel: Parcel,
    deliveryCount: number,
    handler: Handler,
    onError?: ConsumeOptions['onError'],
  ): Promise<void> {
    if (parcel.condemned !== undefined) throw new Error(`given up: ${parcel.condemned}`);
    const verdict = await this.#workOn(parcel, deliveryCount - 1, handler, onError);
    if (verdict.kind !== 'dead') return;
    const { notBefore: _, ...rest } = parcel;
    await this.send([
      {
        ...rest,
        session: `condemned:${parcel.id}`,
        home: parcel.session,
        copy: parcel.copy + 1,
        failures: verdict.deliveryCount - 1,
        condemned: verdict.reason,
      },
    ]);
  }

  /** Works on a parcel, and sends its copy when it must come again. */
  async #workOn(
    parcel: Parcel,
    redeliveries: number,
    handler: Handler,
    onError: ConsumeOptions['onError'],
  ): Promise<Verdict> {
    const { clock, store, journal } = this.#options;
    const workplace: Workplace = {
      clock,
      collect: (reference) => collectBody(store, reference),
      perform: (decide) => performDecision(this.#effects, decide, pauseAfterConflict),
      onError,
    };
    const verdict = await journal.during(() => workOn(parcel, redeliveries, handler, workplace));
    if (verdict.kind === 'copy') await this.send([await store.lighten(verdict.parcel)]);
    return verdict;
  }

  async deadLetters(
    queue: QueueName,
    options: { readonly after?: string; readonly limit: number },
  ): Promise<Page<DeadLetter>> {
    return this.#graveyard(queue).list(options);
  }

  async revive(queue: QueueName, id: string): Promise<boolean> {
    return this.#graveyard(queue).take(id, (parcel) => this.#revive(parcel));
  }

  async reviveAll(queue: QueueName): Promise<number> {
    return this.#graveyard(queue).takeAll((parcel) => this.#revive(parcel));
  }

  async #revive({ condemned: _, notBefore: __, ...parcel }: Parcel): Promise<void> {
    const { home, ...rest } = parcel;
    // The series makes an id that duplicate detection has never seen.
    await this.send([{ ...rest, session: home ?? rest.session, failures: 0, copy: 0, series: `${randomUUID()}-` }]);
  }

  async depth(queue: QueueName): Promise<{ waiting: number; dead: number }> {
    const [waiting, dead] = await Promise.all([
      this.#receiver(queue).peekMessages(maxCounted, peekAfter(undefined)),
      this.#deadReceiver(queue).peekMessages(maxCounted, peekAfter(undefined)),
    ]);
    return { waiting: waiting.length, dead: dead.length };
  }

  /** For looking only: it never opens a link that receives, so the queue's sessions don't matter. */
  #receiver(queue: QueueName): ServiceBusReceiver {
    return this.#keep(queue, () => this.#options.client.createReceiver(queue));
  }

  #graveyard(queue: QueueName): DeadLetters {
    return new DeadLetters(queue, this.#deadReceiver(queue), this.#options.log);
  }

  #deadReceiver(queue: QueueName): ServiceBusReceiver {
    return this.#keep(`${queue}/dead`, () =>
      this.#options.client.createReceiver(queue, { subQueueType: 'deadLetter' }),
    );
  }

  #keep(name: string, create: () => ServiceBusReceiver): ServiceBusReceiver {
    const receiver = this.#receivers.get(name) ?? create();
    this.#receivers.set(name, receiver);
    return receiver;
  }
}
