import type { InvocationContext } from '@azure/functions';
import type { FunctionsApp } from './app.ts';
import { opened } from './cannot-start.ts';
import { functionCount } from './function-count.ts';
import type { TimerName } from './timers.ts';

/** What the timers need of the app. */
export interface TimedApp extends Pick<FunctionsApp, 'log' | 'telemetry' | 'reconcile' | 'sweep'> {
  readonly azure: { readonly outbox: Pick<FunctionsApp['azure']['outbox'], 'sweep'> };
  readonly watch: Pick<FunctionsApp['watch'], 'look'>;
}

type TimerContext = Pick<InvocationContext, 'error' | 'traceContext'>;

/** Does what a timer is for, and lets its heart beat. */
export type Tick = (timer: TimerName, context: TimerContext) => Promise<void>;

/** @returns whether all of it was done */
type TimerWork = (app: TimedApp) => Promise<boolean>;

const works: Readonly<Record<TimerName, TimerWork>> = {
  async sweepOutbox({ azure, log, telemetry }) {
    const { published, postponed, quarantined } = await azure.outbox.sweep();
    telemetry.record('zekt.sweeps', published + postponed + quarantined, { sweep: 'outbox' });
    for (let n = 0; n < quarantined; n += 1) telemetry.count('zekt.outbox', { outcome: 'quarantined' });
    if (published > 0) log.warn({ count: published }, 'published messages that the change feed had not');
    return true;
  },
  async sweepMessages({ sweep, log }) {
    const hints = await sweep();
    if (hints > 0) log.info({ hints }, 'messages that had waited for too long were looked at again');
    return true;
  },
  reconcileWebhooks: ({ reconcile }) => reconcile(),
  async watchHealth({ watch, telemetry }) {
    telemetry.record('zekt.functions', functionCount);
    await watch.look();
    return true;
  },
};

/**
 * Each run that has done all its work is a heartbeat of its timer; without one for a while somebody is told. A run that fails is a failed
 * execution for the host, too.
 */
export const tickerOf =
  ({ openApp }: { readonly openApp: () => Promise<TimedApp> }): Tick =>
  async (timer, context) => {
    const app = await opened(openApp, context);
    const { telemetry } = app;
    const parent = context.traceContext?.traceParent ?? null;
    const beat = (outcome: 'ok' | 'partly' | 'failed'): void => telemetry.count('zekt.heartbeat', { timer, outcome });
    try {
      const isDone = await telemetry.span(`timer ${timer}`, { kind: 'internal', parent }, () => works[timer](app));
      beat(isDone ? 'ok' : 'partly');
    } catch (error) {
      beat('failed');
      throw error;
    }
  };
