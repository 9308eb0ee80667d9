import type { DatabaseSync } from 'node:sqlite';
import type { DeadLetter, Page, QueueName } from '@zekt/core';
import type { Claim, Results, TextMessage, TextSettlement } from './jobs.ts';

interface MessageRow {
  readonly seq: number;
  readonly id: string;
  readonly body: string;
  readonly deliveries: number;
}

interface DeadRow {
  readonly id: string;
  readonly session: string;
  readonly body: string;
  readonly reason: string;
  readonly dead_at: number;
  readonly deliveries: number;
}

/** Queues as rows, for reading. */
export class MessageReads {
  readonly #statements;

  constructor(database: DatabaseSync) {
    this.#statements = {
      graves: database.prepare(
        'SELECT * FROM dead_letters WHERE queue = :queue AND id > :after ORDER BY id LIMIT :limit',
      ),
      waiting: database.prepare('SELECT count(*) AS n FROM messages WHERE queue = :queue'),
      dead: database.prepare('SELECT count(*) AS n FROM dead_letters WHERE queue = :queue'),
    };
  }

  deadLetters(queue: QueueName, after: string, limit: number): Page<DeadLetter> {
    const rows = this.#statements.graves.all({ queue, after, limit: limit + 1 }) as unknown as DeadRow[];
    const items = rows.slice(0, limit).map(({ id, session, body, reason, dead_at, deliveries }) => ({
      queue,
      id,
      session,
      body: JSON.parse(body) as unknown,
      reason,
      deadAt: dead_at,
      deliveryCount: deliveries,
    }));
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  depth(queue: QueueName): { waiting: number; dead: number } {
    return {
      waiting: Number(this.#statements.waiting.get({ queue })?.n ?? 0),
      dead: Number(this.#statements.dead.get({ queue })?.n ?? 0),
    };
  }
}

/**
 * Queues as rows, for writing inside a transaction that somebody else opens. A session's row says when it may be claimed next: when its
 * head becomes visible, or when the lease on it ends. So a claim is a walk along one index, whatever the backlog.
 */
export class MessageWrites {
  readonly #statements;
  #lastLease = 0;

  constructor(database: DatabaseSync) {
    // Leases of a process that is gone: the lock on the directory says that nobody holds them.
    database.exec(
      `UPDATE sessions SET lease = 0, ready_at = (
         SELECT min(visible_at) FROM messages m WHERE m.queue = sessions.queue AND m.session = sessions.session
       ) WHERE lease <> 0`,
    );
    this.#statements = {
      insert: database.prepare(
        `INSERT INTO messages (queue, session, id, visible_at, deliveries, body) VALUES (:queue, :session, :id, :visibleAt, 0, :body)
         ON CONFLICT (queue, id) DO NOTHING`,
      ),
      announce: database.prepare(
        `INSERT INTO sessions (queue, session, ready_at) VALUES (:queue, :session, :readyAt)
         ON CONFLICT (queue, session) DO UPDATE SET ready_at = min(ready_at, excluded.ready_at) WHERE lease = 0`,
      ),
      ready: database.prepare(
        'SELECT session FROM sessions WHERE queue = :queue AND ready_at <= :now ORDER BY ready_at LIMIT :limit',
      ),
      nextReady: database.prepare('SELECT min(ready_at) AS at FROM sessions WHERE queue = :queue'),
      head: database.prepare(
        'SELECT seq, id, body, deliveries FROM messages WHERE queue = :queue AND session = :session AND visible_at <= :now ORDER BY visible_at, seq LIMIT 1',
      ),
      firstVisible: database.prepare(
        'SELECT visible_at FROM messages WHERE queue = :queue AND session = :session ORDER BY visible_at, seq LIMIT 1',
      ),
      count: database.prepare('UPDATE messages SET deliveries = deliveries + 1 WHERE seq = :seq'),
      lease: database.prepare(
        'UPDATE sessions SET lease = :lease, ready_at = :until WHERE queue = :queue AND session = :session',
      ),
      release: database.prepare(
        'UPDATE sessions SET lease = 0, ready_at = :readyAt WHERE queue = :queue AND session = :session',
      ),
      forget: database.prepare('DELETE FROM sessions WHERE queue = :queue AND session = :session'),
      holder: database.prepare('SELECT lease FROM sessions WHERE queue = :queue AND session = :session'),
      remove: database.prepare('DELETE FROM messages WHERE seq = :seq'),
      delay: database.prepare('UPDATE messages SET visible_at = :visibleAt WHERE seq = :seq'),
      renew: database.prepare(
        'UPDATE messages SET visible_at = :visibleAt, deliveries = 0, body = coalesce(:body, body) WHERE seq = :seq',
      ),
      bury: database.prepare(
        `INSERT OR REPLACE INTO dead_letters (queue, id, session, body, reason, dead_at, deliveries)
         SELECT queue, id, session, body, :reason, :now, deliveries FROM messages WHERE seq = :seq`,
      ),
      grave: database.prepare('SELECT * FROM dead_letters WHERE queue = :queue AND id = :id'),
      exhume: database.prepare('DELETE FROM dead_letters WHERE queue = :queue AND id = :id'),
    };
  }

  publish({ queue, id, session, body, notBefore = 0 }: TextMessage, now: number): void {
    const visibleAt = Math.max(Math.ceil(notBefore), now);
    const { changes } = this.#statements.insert.run({ queue, id, session, visibleAt, body });
    if (changes > 0) this.#statements.announce.run({ queue, session, readyAt: visibleAt });
  }

  /** Takes the heads of up to `limit` sessions that nobody holds, the longest waiting first. */
  claim(queue: QueueName, limit: number, leaseMs: number, now: number): Results['claim'] {
    const ready = this.#statements.ready.all({ queue, now, limit }) as unknown as { session: string }[];
    const claimed = ready.flatMap(({ session }) => {
      const head = this.#statements.head.get({ queue, session, now }) as MessageRow | undefined;
      if (!head) {
        this.#release(queue, session);
        return [];
      }
      const { seq, id, body, deliveries } = head;
      this.#lastLease += 1;
      const lease = this.#lastLease;
      this.#statements.count.run({ seq });
      this.#statements.lease.run({ queue, session, lease, until: now + leaseMs });
      return [{ queue, session, seq, lease, id, body, deliveryCount: deliveries + 1 }];
    });
    const at = this.#statements.nextReady.get({ queue })?.at;
    return { claimed, nextReadyAt: typeof at === 'number' ? at : null };
  }

  /** Of a message that is held. */
  settle(claim: Claim, settlement: TextSettlement, now: number): void {
    const { seq } = claim;
    switch (settlement.settle) {
      case 'complete':
        this.#statements.remove.run({ seq });
        break;
      case 'again':
        this.#statements.renew.run({ seq, visibleAt: Math.ceil(settlement.at), body: settlement.body });
        break;
      case 'deadLetter':
        this.#statements.bury.run({ seq, reason: settlement.reason, now });
        this.#statements.remove.run({ seq });
        break;
    }
    this.#release(claim.queue, claim.session);
  }

  /** The handler failed: back into the queue, visible later, its count kept. */
  delay(claim: Claim, visibleAt: number): boolean {
    if (!this.isHeld(claim)) return false;
    this.#statements.delay.run({ seq: claim.seq, visibleAt });
    this.#release(claim.queue, claim.session);
    return true;
  }

  revive(queue: QueueName, id: string, now: number): boolean {
    const row = this.#statements.grave.get({ queue, id }) as DeadRow | undefined;
    if (!row) return false;
    this.#statements.exhume.run({ queue, id });
    this.publish({ queue, id, session: row.session, body: row.body }, now);
    return true;
  }

  isHeld({ queue, session, lease }: Claim): boolean {
    return this.#statements.holder.get({ queue, session })?.lease === lease;
  }

  #release(queue: QueueName, session: string): void {
    const first = this.#statements.firstVisible.get({ queue, session })?.visible_at;
    if (typeof first === 'number') this.#statements.release.run({ queue, session, readyAt: first });
    else this.#statements.forget.run({ queue, session });
  }
}
