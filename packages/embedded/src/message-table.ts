import type { DeadLetter, QueueName } from '@zekt/core';
import type { Prepare, Row, Statement } from './statements.ts';
import type { Entry } from './waiting-queue.ts';

/** A dead letter as it is in the file; its body is JSON. */
export type DeadText = Omit<DeadLetter, 'body'> & { readonly body: string };

/** Messages and dead letters as rows. */
export class MessageTable {
  readonly #waiting: Statement;
  readonly #insert: Statement;
  readonly #body: Statement;
  readonly #remove: Statement;
  readonly #delay: Statement;
  readonly #renew: Statement;
  readonly #count: Statement;
  readonly #bury: Statement;
  readonly #graves: Statement;
  readonly #grave: Statement;
  readonly #exhume: Statement;
  readonly #dead: Statement;

  constructor(prepare: Prepare) {
    this.#waiting = prepare('SELECT seq, queue, session, id, visible_at, deliveries FROM messages ORDER BY seq');
    this.#insert = prepare(
      'INSERT INTO messages (seq, queue, session, id, visible_at, deliveries, body) VALUES (?, ?, ?, ?, ?, 0, ?)',
    );
    this.#body = prepare('SELECT body FROM messages WHERE seq = ?');
    this.#remove = prepare('DELETE FROM messages WHERE seq = ?');
    this.#delay = prepare('UPDATE messages SET visible_at = ?, deliveries = ? WHERE seq = ?');
    this.#renew = prepare('UPDATE messages SET visible_at = ?, deliveries = 0, body = coalesce(?, body) WHERE seq = ?');
    this.#count = prepare('UPDATE messages SET deliveries = ? WHERE seq = ?');
    this.#bury = prepare(
      `INSERT OR REPLACE INTO dead_letters (queue, id, session, body, reason, dead_at, deliveries)
       SELECT queue, id, session, body, ?, ?, ? FROM messages WHERE seq = ?`,
    );
    this.#graves = prepare('SELECT * FROM dead_letters WHERE queue = ? AND id > ? ORDER BY id LIMIT ?');
    this.#grave = prepare('SELECT * FROM dead_letters WHERE queue = ? AND id = ?');
    this.#exhume = prepare('DELETE FROM dead_letters WHERE queue = ? AND id = ?');
    this.#dead = prepare('SELECT count(*) AS n FROM dead_letters WHERE queue = ?');
  }

  /** What is in the file at the start, in order, without bodies. */
  *waiting(): Iterable<Entry> {
    for (const row of this.#waiting.iterate()) {
      yield {
        queue: row.queue as QueueName,
        session: String(row.session),
        id: String(row.id),
        seq: Number(row.seq),
        visibleAt: Number(row.visible_at),
        deliveries: Number(row.deliveries),
        body: null,
        isSuspect: true,
      };
    }
  }

  insert({ seq, queue, session, id, visibleAt }: Entry, body: string): void {
    this.#insert.run(seq, queue, session, id, visibleAt, body);
  }

  body(seq: number): string {
    return String(this.#body.get(seq)?.body);
  }

  remove(seq: number): void {
    this.#remove.run(seq);
  }

  /** After a failure: later, with its count. */
  delay(seq: number, visibleAt: number, deliveries: number): void {
    this.#delay.run(visibleAt, deliveries, seq);
  }

  /** Again: later, counted anew, with another body where there is one. */
  renew(seq: number, visibleAt: number, body: string | null): void {
    this.#renew.run(visibleAt, body, seq);
  }

  count(seq: number, deliveries: number): void {
    this.#count.run(deliveries, seq);
  }

  bury(seq: number, reason: string, now: number, deliveries: number): void {
    this.#bury.run(reason, now, deliveries, seq);
    this.#remove.run(seq);
  }

  deadLetters(queue: QueueName, after: string, limit: number): DeadText[] {
    return this.#graves.all(queue, after, limit).map(toDeadText);
  }

  /** Removes a dead letter. */
  exhume(queue: QueueName, id: string): DeadText | null {
    const row = this.#grave.get(queue, id);
    if (!row) return null;
    this.#exhume.run(queue, id);
    return toDeadText(row);
  }

  deadCount(queue: QueueName): number {
    return Number(this.#dead.get(queue)?.n ?? 0);
  }
}

const toDeadText = (row: Row): DeadText => ({
  queue: row.queue as QueueName,
  id: String(row.id),
  session: String(row.session),
  body: String(row.body),
  reason: String(row.reason),
  deadAt: Number(row.dead_at),
  deliveryCount: Number(row.deliveries),
});
