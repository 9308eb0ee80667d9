import { getRepository } from '../directory/repository.ts';
import { servicesOf, type ServiceDocument } from '../directory/service.ts';
import { grantInForce, listSubscriptions, type SubscriptionDocument } from '../directory/subscription.ts';
import { repositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import { checkInstallation } from './check-installation.ts';
import { checkService } from './check-service.ts';
import { broken, fine, type Check } from './check.ts';

export interface RepositoryContext {
  readonly store: DocumentStore;
  readonly github: Pick<GitHubGateway, 'findInstallation' | 'findRepository'>;
  /** Of the App's GitHub. */
  readonly issuer: string;
}

/** What somebody asks about. */
export interface Subject {
  /** `owner/name`. */
  readonly repository: string;
  /** Path of the workflow file; null: all. */
  readonly workflow: string | null;
}

/** Everything that stands between a repository and its deliveries. Ours is the repository's side, theirs that of its consumers or providers. */
export async function checkRepository(
  { store, github, issuer }: RepositoryContext,
  { repository, workflow }: Subject,
): Promise<Check[]> {
  const checks = await checkInstallation(github, repository, 'ours');
  const found = checks.every(({ level }) => level === 'ok') ? await github.findRepository(repository) : null;
  if (!found) return checks;
  const ref = repositoryRef(issuer, found.id);
  const known = await getRepository(store, ref);
  checks.push(
    known?.installationId
      ? fine('known', `Zekt knows ${found.fullName} (id ${found.id}).`)
      : broken(
          'known',
          `Zekt has not heard of ${found.fullName} yet: neither a webhook nor a resource named it.`,
          'Apply a Service or Subscription for it, and check the webhook URL and secret of the App.',
        ),
  );
  const services = await servicesOf(store, ref);
  const subscriptions = await listSubscriptions(store, { consumer: ref }, undefined, 100);
  checks.push(...checkRole(repository, workflow, services, subscriptions.items));
  const chosen = services.filter((service) => workflow === null || service.workflow === workflow);
  for (const service of chosen) checks.push(...(await checkService(store, github, service, found.ownerId)));
  for (const subscription of subscriptions.items) checks.push(checkSubscription(subscription, found.ownerId));
  return checks;
}

function checkRole(
  repository: string,
  workflow: string | null,
  services: readonly ServiceDocument[],
  subscriptions: readonly SubscriptionDocument[],
): Check[] {
  if (workflow !== null && !services.some((service) => service.workflow === workflow)) {
    const offered = services.map((service) => service.workflow).join(', ') || 'none';
    return [
      broken(
        'allow-list',
        `The workflow '${workflow}' of ${repository} is not allow-listed (allow-listed: ${offered}).`,
        'Apply a Service with this repository and workflow: zekt apply -f service.yaml',
      ),
    ];
  }
  if (services.length === 0 && subscriptions.length === 0) {
    return [
      broken(
        'role',
        `${repository} neither offers a service nor has a subscription.`,
        'Apply a Service to make it a provider, or a Subscription to make it a consumer.',
      ),
    ];
  }
  return [];
}

function checkSubscription(subscription: SubscriptionDocument, ownerId: string): Check {
  const { name, service, state } = subscription;
  const granted = grantInForce(subscription);
  if (granted?.ownerId === ownerId) return fine(`subscription ${name}`, `It receives ${service}.`);
  const why = granted ? 'was given to the owner before' : `is ${state}`;
  return broken(
    `subscription ${name}`,
    `The subscription to ${service} ${why}.`,
    `Whoever offers ${service} decides: zekt subscriptions approve ${name}`,
    'theirs',
  );
}
