import { getInstallation, installationPartition } from '../directory/installation.ts';
import { maxBatchWrites, type DocumentStore } from '../ports/document-store.ts';
import { dispatchMessage } from './create-deliveries.ts';
import type { DeliveryPointer } from './delivery-document.ts';

const idPrefix = 'held:';

/**
 * Puts a delivery aside until its installation works again. The installation is read once more after that: whichever of suspension's
 * end and this note comes second releases it, so none is forgotten in between.
 */
export async function holdDelivery(
  store: DocumentStore,
  installationId: string,
  deliveryId: string,
  expiresAt: number,
  nowMs: number,
): Promise<void> {
  const partition = installationPartition(installationId);
  await store.commit({
    partition,
    writes: [{ kind: 'put', id: `${idPrefix}${deliveryId}`, body: { deliveryId }, expiresAt }],
  });
  const installation = await getInstallation(store, installationId);
  if (installation && !installation.suspended) await releaseHeld(store, installationId, nowMs);
}

/** Sends everything that was put aside for an installation. */
export async function releaseHeld(store: DocumentStore, installationId: string, nowMs: number): Promise<void> {
  const partition = installationPartition(installationId);
  for (;;) {
    const { items } = await store.list<DeliveryPointer>(partition, { prefix: idPrefix, limit: maxBatchWrites - 1 });
    if (items.length === 0) return;
    const released = await store.commit({
      partition,
      writes: items.map(({ id }) => ({ kind: 'delete', id })),
      messages: items.map(({ body }) =>
        dispatchMessage(body.deliveryId, `installation:${installationId}`, String(nowMs)),
      ),
    });
    if (!released.committed) return;
  }
}
