import type { DomainEvent, HookDelivery, HookTargetSpec } from '@zekt/contracts';
import { performWork, readTimeline, type BusMessage, type Outcome } from '@zekt/core';
import type { OutgoingRequest } from '@zekt/egress';
import { eventListeners } from '../events/event-listeners.ts';
import { eventCallsHandler } from '../events/handle-event-call.ts';
import { changeScope } from '../manage/change-scope.ts';
import { deliveriesTimeline } from '../keys.ts';
import { instance } from '../scope.ts';
import { openContext, type TestContext } from './open-context.ts';

export interface Told {
  readonly target: string;
  readonly eventId: string;
  readonly deliveryId: string;
  readonly attempt: number;
  readonly sequence: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Answering {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a step is cut off. */
export type Crash = 'none' | 'after the call' | 'before the messages';

/** Events of hooks without a network and without a bus: messages wait in a list, and steps can be cut off. */
export class EventWorld {
  readonly opened: TestContext;
  readonly told: Told[] = [];
  readonly queue: BusMessage[] = [];
  /** Of a target, for its next calls; then 200. */
  readonly answers = new Map<string, (Answering | Error)[]>();
  readonly #names = new Map<string, string>();

  constructor() {
    this.opened = openContext({ transport: async (request) => this.#answer(request) });
  }

  async setUp(
    targets: Readonly<Record<string, HookTargetSpec['type']>>,
    on: 'event:*' | 'event:delivery.*' = 'event:*',
  ) {
    for (const id of Object.keys(targets)) this.#names.set(`https://127.0.0.1/${id}`, id);
    await changeScope(this.opened.context, instance, {
      targets: Object.entries(targets).map(([id, type]) => [
        id,
        { type, endpoint: `https://127.0.0.1/${id}`, timeout: '10s' },
      ]),
      executions: [[on, Object.keys(targets).map((target) => ({ target }))]],
    });
  }

  /** As the queue of events does it. */
  async tell(event: DomainEvent, crash: Crash = 'none'): Promise<void> {
    const listeners = eventListeners(this.opened.context);
    if (!listeners.want(event)) return;
    await this.#perform(await listeners.tell(event), crash);
  }

  /** Handles the first message that is due. False: there is none. */
  async step(crash: Crash = 'none'): Promise<boolean> {
    const { clock, context } = this.opened;
    const index = this.queue.findIndex(({ notBefore = 0 }) => notBefore <= clock.now());
    const [message] = index < 0 ? [] : this.queue.splice(index, 1);
    if (!message) return false;
    const decide = await eventCallsHandler(context)({ ...message, deliveryCount: 1 });
    if (crash === 'after the call') {
      this.queue.push(message);
      return true;
    }
    const outcome = await decide();
    const isDone = await this.#perform(outcome, crash);
    if (!isDone) this.queue.push(message);
    else if (outcome.settlement.settle === 'again') this.queue.push({ ...message, notBefore: outcome.settlement.at });
    return true;
  }

  /** Until nothing is due any more, time going on as far as it takes. */
  async settle(): Promise<void> {
    for (;;) {
      if (await this.step()) continue;
      const next = Math.min(...this.queue.map(({ notBefore = 0 }) => notBefore));
      if (!Number.isFinite(next)) return;
      this.opened.clock.advance(next - this.opened.clock.now());
    }
  }

  async log(): Promise<readonly HookDelivery[]> {
    const { embedded, clock } = this.opened;
    const page = await readTimeline<HookDelivery>(embedded.store, deliveriesTimeline(instance), clock.now(), {
      limit: 100,
    });
    return page.items.toReversed();
  }

  async #perform(work: Partial<Outcome>, crash: Crash): Promise<boolean> {
    const publish = async (messages: readonly BusMessage[]): Promise<void> => {
      if (crash === 'before the messages') throw new Error('cut off');
      for (const message of messages) if (!this.queue.some(({ id }) => id === message.id)) this.queue.push(message);
    };
    try {
      const { committed } = await performWork({ store: this.opened.embedded.store, publish }, work);
      return committed;
    } catch {
      return false;
    }
  }

  #answer({ url, headers, body }: OutgoingRequest) {
    const target = this.#names.get(url) ?? '';
    const { eventId, deliveryId, sequence } = JSON.parse(Buffer.from(body ?? '').toString()) as Told;
    const given = Object.fromEntries(headers);
    this.told.push({ target, eventId, deliveryId, sequence, attempt: Number(given['Zekt-Attempt']), headers: given });
    const next = this.answers.get(target)?.shift() ?? { status: 200 };
    if (next instanceof Error) throw next;
    return { status: next.status, headers: next.headers ?? {}, text: '' };
  }
}

export const deliveryEvent = (
  id: string,
  deliveryId = 'delivery-1',
  type: DomainEvent['type'] = 'delivery.failed',
): DomainEvent => ({
  id,
  type,
  at: '2026-01-01T00:00:00.000Z',
  summary: 'It happened.',
  deliveryId,
});
