import type { DomainEvent } from '@zekt/contracts';
import { correlate, type CorrelateContext } from './correlation/correlate.ts';
import { dispatch, type DispatchContext } from './delivery/dispatch.ts';
import { track } from './delivery/track.ts';
import { followGitHub } from './directory/follow-github.ts';
import { recordEvents } from './events/record-event.ts';
import type { Consumer, Handler, QueueName } from './ports/bus.ts';

export type WorkerContext = CorrelateContext &
  DispatchContext & {
    /** Handles what approvals wait for. */
    readonly approvals: Handler;
    /** Sends notifications. */
    readonly notifications: Handler;
    /** Told of each domain event once it is in the stream, once or more often. */
    readonly tell: (event: DomainEvent) => Promise<void>;
  };

/** What handles the messages of each queue. */
export function handlers(context: WorkerContext): Record<QueueName, Handler> {
  const { store, clock } = context;
  return {
    correlate: correlate(context),
    directory: followGitHub(store, clock),
    dispatch: dispatch(context),
    track: track(store, clock),
    events: recordEvents(store, context.tell),
    approvals: context.approvals,
    notifications: context.notifications,
  };
}

/** Sessions handled at once in one process. Dispatch mostly waits for GitHub, and notifications for
 * whoever is told: they get the most. */
const sessions: Readonly<Record<QueueName, number>> = {
  correlate: 32,
  directory: 4,
  dispatch: 64,
  track: 8,
  events: 32,
  approvals: 16,
  notifications: 128,
};

/** Starts the steps of the loop on the bus. Stopping waits for what is in hand. */
export function startWorker(context: WorkerContext): Consumer {
  const { bus, log } = context;
  const consumers = Object.entries(handlers(context)).map(([name, handler]) => {
    const queue = name as QueueName;
    return bus.consume(queue, handler, {
      sessions: sessions[queue],
      onError: (error, { id, deliveryCount }) =>
        log.error(
          { queue, messageId: id, deliveryCount, err: error },
          'a message could not be handled; it will be tried again',
        ),
    });
  });
  return {
    async stop() {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    },
  };
}
