import { getRepository, type RepositoryDocument } from '../directory/repository.ts';
import { grantInForce, listSubscriptions } from '../directory/subscription.ts';
import type { RepositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { broken, fine, type Check } from './check.ts';

/** So many subscriptions are looked at: this is repeated every minute. */
const maxSubscriptions = 100;

/** Subscriptions that can't work because the App was removed from one side, by what webhooks and answers of GitHub have told. No request to GitHub. */
export async function checkAccess(store: DocumentStore): Promise<Check[]> {
  const { items } = await listSubscriptions(store, 'all', undefined, maxSubscriptions);
  const inForce = items.filter((subscription) => grantInForce(subscription) !== null);
  const problems = new Map<RepositoryRef, Check>();
  for (const { provider, consumer } of inForce)
    for (const repository of [provider, consumer]) {
      const known = problems.has(repository) ? null : await getRepository(store, repository);
      if (known && !isReachable(known)) problems.set(repository, lost(known));
    }
  return [fine('access', `${inForce.length} approved subscription(s) were looked at.`), ...problems.values()];
}

const isReachable = ({ installationId, deleted }: RepositoryDocument): boolean => installationId !== null && !deleted;

const lost = ({ fullName, owner }: RepositoryDocument): Check =>
  broken(
    `access ${fullName}`,
    `The App is not installed on ${fullName} any more, and subscriptions need it there.`,
    `An owner of '${owner}' installs the App on the repository again; or remove what it offers and subscribes to.`,
    'theirs',
  );
