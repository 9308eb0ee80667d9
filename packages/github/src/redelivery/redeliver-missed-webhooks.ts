import type { App } from '@octokit/app';
import { keptMs, overlapMs, type RedeliveryProgress } from './progress.ts';
import { Sweep, type SweepLimits } from './sweep.ts';

export interface Redelivered {
  /** How many webhooks GitHub was asked for. */
  readonly redelivered: number;
  /** To be kept, and given to the next call. */
  readonly through: RedeliveryProgress;
  /** Something was left for the next call: more was missed, or listed, than one call takes. */
  readonly isBehind: boolean;
  /** What ended the call early. */
  readonly problem: Error | null;
}

const defaultLimits: SweepLimits = { pages: 100, asked: 400, open: 500 };

/**
 * Asks GitHub to send again the webhooks that never arrived: it does not retry by itself. Looks at what was delivered since the last
 * call, and goes on where that one had to stop. A webhook that arrived later, whoever asked for it, is not asked for again; the receiver
 * drops what it has.
 *
 * @param since `through` of the last call; null looks at all that GitHub keeps
 * @throws RequestError of octokit when nothing could be looked at; a later failure ends the call early
 */
export async function redeliverMissedWebhooks(
  app: App,
  nowMs: number,
  since: RedeliveryProgress | null,
  limits: SweepLimits = defaultLimits,
): Promise<Redelivered> {
  const sweep = new Sweep(app, limits, since ?? { throughMs: nowMs - keptMs + overlapMs, gaps: [], misses: {} });
  await sweep.look();
  const redelivered = await sweep.ask(nowMs);
  return { redelivered, through: sweep.progress(nowMs), isBehind: sweep.isBehind(nowMs), problem: sweep.problem };
}
