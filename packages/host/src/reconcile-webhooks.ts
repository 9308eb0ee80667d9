import {
  reconcileDocumentId,
  serverPartition,
  updateDocument,
  type DocumentStore,
  type Log,
  type Telemetry,
} from '@zekt/core';
import { redeliverMissedWebhooks, type RedeliveryProgress, type RestGateway } from '@zekt/github';

export interface ReconcileContext {
  readonly store: DocumentStore;
  readonly log: Log;
  readonly telemetry: Pick<Telemetry, 'record'>;
}

/**
 * GitHub does not send a webhook again by itself: it is asked for those that failed since it was asked last.
 *
 * @returns whether all could be looked up
 */
export async function reconcileWebhooks(
  { app }: Pick<RestGateway, 'app'>,
  { store, log, telemetry }: ReconcileContext,
  nowMs: number,
): Promise<boolean> {
  const known = await store.get<RedeliveryProgress>(serverPartition, reconcileDocumentId);
  const { redelivered, through, problem } = await redeliverMissedWebhooks(app, nowMs, known?.body ?? null);
  await updateDocument<RedeliveryProgress>(store, serverPartition, reconcileDocumentId, () => ({ body: through }));
  telemetry.record('zekt.sweeps', redelivered, { sweep: 'webhooks' });
  if (redelivered > 0) log.info({ count: redelivered }, 'asked GitHub to send missed webhooks again');
  if (problem) log.warn({ err: problem }, 'not all missed webhooks could be looked up; going on later');
  return !problem;
}
