import { ZektError } from '../errors.ts';
import { accountRef, openRequestDocumentId, openRequestsPartition } from '../identity/keys.ts';
import type { DocumentStore, Stored, Write } from '../ports/document-store.ts';
import type { OpenPlaces } from '../receive/open-places.ts';
import { abandonedAfterMs } from './claim-name.ts';
import { getSubscription, type SubscriptionDocument } from './subscription.ts';

/** The one request of a consumer for a service that waits. */
export interface OpenRequest {
  /** Which subscription waits. */
  readonly subscription: string;
  /** Milliseconds. */
  readonly at: number;
}

/** Whether the change opens a request: one that was open already stays the same. */
export const opensRequest = (next: SubscriptionDocument, open: Stored<OpenRequest> | null): boolean =>
  next.state === 'pending' && open?.body.subscription !== next.id;

/** A request that nobody answers in this time no longer counts. */
const countedMs = 30 * 86_400_000;
export const countedUntil = (nowMs: number): number => nowMs + countedMs;

/** Everything that the repositories of its consumer's owner ask for. Null: an operator declared it, which is not limited. */
export const openRequestsOf = ({ requestedBy, consumer, ownerId }: SubscriptionDocument): OpenPlaces | null =>
  requestedBy === null
    ? null
    : { limit: 'openRequestsOfAccount', partition: openRequestsPartition(accountRef(consumer, ownerId)) };

/**
 * What a subscription's change means for its consumer's open request: a request is opened with the subscription that waits, and closed with
 * its decision.
 *
 * @throws ZektError `conflict` when another one of the same consumer waits
 */
export async function openRequestWrites(
  store: Pick<DocumentStore, 'get'>,
  next: SubscriptionDocument,
  open: Stored<OpenRequest> | null,
  nowMs: number,
): Promise<Write[]> {
  const id = openRequestDocumentId(next.serviceId, next.consumer);
  const isOurs = open?.body.subscription === next.id;
  if (next.state !== 'pending') return open && isOurs ? [{ kind: 'delete', id, etag: open.etag }] : [];
  if (isOurs) return [];
  const body: OpenRequest = { subscription: next.id, at: nowMs };
  if (!open) return [{ kind: 'create', id, body }];
  if (!(await isLeftOver(store, next, open.body, nowMs))) throw alreadyAsked(next);
  return [{ kind: 'replace', id, etag: open.etag, body }];
}

/** Whether nothing waits behind it: by what was written after it, or because it is older than anything that is not visible yet. */
async function isLeftOver(
  store: Pick<DocumentStore, 'get'>,
  { provider, serviceId }: SubscriptionDocument,
  { subscription, at }: OpenRequest,
  nowMs: number,
): Promise<boolean> {
  const behind = (await getSubscription(store, { provider, serviceId, id: subscription }))?.body;
  if (behind?.state === 'pending') return false;
  return (behind !== undefined && behind.updatedAt > at) || nowMs - at >= abandonedAfterMs;
}

const alreadyAsked = ({ repository, shownAs }: SubscriptionDocument): ZektError =>
  new ZektError(
    'conflict',
    `'${repository}' has asked for '${shownAs}' already, and that request still waits for an answer. One at a time can wait.`,
  );
