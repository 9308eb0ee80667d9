import type { InvocationContext } from '@azure/functions';
import { appOpener, type AppOpener } from './app.ts';
import { opened } from './cannot-start.ts';
import { duringInvocation } from './invocation-log.ts';
import { serverOf, type Serve } from './serve.ts';
import { tickerOf } from './tick.ts';
import type { TimerName } from './timers.ts';
import { workerOf, type Work } from './work.ts';

/** What the functions do. */
export interface Parts extends Pick<AppOpener, 'closeApp'> {
  /** Opens the app before anybody asks. */
  readonly warmUp: () => Promise<unknown>;
  readonly serve: Serve;
  readonly work: Work;
  readonly tick: (timer: TimerName, context: InvocationContext) => Promise<void>;
  /** Publishes what the change feed found in the outbox. */
  readonly relay: (documents: readonly unknown[], context: InvocationContext) => Promise<void>;
}

/** Everything behind the registrations, by one entry: the build puts it, and all that it needs, into files of their own. */
export function createParts(): Parts {
  const opener = appOpener();
  const serve = serverOf(opener);
  const work = workerOf(opener);
  const tick = tickerOf(opener);
  return {
    closeApp: () => opener.closeApp(),
    warmUp: () => opener.openApp(),
    serve: (request, context) => duringInvocation(context, () => serve(request, context)),
    work: (queue, body, context) => duringInvocation(context, () => work(queue, body, context)),
    tick: (timer, context) => duringInvocation(context, () => tick(timer, context)),
    relay: (documents, context) =>
      duringInvocation(context, async () => {
        const { azure, telemetry } = await opened(() => opener.openApp(), context);
        const parent = context.traceContext?.traceParent ?? null;
        await telemetry.span('relay outbox', { kind: 'consumer', parent }, () => azure.outbox.relay(documents));
      }),
  };
}
