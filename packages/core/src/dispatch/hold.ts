import { findInstallation, unknownInstallation } from '../directory/installation.ts';
import { sendHint, type DispatchWork, type HeldDelivery, type SendWork } from '../hints.ts';
import { heldDocumentId, heldPrefix, installationDocumentId, installationPartition } from '../identity/keys.ts';
import { complete, type Outcome, type Writes } from '../ports/bus.ts';
import type { DocumentStore, Write } from '../ports/document-store.ts';
import type { Place } from './claim.ts';
import { deliveryExpiry, type DeliveryDocument } from './delivery-document.ts';

/**
 * Puts a delivery aside until its installation works again, and says that the installation is suspended, where only GitHub's answer told
 * so. Both are one batch that wants the installation as it is: whoever unsuspends it meanwhile makes the decision be taken again.
 *
 * @returns null when the installation works again already
 */
export async function putAside(
  store: Pick<DocumentStore, 'get'>,
  { installationId, installation: seen }: Place,
  delivery: DeliveryDocument,
  work: SendWork,
): Promise<Writes | null> {
  const found = await findInstallation(store, installationId);
  const changedAt = found?.body.changedAt ?? 0;
  if (found && !found.body.suspended && (seen?.suspended || changedAt > (seen?.changedAt ?? 0))) return null;
  // Dated as what was known before, so that any news of GitHub's own counts as newer: its times have a grain of a second.
  const body = { ...(found?.body ?? unknownInstallation(installationId, 0)), suspended: true };
  const installation: Write = found
    ? { kind: 'replace', id: installationDocumentId, etag: found.etag, body }
    : { kind: 'create', id: installationDocumentId, body };
  const { deliveryId, consumer, createdAt } = delivery;
  const { slot: _, behind: __, ...rest } = work;
  const held: HeldDelivery = { work: rest, consumer };
  return {
    partition: installationPartition(installationId),
    writes: [
      installation,
      { kind: 'put', id: heldDocumentId(deliveryId), body: held, expiresAt: deliveryExpiry(createdAt) },
    ],
  };
}

/** How many go on in one outcome. */
const releasedAtOnce = 500;

/** Sends on what was put aside for an installation. Each is taken out when something has come of it: nothing is lost in between. */
export async function release(
  store: Pick<DocumentStore, 'list'>,
  { installationId, after }: Extract<DispatchWork, { readonly kind: 'release' }>,
  nowMs: number,
): Promise<Outcome> {
  const { items, next } = await store.list<HeldDelivery>(installationPartition(installationId), {
    prefix: heldPrefix,
    limit: releasedAtOnce,
    ...(after !== undefined && { after }),
  });
  const messages = items.map(({ body }) =>
    sendHint(body.work, { consumer: body.consumer, installationId }, `released:${nowMs}`),
  );
  const rest = { kind: 'release', installationId, after: next ?? '' } satisfies DispatchWork;
  return { messages, settlement: next === null ? complete : { settle: 'again', at: nowMs, body: rest } };
}
