import { findDelivery } from '../dispatch/delivery-document.ts';
import type { TrackWork } from '../hints.ts';
import { complete, decides, done, type Handler } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunFacts } from '../ports/github.ts';
import type { Report } from './after-report.ts';
import { changeBy, type TrackContext } from './report.ts';

/** Takes the consumer's `workflow_run` webhooks as its report. */
export function track(context: Pick<TrackContext, 'store' | 'listeners'> & { readonly clock: Clock }): Handler {
  return decides(async ({ body }) => {
    const { deliveryId, consumer, facts } = body as TrackWork;
    const found = await findDelivery(context.store, deliveryId);
    // Its id was made here, so it was sent: what came of that is being written.
    if (!found) throw new Error(`Delivery ${deliveryId} is not visible yet.`);
    if (found.body.consumer !== consumer) return done;
    const change = changeBy(context, found, reportOf(facts), context.clock.now());
    return { ...change, settlement: complete };
  });
}

function reportOf({ status, conclusion, htmlUrl }: RunFacts): Report {
  const url = htmlUrl === null ? {} : { runUrl: htmlUrl };
  if (status !== 'completed') return { kind: 'confirm', ...url };
  return { kind: 'complete', success: conclusion === 'success', conclusion: conclusion ?? 'unknown', ...url };
}
