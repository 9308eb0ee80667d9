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
  };

/** What handles the messages of each queue. */
export function handlers(context: WorkerContext): Record<QueueName, Handler> {
  const { store, clock } = context;
  return {
    correlate: correlate(context),
    directory: followGitHub(store, clock),
    dispatch: dispatch(context),
    track: track(store, clock),
    events: recordEvents(store),
    approvals: context.approvals,
  };
}

/** Sessions handled at once in one process. Dispatch mostly waits for GitHub, so it gets the most. */
const sessions: Readonly<Record<QueueName, number>> = {
  correlate: 32,
  directory: 4,
  dispatch: 64,
  track: 8,
  events: 32,
  approvals: 16,
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
