import { isFinal, type DeliveryDocument } from '../dispatch/delivery-document.ts';

/** What a consumer tells about a delivery. */
export type Report =
  | { readonly kind: 'confirm'; readonly runUrl?: string }
  | {
      readonly kind: 'complete';
      readonly success: boolean;
      readonly conclusion?: string;
      readonly message?: string;
      readonly runUrl?: string;
    };

/**
 * The delivery as its consumer's report leaves it, or null when it says nothing new. A report proves receipt, so it counts whatever
 * Zekt believed before; the first completion is final; a confirmation after it only fills in the time.
 */
export function afterReport(delivery: DeliveryDocument, report: Report, nowMs: number): DeliveryDocument | null {
  const { runUrl } = report;
  const consumerRunUrl = delivery.consumerRunUrl ?? runUrl ?? null;
  const seen = { ...delivery, nextAttemptAt: null, consumerRunUrl, updatedAt: nowMs };
  if (report.kind === 'confirm') {
    if (delivery.confirmedAt !== null) return null;
    const confirmed = { ...seen, confirmedAt: nowMs, confirmations: delivery.confirmations + 1 };
    return isFinal(delivery) ? confirmed : { ...confirmed, state: 'confirmed', reason: null };
  }
  if (isFinal(delivery)) return null;
  return {
    ...seen,
    state: report.success ? 'completed' : 'failed',
    completedAt: nowMs,
    consumerConclusion: report.conclusion ?? (report.success ? 'success' : 'failure'),
    consumerMessage: report.message ?? null,
    reason: null,
  };
}
