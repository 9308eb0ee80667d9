/** What a queue was asked to do. */
export interface QueueTraffic {
  /** Requests to send, of any number of messages. */
  readonly sends: number;
  /** Messages taken in. */
  readonly sent: number;
  /** Messages given out, again each time. */
  readonly received: number;
  readonly completed: number;
  readonly abandoned: number;
  readonly deadLettered: number;
  /** Sessions given out. */
  readonly sessions: number;
  /** Messages looked at: each takes one of the credits that Standard has a second. */
  readonly peeked: number;
}

const none: QueueTraffic = {
  sends: 0,
  sent: 0,
  received: 0,
  completed: 0,
  abandoned: 0,
  deadLettered: 0,
  sessions: 0,
  peeked: 0,
};

/** Counts by queue, for benchmarks. Dead-letter queues count as their own. */
export class Traffic {
  readonly #queues = new Map<string, QueueTraffic>();

  add(queue: string, what: keyof QueueTraffic, count = 1): void {
    const known = this.of(queue);
    this.#queues.set(queue, { ...known, [what]: known[what] + count });
  }

  of(queue: string): QueueTraffic {
    return this.#queues.get(queue) ?? none;
  }

  /** Of all queues together. */
  total(): QueueTraffic {
    const sum = { ...none } as Record<keyof QueueTraffic, number>;
    for (const queue of this.#queues.values()) {
      for (const what of Object.keys(none) as (keyof QueueTraffic)[]) sum[what] += queue[what];
    }
    return sum;
  }
}
