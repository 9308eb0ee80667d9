import type { BusMessage, Clock, DeadLetter, Page, QueueName, Settlement } from '@zekt/core';
import type { BodyBudget } from './body-budget.ts';
import { MessageTable } from './message-table.ts';
import type { Prepare } from './statements.ts';
import type { Transaction } from './transaction.ts';
import { WaitingQueue, type Entry } from './waiting-queue.ts';

/** A message whose body is JSON already. */
export type TextMessage = Omit<BusMessage, 'body'> & { readonly body: string };

export const toTextMessage = (message: BusMessage): TextMessage => ({ ...message, body: JSON.stringify(message.body) });

/**
 * The queues: each message a row in the file and an entry in memory. Rows are changed inside transactions; memory follows when these are
 * on disk, ids alone at once, so that two messages of one id never meet.
 */
export class Messages {
  readonly #table: MessageTable;
  readonly #budget: BodyBudget;
  readonly #clock: Clock;
  readonly #onReady: (queue: QueueName) => void;
  readonly #queues = new Map<QueueName, WaitingQueue>();
  #lastSeq = 0;

  /** Builds the queues from what is in the file. */
  constructor(prepare: Prepare, budget: BodyBudget, clock: Clock, onReady: (queue: QueueName) => void) {
    this.#table = new MessageTable(prepare);
    this.#budget = budget;
    this.#clock = clock;
    this.#onReady = onReady;
    for (const entry of this.#table.waiting()) {
      this.#lastSeq = entry.seq;
      const queue = this.of(entry.queue);
      queue.reserve(entry.id);
      queue.add(entry);
    }
  }

  of(name: QueueName): WaitingQueue {
    const known = this.#queues.get(name);
    if (known) return known;
    const queue = new WaitingQueue(() => this.#onReady(name));
    this.#queues.set(name, queue);
    return queue;
  }

  /** Of a message in the queue, whether it lies in memory or not. */
  bodyOf({ body, seq }: Entry): unknown {
    return JSON.parse(body ?? this.#table.body(seq));
  }

  publish({ queue: name, id, session, body, notBefore = 0 }: TextMessage, now: number, transaction: Transaction): void {
    const queue = this.of(name);
    if (!queue.reserve(id)) return;
    transaction.whenUndone(() => queue.forget(id));
    this.#lastSeq += 1;
    const entry: Entry = {
      queue: name,
      session,
      id,
      seq: this.#lastSeq,
      visibleAt: Math.max(Math.ceil(notBefore), now),
      deliveries: 0,
      body: null,
      isSuspect: false,
    };
    this.#table.insert(entry, body);
    transaction.whenDurable(() => {
      entry.body = this.#budget.take(name, body);
      queue.add(entry);
    });
  }

  /** What became of a message in hand. */
  settle(entry: Entry, settlement: Settlement, now: number, transaction: Transaction): void {
    switch (settlement.settle) {
      case 'complete':
        this.#table.remove(entry.seq);
        this.#leave(entry, transaction);
        break;
      case 'again':
        this.#renew(entry, settlement, transaction);
        break;
      case 'deadLetter':
        this.#table.bury(entry.seq, settlement.reason, now, entry.deliveries);
        this.#leave(entry, transaction);
        break;
    }
  }

  /** A message in hand was not handled: back into the queue, its count kept. */
  delay(entry: Entry, visibleAt: number, transaction: Transaction): void {
    this.#table.delay(entry.seq, visibleAt, entry.deliveries);
    transaction.whenDurable(() => this.putBack(entry, visibleAt));
  }

  /** In memory alone, for when nothing can be written. */
  putBack(entry: Entry, visibleAt: number): void {
    entry.visibleAt = visibleAt;
    this.of(entry.queue).add(entry);
    this.#free(entry);
  }

  /** Counts a delivery in the file before it happens. */
  count(entry: Entry, transaction: Transaction): void {
    this.#table.count(entry.seq, entry.deliveries + 1);
    transaction.whenDurable(() => (entry.deliveries += 1));
  }

  /** False when there is no dead letter of this id. */
  revive(queue: QueueName, id: string, now: number, transaction: Transaction): boolean {
    const dead = this.#table.exhume(queue, id);
    if (!dead) return false;
    this.publish({ queue, id, session: dead.session, body: dead.body }, now, transaction);
    return true;
  }

  deadLetters(queue: QueueName, after: string, limit: number): Page<DeadLetter> {
    const found = this.#table.deadLetters(queue, after, limit + 1);
    const items = found.slice(0, limit).map((dead) => ({ ...dead, body: JSON.parse(dead.body) as unknown }));
    return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  deadCount(queue: QueueName): number {
    return this.#table.deadCount(queue);
  }

  #renew(entry: Entry, { at, body }: Extract<Settlement, { settle: 'again' }>, transaction: Transaction): void {
    const visibleAt = Math.ceil(at);
    const text = body === undefined ? null : JSON.stringify(body);
    this.#table.renew(entry.seq, visibleAt, text);
    transaction.whenDurable(() => {
      if (text !== null) {
        this.#budget.give(entry.queue, entry.body);
        entry.body = this.#budget.take(entry.queue, text);
      }
      entry.deliveries = 0;
      this.putBack(entry, visibleAt);
    });
  }

  #leave(entry: Entry, transaction: Transaction): void {
    const queue = this.of(entry.queue);
    queue.forget(entry.id);
    transaction.whenUndone(() => queue.reserve(entry.id));
    transaction.whenDurable(() => {
      this.#budget.give(entry.queue, entry.body);
      this.#free(entry);
    });
  }

  #free({ queue, session }: Entry): void {
    this.of(queue).free(session, this.#clock.now());
  }
}
