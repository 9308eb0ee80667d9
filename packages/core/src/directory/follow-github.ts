import { domainEvent } from '../events/domain-event.ts';
import { complete, type Handler } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import type { WebhookFact } from '../webhook/read-webhook.ts';
import { releaseHeld } from '../delivery/hold.ts';
import { noteInstallation } from './installation.ts';
import { noteRepository } from './repository.ts';
import { serviceId, servicePartition, servicesOfRepository, type ServiceDocument } from './service.ts';
import {
  consumerPartition,
  listSubscriptions,
  subscriptionDocumentId,
  type SubscriptionDocument,
} from './subscription.ts';

type InstallationFact = Extract<WebhookFact, { kind: 'installation' }>;
type RepositoryFact = Extract<WebhookFact, { kind: 'repository' }>;

/** Keeps installations, repositories and their names as GitHub says they are. */
export function followGitHub(store: DocumentStore, clock: Clock): Handler {
  return async ({ body }) => {
    const fact = body as InstallationFact | RepositoryFact;
    await (fact.kind === 'installation'
      ? followInstallation(store, clock, fact)
      : followRepository(store, clock, fact));
    return complete;
  };
}

async function followInstallation(store: DocumentStore, clock: Clock, fact: InstallationFact): Promise<void> {
  const { installationId, account, accountId, suspended, deleted, changedAt } = fact;
  const known = Object.keys(fact.permissions).length > 0 ? { permissions: fact.permissions } : {};
  const event = domainEvent('installation.changed', clock.now(), {
    once: `${installationId}:${fact.action}:${changedAt}`,
    summary: `The Zekt App's installation on ${account}: ${fact.action}.`,
    reason: fact.action,
  });
  await noteInstallation(
    store,
    installationId,
    changedAt,
    { account, accountId, deleted, ...known, ...(suspended !== null && { suspended }) },
    [event],
  );
  for (const { id, fullName } of fact.repositories) {
    const gone = deleted ? { installationId: null } : { installationId };
    await noteRepository(store, id, changedAt, { fullName, owner: account, ownerId: accountId, ...gone });
  }
  for (const { id } of fact.removed) await noteRepository(store, id, changedAt, { installationId: null });
  if (suspended === false && !deleted) await releaseHeld(store, installationId, clock.now());
}

async function followRepository(store: DocumentStore, clock: Clock, fact: RepositoryFact): Promise<void> {
  const { repository, owner, ownerId, archived, changedAt } = fact;
  const deleted = fact.action === 'deleted';
  const current = await noteRepository(store, repository.id, changedAt, {
    fullName: repository.fullName,
    owner,
    ownerId,
    archived,
    deleted,
    ...(fact.installationId !== null && { installationId: fact.installationId }),
    ...(deleted && { installationId: null }),
  });
  if (current?.changedAt !== changedAt) return;
  for (const service of await servicesOfRepository(store, repository.id)) {
    await updateService(store, clock, service, fact);
  }
  await renameConsumer(store, repository.id, repository.fullName);
}

/** A new owner is not followed silently: the service stands still until an operator applies it again. */
async function updateService(
  store: DocumentStore,
  clock: Clock,
  service: ServiceDocument,
  fact: RepositoryFact,
): Promise<void> {
  const id = serviceId(service.owner, service.name);
  const isForeign = fact.ownerId !== service.ownerId;
  await updateDocument<ServiceDocument>(store, servicePartition(id), 'service', (current) => {
    if (!current) return null;
    const suspended = isForeign
      ? `The repository now belongs to ${fact.owner}. Apply the service again to confirm its new owner.`
      : current.suspended;
    const isNews = suspended !== current.suspended;
    if (!isNews && current.repository === fact.repository.fullName) return null;
    const event = domainEvent('service.suspended', clock.now(), {
      once: `${id}:${fact.ownerId}:${fact.changedAt}`,
      summary: `Service ${id} was suspended: its repository was transferred to ${fact.owner}.`,
      service: id,
      repositoryId: current.repositoryId,
      ...(suspended !== null && { reason: suspended }),
    });
    return {
      body: { ...current, repository: fact.repository.fullName, suspended, updatedAt: clock.now() },
      messages: isNews ? [event] : [],
    };
  });
}

async function renameConsumer(store: DocumentStore, repositoryId: string, fullName: string): Promise<void> {
  let after: string | undefined;
  do {
    const page = await listSubscriptions(store, consumerPartition(repositoryId), after, 100);
    for (const { service, name } of page.items) {
      await updateDocument<SubscriptionDocument>(
        store,
        servicePartition(service),
        subscriptionDocumentId(name),
        (current) =>
          current?.repositoryId === repositoryId && current.repository !== fullName
            ? { body: { ...current, repository: fullName } }
            : null,
      );
    }
    after = page.next ?? undefined;
  } while (after !== undefined);
}
