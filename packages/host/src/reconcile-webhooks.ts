import { reconcileDocumentId, serverPartition, updateDocument, type DocumentStore, type Log } from '@zekt/core';
import { redeliverMissedWebhooks, type RedeliveryProgress, type RestGateway } from '@zekt/github';

/** GitHub does not send a webhook again by itself: it is asked for those that failed since it was asked last. */
export async function reconcileWebhooks(
  { app }: Pick<RestGateway, 'app'>,
  store: DocumentStore,
  log: Log,
  nowMs: number,
): Promise<void> {
  const known = await store.get<RedeliveryProgress>(serverPartition, reconcileDocumentId);
  const { redelivered, through, problem } = await redeliverMissedWebhooks(app, nowMs, known?.body ?? null);
  await updateDocument<RedeliveryProgress>(store, serverPartition, reconcileDocumentId, () => ({ body: through }));
  if (redelivered > 0) log.info({ count: redelivered }, 'asked GitHub to send missed webhooks again');
  if (problem) log.warn({ err: problem }, 'not all missed webhooks could be looked up; going on later');
}
