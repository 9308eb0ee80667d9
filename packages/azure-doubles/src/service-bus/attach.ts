import type { Consumer, Queue, SessionWaiter } from './queue.ts';
import { maxMessageBytes } from './message-size.ts';
import type { BrokerReceiver, BrokerSender } from './rhea.ts';
import {
  amqpError,
  entityNotFound,
  lockedUntilProperty,
  sessionFilter,
  ticks,
  timeoutProperty,
  toNumber,
} from './wire.ts';

/** Answered a little before the client gives up by itself. */
const answerMarginMs = 50;
const defaultWaitMs = 60_000;

export const isManagement = (address: string): boolean => address === '$cbs' || address.endsWith('/$management');

/** The client wants to send. */
export function attachSender(link: BrokerReceiver, address: string, queue: Queue | undefined): void {
  link.local.attach.max_message_size = maxMessageBytes;
  link.set_target({ address });
  if (!isManagement(address) && !queue) link.close(entityNotFound(address));
}

/** The client wants to receive; `onStart` is told when it may. */
export function attachReceiver(
  link: BrokerSender,
  address: string,
  queue: Queue | undefined,
  onStart: (consumer: Consumer) => void,
): void {
  const { local, remote } = link;
  if (remote.attach.snd_settle_mode !== undefined) local.attach.snd_settle_mode = remote.attach.snd_settle_mode;
  if (remote.attach.rcv_settle_mode !== undefined) local.attach.rcv_settle_mode = remote.attach.rcv_settle_mode;
  link._get_drain = function (this: BrokerSender) {
    if (!this._draining || !this._drained) return false;
    this.delivery_count += this.credit;
    (this as { credit: number }).credit = 0;
    this._draining = false;
    this._drained = false;
    return true;
  };
  const filter = link.source.filter as Record<string, unknown> | undefined;
  link.set_source({ address });
  if (isManagement(address)) return;
  if (!queue) {
    link.close(entityNotFound(address));
    return;
  }
  const consumer: Consumer = {
    link,
    queue,
    deletes: remote.attach.snd_settle_mode === 1,
    session: null,
    isDraining: false,
  };
  const start = (): void => {
    queue.consumers.add(consumer);
    onStart(consumer);
    queue.pumpSoon();
  };
  const wantsSession = filter !== undefined && sessionFilter in filter;
  if (wantsSession !== queue.requiresSession) {
    link.close(
      amqpError(
        'amqp:not-allowed',
        queue.requiresSession
          ? 'It is not possible for an entity that requires sessions to create a non-sessionful message receiver.'
          : 'A sessionful receiver can not be created on an entity that does not require sessions.',
      ),
    );
    return;
  }
  if (!wantsSession) {
    start();
    return;
  }
  const grant = (id: string): void => {
    const session = queue.takeSession(id, consumer);
    link.set_source({ address, filter: { [sessionFilter]: id } });
    local.attach.properties = { [lockedUntilProperty]: ticks(session.until) };
    start();
  };
  const asked = filter[sessionFilter];
  const wanted = asked !== null && typeof asked === 'object' && 'value' in asked ? asked.value : asked;
  if (typeof wanted !== 'string') {
    waitForSession(link, queue, grant);
  } else if (queue.isFree(wanted)) {
    grant(wanted);
  } else {
    link.close(
      amqpError(
        'com.microsoft:session-cannot-be-locked',
        `The requested session '${wanted}' cannot be accepted. It may be locked by another receiver.`,
      ),
    );
  }
}

/** Any session will do: the answer is held back until one is free, or the client's patience is nearly over. */
function waitForSession(link: BrokerSender, queue: Queue, grant: (id: string) => void): void {
  link.state.local_open = false;
  link.state.open_requests = 0;
  const patienceMs = toNumber(link.remote.attach.properties?.[timeoutProperty] ?? defaultWaitMs);
  const waiter: SessionWaiter = {
    link,
    grant(id) {
      clearTimeout(timer);
      grant(id);
      link.attach();
    },
    refuse() {
      clearTimeout(timer);
      if (!queue.waiters.delete(waiter)) return;
      link.attach();
      link.close(amqpError('com.microsoft:timeout', 'No session is available within the allotted time.'));
    },
  };
  const waitMs = Math.min(Math.max(patienceMs - answerMarginMs, answerMarginMs), queue.longestWaitMs);
  const timer = setTimeout(() => waiter.refuse(), waitMs).unref();
  queue.waiters.add(waiter);
  queue.pumpSoon();
}
