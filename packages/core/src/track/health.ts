import type { FailureGroup } from '@zekt/contracts';
import type { DocumentStore } from '../ports/document-store.ts';
import { getDelivery, type DeliveryDocument, type DeliveryPointer } from '../dispatch/delivery-document.ts';
import { connectionTimeline, readTimeline } from '../journal/timeline.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How many deliveries are looked at for one answer. */
const maxExamined = 1000;

export type FailureKind = FailureGroup['kind'];

const advice: Readonly<Record<FailureKind, string>> = {
  unavailable: 'GitHub had trouble; Zekt tries again by itself. See githubstatus.com.',
  timeout:
    'GitHub did not answer in time; Zekt tries again by itself. The dispatch may have arrived: compare delivery ids.',
  authorization:
    "Check that the Zekt App is installed on the consumer with 'Contents: write', and that its new permissions were accepted.",
  rate_limit: 'Too many writes to one installation. Lower the number of messages, or ZEKT_DISPATCH_PER_MINUTE.',
  network: 'GitHub could not be reached. Check DNS, proxy and firewall of the Zekt server.',
  not_found: 'The consumer repository can not be seen: was it deleted, or the App removed from it?',
  refused: 'GitHub refused the content: see the reason.',
  consumer_failed: "The dispatch arrived; the consumer's own workflow failed. See its run.",
  other: 'See the reason of each delivery.',
};

/** Why a delivery went wrong, from its last bad answer; null when nothing did. */
export function failureKind(delivery: DeliveryDocument): FailureKind | null {
  if (delivery.state === 'failed') return 'consumer_failed';
  const bad = delivery.attempts.findLast(({ outcome }) => outcome !== 'accepted' && outcome !== 'held');
  if (!bad && delivery.state !== 'deadlettered') return null;
  const status = bad?.status ?? null;
  const reason = bad?.reason ?? delivery.reason ?? '';
  if (bad?.outcome === 'limited' || status === 429) return 'rate_limit';
  if (status === 401 || status === 403 || /not installed/i.test(reason)) return 'authorization';
  if (status === 404) return 'not_found';
  if (status === 422) return 'refused';
  if (status !== null && status >= 500) return 'unavailable';
  if (/time.?out|timed out/i.test(reason)) return 'timeout';
  if (/ENOTFOUND|EAI_AGAIN|ECONN|network|socket|fetch failed/i.test(reason)) return 'network';
  return 'other';
}

export interface ConnectionHealth {
  readonly health: 'healthy' | 'warning' | 'critical';
  readonly window: { readonly total: number; readonly succeeded: number; readonly successRate: number | null };
  readonly lastActivityAt: number | null;
  readonly examined: number;
  readonly groups: readonly { readonly kind: FailureKind; readonly count: number; readonly advice: string }[];
  readonly lastFailures: readonly DeliveryDocument[];
}

/**
 * A subscription's health over 24 hours and its failures over 30 days.
 *
 * A delivery succeeded when its consumer confirmed or completed it; where tracking is off (`durable: false`), when GitHub took it.
 * Those not yet sent count neither way, nor those that the consumer still has time to confirm. Healthy from 98 % on with activity in 7 days, or without any delivery yet; critical below 90 %.
 */
export function connectionHealth(
  deliveries: readonly DeliveryDocument[],
  nowMs: number,
  confirmWithinMs: number,
): ConnectionHealth {
  const isInFlight = ({ state, durable, dispatchedAt }: DeliveryDocument): boolean =>
    durable && state === 'dispatched' && nowMs - (dispatchedAt ?? nowMs) < confirmWithinMs;
  const settled = deliveries.filter(
    (it) => it.createdAt > nowMs - dayMs && !['pending', 'held', 'cancelled'].includes(it.state) && !isInFlight(it),
  );
  const succeeded = settled.filter(
    ({ state, durable }) => state === 'confirmed' || state === 'completed' || (state === 'dispatched' && !durable),
  ).length;
  const successRate = settled.length === 0 ? null : succeeded / settled.length;
  const lastActivityAt = deliveries[0]?.createdAt ?? null;
  const isActive = lastActivityAt === null || lastActivityAt > nowMs - 7 * dayMs;
  const rate = successRate ?? 1;
  const counts = new Map<FailureKind, number>();
  for (const delivery of deliveries) {
    const kind = failureKind(delivery);
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return {
    health: rate < 0.9 ? 'critical' : rate < 0.98 || !isActive ? 'warning' : 'healthy',
    window: { total: settled.length, succeeded, successRate },
    lastActivityAt,
    examined: deliveries.length,
    groups: [...counts]
      .map(([kind, count]) => ({ kind, count, advice: advice[kind] }))
      .sort((a, b) => b.count - a.count),
    lastFailures: deliveries.filter((it) => failureKind(it) !== null).slice(0, 10),
  };
}

/** A subscription's deliveries of the last 30 days, newest first, at most 1,000. */
export async function recentDeliveries(
  store: DocumentStore,
  subscriptionId: string,
  nowMs: number,
): Promise<DeliveryDocument[]> {
  const found: DeliveryDocument[] = [];
  let after: string | undefined;
  do {
    const page = await readTimeline<DeliveryPointer>(store, connectionTimeline(subscriptionId), nowMs, {
      after,
      limit: 200,
    });
    const deliveries = await Promise.all(page.items.map(({ deliveryId }) => getDelivery(store, deliveryId)));
    found.push(...deliveries.filter((it) => it !== null));
    after = page.next ?? undefined;
  } while (after !== undefined && found.length < maxExamined && (found.at(-1)?.createdAt ?? 0) > nowMs - 30 * dayMs);
  return found.slice(0, maxExamined).filter(({ createdAt }) => createdAt > nowMs - 30 * dayMs);
}
