import { randomBytes, randomUUID } from 'node:crypto';
import type { AmqpError } from 'rhea';
import { codec, wrap, type AmqpMessage, type BrokerSender, type BrokerSession } from './rhea.ts';
import type { Traffic } from './traffic.ts';
import { amqpError, messageLockLost, quotaExceeded, sessionLockLost, toMs } from './wire.ts';

export interface QueueOptions {
  readonly requiresSession?: boolean;
  /** @default 30000 */
  readonly lockMs?: number;
  /** @default 10 */
  readonly maxDeliveryCount?: number;
  /** How long a message id is remembered. 0, the default: no duplicate detection. */
  readonly duplicateWindowMs?: number;
  /** What all its messages together may take. @default Infinity */
  readonly maxSizeBytes?: number;
}

/** Time for schedules and duplicates. Locks run on real time, because the SDK renews them by its own timers. */
export interface BrokerClock {
  now(): number;
  at(atMs: number, callback: () => void): () => void;
}

export interface StoredMessage {
  readonly sequence: number;
  readonly message: AmqpMessage;
  readonly source: string | null;
  enqueuedAt: number;
  deliveryCount: number;
  isScheduled: boolean;
  lock: { readonly token: Buffer; readonly consumer: Consumer; until: number; timer: NodeJS.Timeout | null } | null;
}

interface LockedSession {
  readonly id: string;
  owner: Consumer;
  until: number;
  timer: NodeJS.Timeout;
}

/** A link that receives from a queue. */
export interface Consumer {
  readonly link: BrokerSender;
  readonly queue: Queue;
  /** Messages are gone when they are sent. */
  readonly deletes: boolean;
  session: LockedSession | null;
  isDraining: boolean;
}

/** A link that waits for the next free session. */
export interface SessionWaiter {
  readonly link: BrokerSender;
  readonly grant: (sessionId: string) => void;
  /** There is none in time. */
  readonly refuse: () => void;
}

const deadLetterSuffix = '/$deadletterqueue';
const settled = { complete: 'completed', abandon: 'abandoned', deadLetter: 'deadLettered' } as const;

/** One queue with its dead-letter queue: messages, locks, sessions. */
export class Queue {
  readonly name: string;
  readonly requiresSession: boolean;
  readonly deadLetters: Queue | null;
  readonly consumers = new Set<Consumer>();
  readonly waiters = new Set<SessionWaiter>();
  /** A link may wait for a session no longer, whatever it asks for. */
  longestWaitMs = Infinity;
  readonly #options: Required<QueueOptions>;
  readonly #clock: BrokerClock;
  readonly #traffic: Traffic;
  readonly #messages = new Map<number, StoredMessage>();
  /** What can be delivered, by session, in order; one list for a queue without sessions. */
  readonly #ready = new Map<string, StoredMessage[]>();
  readonly #locked = new Map<string, StoredMessage>();
  readonly #sessions = new Map<string, LockedSession>();
  readonly #seen = new Map<string, number>();
  #sequence = 0;
  #isPumpDue = false;

  constructor(name: string, options: QueueOptions, clock: BrokerClock, traffic: Traffic, isDeadLetterQueue = false) {
    this.name = name;
    this.#traffic = traffic;
    this.#options = {
      requiresSession: false,
      lockMs: 30_000,
      maxDeliveryCount: 10,
      duplicateWindowMs: 0,
      maxSizeBytes: Infinity,
      ...options,
    };
    this.requiresSession = this.#options.requiresSession;
    this.#clock = clock;
    this.deadLetters = isDeadLetterQueue
      ? null
      : new Queue(
          `${name}${deadLetterSuffix}`,
          { lockMs: this.#options.lockMs, maxDeliveryCount: Infinity },
          clock,
          traffic,
          true,
        );
  }

  /** @throws AmqpError when Azure would refuse it */
  enqueue(message: AmqpMessage, source: string | null = null): void {
    // The SDK's lock renewal needs an id.
    const id = (message.message_id ??= randomUUID());
    if (this.requiresSession && message.group_id === undefined) {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- AMQP's own shape of an error
      throw amqpError('amqp:not-allowed', 'The SessionId was not set on a message sent to a session-enabled entity.');
    }
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- AMQP's own shape of an error
    if (source === null && this.#isFull()) throw quotaExceeded(this.name);
    if (this.#isDuplicate(id)) return;
    this.#sequence += 1;
    const annotated = message.message_annotations?.['x-opt-scheduled-enqueue-time'];
    const at = annotated === undefined || source !== null ? 0 : toMs(annotated);
    const stored: StoredMessage = {
      sequence: this.#sequence,
      message,
      source,
      enqueuedAt: this.#clock.now(),
      deliveryCount: 0,
      isScheduled: at > this.#clock.now(),
      lock: null,
    };
    this.#messages.set(stored.sequence, stored);
    if (!stored.isScheduled) this.#makeReady(stored);
    else
      this.#clock.at(at, () => {
        stored.isScheduled = false;
        stored.enqueuedAt = this.#clock.now();
        this.#makeReady(stored);
      });
  }

  /** Only measured where there is a limit: encoding takes a while. */
  #isFull(): boolean {
    const { maxSizeBytes } = this.#options;
    if (maxSizeBytes === Infinity) return false;
    const sizes = [...this.#messages.values()].map(({ message }) => codec.encode(message).length);
    return sizes.reduce((sum, size) => sum + size, 0) >= maxSizeBytes;
  }

  #isDuplicate(id: string): boolean {
    const { duplicateWindowMs } = this.#options;
    if (duplicateWindowMs === 0) return false;
    const now = this.#clock.now();
    for (const [known, at] of this.#seen) {
      if (now - at < duplicateWindowMs) break;
      this.#seen.delete(known);
    }
    if (this.#seen.has(id)) return true;
    this.#seen.set(id, now);
    return false;
  }

  #lane({ message }: StoredMessage): StoredMessage[] {
    const key = this.requiresSession ? String(message.group_id) : '';
    const lane = this.#ready.get(key) ?? [];
    this.#ready.set(key, lane);
    return lane;
  }

  #makeReady(stored: StoredMessage): void {
    const lane = this.#lane(stored);
    // What was given back goes to where it was; what was scheduled counts from when it became visible.
    const position = lane.findIndex(
      (other) =>
        other.enqueuedAt > stored.enqueuedAt ||
        (other.enqueuedAt === stored.enqueuedAt && other.sequence > stored.sequence),
    );
    lane.splice(position < 0 ? lane.length : position, 0, stored);
    this.pumpSoon();
  }

  #remove(stored: StoredMessage): void {
    this.#unlock(stored);
    this.#messages.delete(stored.sequence);
    const lane = this.#lane(stored);
    const position = lane.indexOf(stored);
    if (position >= 0) lane.splice(position, 1);
    if (lane.length === 0) this.#ready.delete(this.requiresSession ? String(stored.message.group_id) : '');
  }

  #lock(stored: StoredMessage, consumer: Consumer): Buffer {
    const token = randomBytes(16);
    stored.lock = { token, consumer, until: consumer.session?.until ?? 0, timer: null };
    this.#locked.set(token.toString('hex'), stored);
    if (!consumer.session) this.#arm(stored);
    return token;
  }

  #arm(stored: StoredMessage): number {
    const { lock } = stored;
    if (!lock) return 0;
    if (lock.timer) clearTimeout(lock.timer);
    lock.until = Date.now() + this.#options.lockMs;
    lock.timer = setTimeout(() => this.#giveBack(stored), this.#options.lockMs).unref();
    return lock.until;
  }

  #unlock(stored: StoredMessage): void {
    if (!stored.lock) return;
    if (stored.lock.timer) clearTimeout(stored.lock.timer);
    this.#locked.delete(stored.lock.token.toString('hex'));
    stored.lock = null;
  }

  #giveBack(stored: StoredMessage): void {
    this.#unlock(stored);
    stored.deliveryCount += 1;
    const { maxDeliveryCount } = this.#options;
    if (stored.deliveryCount < maxDeliveryCount) this.#makeReady(stored);
    else {
      this.#bury(stored, {
        DeadLetterReason: 'MaxDeliveryCountExceeded',
        DeadLetterErrorDescription: `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`,
      });
    }
  }

  #bury(stored: StoredMessage, why: Readonly<Record<string, unknown>>): void {
    this.#remove(stored);
    const properties = { ...stored.message.application_properties, ...why };
    this.deadLetters?.enqueue({ ...stored.message, application_properties: properties }, this.name);
  }

  /** Renews the lock of a message; null when it is lost. */
  renewLock(token: Buffer): number | null {
    const stored = this.#locked.get(token.toString('hex'));
    return stored ? this.#arm(stored) : null;
  }

  /**
   * @param why reason, description and other properties for the dead letter
   * @returns the AMQP error when the lock is lost
   */
  settle(
    token: Buffer,
    outcome: 'complete' | 'abandon' | 'deadLetter',
    why: Readonly<Record<string, unknown>> = {},
  ): AmqpError | null {
    const stored = this.#locked.get(token.toString('hex'));
    if (!stored) return this.requiresSession ? sessionLockLost : messageLockLost;
    this.#traffic.add(this.name, settled[outcome]);
    if (outcome === 'complete') this.#remove(stored);
    else if (outcome === 'abandon') this.#giveBack(stored);
    else this.#bury(stored, why);
    return null;
  }

  /** From a sequence number on: scheduled and locked ones too. */
  peek(from: number, limit: number, sessionId: string | null): StoredMessage[] {
    const found = [...this.#messages.values()]
      .filter(({ sequence, message }) => sequence >= from && (sessionId === null || message.group_id === sessionId))
      .slice(0, limit);
    this.#traffic.add(this.name, 'peeked', found.length);
    return found;
  }

  encode(stored: StoredMessage): Buffer {
    return codec.encode({
      ...stored.message,
      delivery_count: stored.deliveryCount,
      message_annotations: {
        ...stored.message.message_annotations,
        'x-opt-sequence-number': wrap.wrap_long(stored.sequence),
        'x-opt-enqueue-sequence-number': wrap.wrap_long(stored.sequence),
        'x-opt-enqueued-time': wrap.wrap_timestamp(stored.enqueuedAt),
        'x-opt-message-state': wrap.wrap_int(stored.isScheduled ? 2 : 0),
        ...(stored.lock && { 'x-opt-locked-until': wrap.wrap_timestamp(stored.lock.until) }),
        ...(stored.source !== null && { 'x-opt-deadletter-source': stored.source }),
      },
    });
  }

  // Sessions

  isFree(sessionId: string): boolean {
    return !this.#sessions.has(sessionId);
  }

  takeSession(id: string, consumer: Consumer): LockedSession {
    const session: LockedSession = { id, owner: consumer, until: 0, timer: setTimeout(() => undefined, 0) };
    this.#sessions.set(id, session);
    this.#traffic.add(this.name, 'sessions');
    consumer.session = session;
    this.#armSession(session);
    return session;
  }

  #armSession(session: LockedSession): number {
    clearTimeout(session.timer);
    session.until = Date.now() + this.#options.lockMs;
    session.timer = setTimeout(() => this.releaseSession(session.owner, true), this.#options.lockMs).unref();
    return session.until;
  }

  renewSession(id: string): number | null {
    const session = this.#sessions.get(id);
    return session ? this.#armSession(session) : null;
  }

  /** The link was closed, or (`isLost`) its lock has run out: then the link is told. */
  releaseSession(consumer: Consumer, isLost: boolean): void {
    const { session } = consumer;
    if (!session || this.#sessions.get(session.id) !== session) return;
    clearTimeout(session.timer);
    this.#sessions.delete(session.id);
    for (const stored of [...this.#locked.values()]) if (stored.lock?.consumer === consumer) this.#giveBack(stored);
    if (isLost) {
      this.consumers.delete(consumer);
      consumer.link.close(sessionLockLost);
    }
    this.pumpSoon();
  }

  /** As if all locks had run out now. */
  loseLocks(): void {
    for (const session of [...this.#sessions.values()]) this.releaseSession(session.owner, true);
    for (const stored of [...this.#locked.values()]) this.#giveBack(stored);
  }

  /** Whoever waits for a session is told that there is none; from now on nobody waits for more than a moment. */
  hasten(): void {
    this.longestWaitMs = 10;
    for (const waiter of [...this.waiters]) waiter.refuse();
  }

  /** A link is gone. Locks without a session stay until they run out, as with Azure. */
  leave(consumer: Consumer): void {
    if (this.consumers.delete(consumer)) this.releaseSession(consumer, false);
  }

  // Delivery

  pumpSoon(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    setImmediate(() => {
      this.#isPumpDue = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.requiresSession) this.#grantSessions();
    let hasMoved = true;
    // In turns, so that no consumer takes all.
    while (hasMoved) {
      hasMoved = false;
      for (const consumer of this.consumers) if (this.#sendOne(consumer)) hasMoved = true;
    }
    for (const consumer of this.consumers) if (consumer.isDraining) drain(consumer);
  }

  #grantSessions(): void {
    for (const [id, lane] of [...this.#ready]) {
      const [waiter] = this.waiters;
      if (!waiter) return;
      if (lane.length === 0 || !this.isFree(id)) continue;
      this.waiters.delete(waiter);
      waiter.grant(id);
      // In turns: this session comes last the next time.
      this.#ready.delete(id);
      this.#ready.set(id, lane);
    }
  }

  #sendOne(consumer: Consumer): boolean {
    const { link, session, deletes } = consumer;
    const { outgoing } = link.session as BrokerSession;
    const queued = outgoing.next_delivery_id - outgoing.next_pending_delivery;
    // Never more than the credit: rhea's queue is shared by all links of an AMQP session.
    if (!link.is_open() || link.credit - queued <= 0 || !outgoing.available()) return false;
    const stored = this.#ready.get(session?.id ?? '')?.shift();
    if (!stored) return false;
    this.#traffic.add(this.name, 'received');
    if (deletes) {
      const bytes = this.encode(stored);
      this.#remove(stored);
      link.send(bytes, randomBytes(16), 0);
    } else {
      const token = this.#lock(stored, consumer);
      link.send(this.encode(stored), token, 0);
    }
    return true;
  }
}

/** Answers a drain request even without credit left: otherwise the SDK waits and closes the link. */
function drain(consumer: Consumer): void {
  consumer.isDraining = false;
  setImmediate(() => {
    const { link } = consumer;
    if (!link.is_open()) return;
    link._draining = true;
    link.set_drained(true);
    (link.connection as unknown as { _register(): void })._register();
  });
}
