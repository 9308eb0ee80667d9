import { correlate } from './correlate/handle.ts';
import type { CorrelateContext } from './correlate/context.ts';
import { followGitHub } from './directory/follow-github.ts';
import type { DispatchContext } from './dispatch/context.ts';
import { dispatch } from './dispatch/handle.ts';
import { handleEvent } from './journal/append.ts';
import type { Bus, Consumer, Handler, QueueName } from './ports/bus.ts';
import { track } from './track/handle.ts';

export type WorkerContext = CorrelateContext &
  DispatchContext & {
    readonly bus: Bus;
    /** Handles what approvals wait for. */
    readonly approvals: Handler;
    /** Sends notifications. */
    readonly notifications: Handler;
    /** Tells targets of hooks of events. */
    readonly hooks: Handler;
  };

/** What handles the messages of each queue. */
export function handlers(context: WorkerContext): Record<QueueName, Handler> {
  return {
    correlate: correlate(context),
    directory: followGitHub(context),
    dispatch: dispatch(context),
    track: track(context),
    events: handleEvent(context.listeners),
    approvals: context.approvals,
    notifications: context.notifications,
    hooks: context.hooks,
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
  hooks: 128,
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
