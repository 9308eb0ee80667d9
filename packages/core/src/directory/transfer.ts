import { repositoryIdOf, repositoryPartition, serviceDocumentId, type RepositoryRef } from '../identity/keys.ts';
import { domainEvent } from '../journal/append.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { changeSubscription, type SubscriptionStep } from './change-subscription.ts';
import type { RepositoryDocument } from './repository.ts';
import { labelOf, servicesOf, type ServiceDocument } from './service.ts';
import { listSubscriptions, type SubscriptionDocument } from './subscription.ts';

/**
 * Makes what a repository offers and receives agree with what is known of the repository now: its name and installation are followed silently; a new owner is
 * not, but ends every right until somebody gives it again. Doing it again changes nothing.
 */
export async function followOwner(store: DocumentStore, repository: RepositoryDocument, nowMs: number): Promise<void> {
  if (repository.ownerId === '') return;
  for (const service of await servicesOf(store, repository.ref)) await followService(store, service, repository, nowMs);
  for await (const subscription of consumedBy(store, repository.ref))
    await changeSubscription(
      store,
      subscription,
      ({ current }) => current && stepOf(current, repository, nowMs),
      nowMs,
    );
}

/** Everything that a repository subscribed to. */
async function* consumedBy(store: DocumentStore, consumer: RepositoryRef): AsyncGenerator<SubscriptionDocument> {
  let after: string | undefined;
  do {
    const page = await listSubscriptions(store, { consumer }, after, 100);
    yield* page.items;
    after = page.next ?? undefined;
  } while (after !== undefined);
}

async function followService(
  store: DocumentStore,
  { provider, id }: ServiceDocument,
  { fullName, owner, ownerId, changedAt }: RepositoryDocument,
  nowMs: number,
): Promise<void> {
  await updateDocument<ServiceDocument>(store, repositoryPartition(provider), serviceDocumentId(id), (current) => {
    if (!current) return null;
    const suspended =
      ownerId === current.ownerId
        ? current.suspended
        : `The repository now belongs to ${owner}. Apply the service again to confirm its new owner.`;
    const isNews = suspended !== current.suspended;
    if (!isNews && current.repository === fullName) return null;
    const label = labelOf(current);
    const event = domainEvent('service.suspended', nowMs, {
      once: `${id}:${ownerId}:${changedAt}`,
      summary: `Service ${label} was suspended: its repository was transferred to ${owner}.`,
      service: label,
      repositoryId: repositoryIdOf(provider),
      ...(suspended !== null && { reason: suspended }),
    });
    return {
      body: { ...current, repository: fullName, suspended, updatedAt: nowMs },
      messages: isNews ? [event] : [],
    };
  });
}

/** Rights that are held, or asked for, by whoever owned the repository before. */
function stepOf(
  current: SubscriptionDocument,
  { fullName, owner, ownerId, installationId }: RepositoryDocument,
  nowMs: number,
): SubscriptionStep | null {
  const holder = current.granted?.ownerId ?? current.ownerId;
  const isForeign = holder !== ownerId && (current.state === 'approved' || current.state === 'pending');
  if (!isForeign && current.repository === fullName && current.installationId === installationId) return null;
  const next: SubscriptionDocument = { ...current, repository: fullName, installationId };
  if (!isForeign) return { next, changes: [], revocation: 'unchanged' };
  const reason = `The repository now belongs to ${owner}. Whoever gave the right must give it again.`;
  return {
    next: { ...next, state: 'suspended' },
    changes: [{ at: isoTime(nowMs), state: 'suspended', by: 'GitHub', reason }],
    revocation: 'unchanged',
  };
}
