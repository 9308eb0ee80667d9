import type { QueueName } from '@zekt/core';
import { Heap } from './heap.ts';

/** A message in the queue, as it lies in memory. */
export interface Entry {
  readonly queue: QueueName;
  readonly session: string;
  readonly id: string;
  /** Its row; messages that become visible at the same time are handled in this order. */
  readonly seq: number;
  /** Milliseconds. */
  visibleAt: number;
  /** How often it was handed out since it was published or came again. */
  deliveries: number;
  /** JSON; null: in the file only. */
  body: string | null;
  /** It was there when the process started: the one before may have ended because of it. */
  isSuspect: boolean;
}

interface Session {
  readonly name: string;
  readonly entries: Heap<Entry>;
  isHeld: boolean;
  /** Of the last offer: earlier ones are void. */
  ticket: number;
}

interface Offer {
  readonly session: Session;
  readonly at: number;
  readonly ticket: number;
  /** Of sessions that are ready at the same time, the one that was offered first comes first. */
  readonly order: number;
}

const isEntryBefore = (a: Entry, b: Entry): boolean =>
  a.visibleAt < b.visibleAt || (a.visibleAt === b.visibleAt && a.seq < b.seq);
const isOfferBefore = (a: Offer, b: Offer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/**
 * The messages of one queue in memory, by session, and the sessions by the time from which their heads can be handed out. One process owns
 * the directory, so nobody else needs to know who holds a session.
 */
export class WaitingQueue {
  readonly #ids = new Set<string>();
  readonly #sessions = new Map<string, Session>();
  readonly #offers = new Heap<Offer>(isOfferBefore);
  readonly #onReady: () => void;
  #order = 0;

  /** @param onReady told that something may be claimed, now or later */
  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  /** Messages in the queue, those in hand included. */
  get size(): number {
    return this.#ids.size;
  }

  /** False when there is a message of this id. */
  reserve(id: string): boolean {
    const { size } = this.#ids;
    return this.#ids.add(id).size > size;
  }

  forget(id: string): void {
    this.#ids.delete(id);
  }

  /** Adds a message whose id is reserved. */
  add(entry: Entry): void {
    const session = this.#sessions.get(entry.session) ?? this.#open(entry.session);
    session.entries.push(entry);
    if (!session.isHeld && session.entries.peek() === entry) this.#offer(session, entry.visibleAt);
  }

  /** The head of the session that has been ready for longest. The session is held until it is freed. */
  claim(now: number): Entry | null {
    for (let offer = this.#firstOffer(); offer !== undefined && offer.at <= now; offer = this.#firstOffer()) {
      this.#offers.pop();
      const entry = offer.session.entries.pop();
      if (!entry) continue;
      offer.session.isHeld = true;
      return entry;
    }
    return null;
  }

  /** Lets go of a session; whoever waits for longer than its next message comes first. */
  free(name: string, now: number): void {
    const session = this.#sessions.get(name);
    if (!session) return;
    session.isHeld = false;
    const head = session.entries.peek();
    if (head) this.#offer(session, Math.max(head.visibleAt, now));
    else this.#sessions.delete(name);
  }

  /** When something can be claimed (ms), or null while there is nothing. */
  nextAt(): number | null {
    return this.#firstOffer()?.at ?? null;
  }

  #open(name: string): Session {
    const session = { name, entries: new Heap(isEntryBefore), isHeld: false, ticket: 0 };
    this.#sessions.set(name, session);
    return session;
  }

  #offer(session: Session, at: number): void {
    session.ticket += 1;
    this.#order += 1;
    this.#offers.push({ session, at, ticket: session.ticket, order: this.#order });
    this.#onReady();
  }

  /** Those before it that are void are dropped. */
  #firstOffer(): Offer | undefined {
    for (;;) {
      const offer = this.#offers.peek();
      if (!offer || (!offer.session.isHeld && offer.session.ticket === offer.ticket)) return offer;
      this.#offers.pop();
    }
  }
}
