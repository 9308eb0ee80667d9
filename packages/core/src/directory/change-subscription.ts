import { ZektError } from '../errors.ts';
import {
  historyDocumentId,
  lifeDocumentId,
  openRequestDocumentId,
  repositoryPartition,
  revocationDocumentId,
  subscriptionDocumentId,
  type RepositoryRef,
} from '../identity/keys.ts';
import { pauseAfterConflict } from '../ports/conflict-pause.ts';
import type { DocumentStore, Stored, Write } from '../ports/document-store.ts';
import { releasePlace, requireRoom, takePlace } from '../receive/open-places.ts';
import type { Life } from './claim-name.ts';
import { countedUntil, openRequestsOf, openRequestWrites, opensRequest, type OpenRequest } from './open-request.ts';
import { revocationWrites, type RevocationChange, type RevocationDocument } from './revocation.ts';
import {
  getSubscription,
  type StateChange,
  type SubscriptionDocument,
  type SubscriptionHistory,
  type SubscriptionPointer,
} from './subscription.ts';
import { subscriptionMessages } from './subscription-messages.ts';

/** What a decision about a subscription depends on. */
export interface SubscriptionFacts {
  readonly current: SubscriptionDocument | null;
  readonly history: readonly StateChange[];
  /** Whether the consumer's right to the service was taken back, under this name or another. */
  readonly isRevoked: boolean;
}

/** What becomes of a subscription. */
export interface SubscriptionStep {
  readonly next: SubscriptionDocument;
  /** What its history has more. */
  readonly changes: readonly StateChange[];
  readonly revocation: RevocationChange;
}

const maxHistory = 50;
const maxTries = 20;

/** Where a subscription lies, and whose it is: the latter never changes. */
export type SubscriptionPlace = SubscriptionPointer & { readonly consumer: RepositoryRef };

/**
 * What `changeSubscription` would leave.
 *
 * @param opened ids of the requests that are to be opened before this one; takes this one
 * @throws ZektError `conflict` when another request of the consumer waits; `too_many_requests` when too many of its owner's do
 */
export async function previewChange(
  store: DocumentStore,
  place: SubscriptionPlace,
  decide: (facts: SubscriptionFacts) => SubscriptionStep | null,
  nowMs: number,
  opened = new Set<string>(),
): Promise<SubscriptionDocument | null> {
  const read = await readAll(store, place);
  const step = decide(factsOf(read));
  if (!step) return read.subscription?.body ?? null;
  await openRequestWrites(store, step.next, read.open, nowMs);
  const places = opensRequest(step.next, read.open) ? openRequestsOf(step.next) : null;
  if (places) await requireRoom(store, places, opened.add(step.next.id));
  return step.next;
}

/**
 * Reads, decides, and writes subscription, history, open request, revocation, events and news in one batch; again from the reads when
 * somebody else wrote meanwhile.
 *
 * @param decide null: nothing to do
 * @returns the subscription afterwards; null when there is none
 * @throws ZektError `conflict` when another request of the consumer waits; `too_many_requests` when too many of its owner's do;
 * `unavailable` when others win again and again
 */
export async function changeSubscription(
  store: DocumentStore,
  place: SubscriptionPlace,
  decide: (facts: SubscriptionFacts) => SubscriptionStep | null,
  nowMs: number,
): Promise<SubscriptionDocument | null> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const read = await readAll(store, place);
    const step = decide(factsOf(read));
    if (!step) return read.subscription?.body ?? null;
    const before = read.subscription?.body ?? null;
    const next: SubscriptionDocument = { ...step.next, updatedAt: nowMs };
    const openWrites = await openRequestWrites(store, next, read.open, nowMs);
    const places = opensRequest(next, read.open) ? openRequestsOf(next) : null;
    if (places) await takePlace(store, places, next.id, countedUntil(nowMs));
    const { committed } = await store.commit({
      partition: repositoryPartition(place.provider),
      writes: [
        ...subscriptionWrites(read, next, step.changes),
        ...openWrites,
        ...revocationWrites(next, step.revocation, read.revocation),
      ],
      messages: subscriptionMessages(before, next, step.changes),
    });
    if (committed) {
      const left = before?.state === 'pending' && next.state !== 'pending' ? openRequestsOf(before) : null;
      if (left) await releasePlace(store, left, next.id);
      return next;
    }
    await pauseAfterConflict(tries);
  }
  throw new ZektError('unavailable', 'The subscription is being changed by others at this moment. Try again.');
}

interface Read {
  readonly subscription: Stored<SubscriptionDocument> | null;
  readonly history: Stored<SubscriptionHistory> | null;
  readonly open: Stored<OpenRequest> | null;
  readonly revocation: Stored<RevocationDocument> | null;
}

async function readAll(store: DocumentStore, place: SubscriptionPlace): Promise<Read> {
  const { provider, serviceId, id, consumer } = place;
  const partition = repositoryPartition(provider);
  const [subscription, history, open, revocation] = await Promise.all([
    getSubscription(store, place),
    store.get<SubscriptionHistory>(partition, historyDocumentId(id)),
    store.get<OpenRequest>(partition, openRequestDocumentId(serviceId, consumer)),
    store.get<RevocationDocument>(partition, revocationDocumentId(serviceId, consumer)),
  ]);
  return { subscription, history, open, revocation };
}

const factsOf = ({ subscription, history, revocation }: Read): SubscriptionFacts => ({
  current: subscription?.body ?? null,
  history: history?.body.changes ?? [],
  isRevoked: (revocation?.body.revoked ?? null) !== null,
});

function subscriptionWrites(
  { subscription, history }: Read,
  next: SubscriptionDocument,
  changes: readonly StateChange[],
): Write[] {
  const id = subscriptionDocumentId(next.serviceId, next.id);
  const alive: Life = { isOver: false };
  const writes: Write[] = subscription
    ? [{ kind: 'replace', id, etag: subscription.etag, body: next }]
    : [
        { kind: 'create', id, body: next },
        { kind: 'create', id: lifeDocumentId(next.id), body: alive },
      ];
  if (changes.length === 0) return writes;
  const historyId = historyDocumentId(next.id);
  const body: SubscriptionHistory = { changes: [...(history?.body.changes ?? []), ...changes].slice(-maxHistory) };
  writes.push(
    history ? { kind: 'replace', id: historyId, etag: history.etag, body } : { kind: 'create', id: historyId, body },
  );
  return writes;
}

/** A subscription's history, oldest first. */
export async function historyOf(
  store: Pick<DocumentStore, 'get'>,
  { provider, id }: Pick<SubscriptionDocument, 'provider' | 'id'>,
): Promise<readonly StateChange[]> {
  const found = await store.get<SubscriptionHistory>(repositoryPartition(provider), historyDocumentId(id));
  return found?.body.changes ?? [];
}
