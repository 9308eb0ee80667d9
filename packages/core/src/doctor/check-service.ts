import { labelOf, type ServiceDocument } from '../directory/service.ts';
import { grantInForce, subscriptionsOf, type SubscriptionDocument } from '../directory/subscription.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import { checkInstallation } from './check-installation.ts';
import { broken, doubtful, fine, type Check } from './check.ts';

/** At most this many consumers of a service are looked at on GitHub. */
const maxConsumers = 20;

/** Whether a service reaches its consumers. What they have to mend themselves is theirs. */
export async function checkService(
  store: DocumentStore,
  github: Pick<GitHubGateway, 'findInstallation'>,
  service: ServiceDocument,
  ownerId: string,
): Promise<Check[]> {
  const label = labelOf(service);
  const checks: Check[] = [fine('allow-list', `'${service.workflow}' is offered as ${label}.`)];
  if (service.suspended !== null || service.ownerId !== ownerId) {
    checks.push(
      broken(
        'owner',
        service.suspended ?? `${label} was offered by another owner.`,
        'Apply the Service again to confirm its new owner.',
      ),
    );
  }
  const approved: SubscriptionDocument[] = [];
  let waiting = 0;
  for await (const page of subscriptionsOf(store, service.provider, service.id)) {
    approved.push(...page.filter((it) => grantInForce(it) !== null));
    waiting += page.filter(({ state }) => state === 'pending').length;
  }
  checks.push(...checkSubscriptions(label, approved.length, waiting));
  for (const { repository, name } of approved.slice(0, maxConsumers)) {
    const problems = (await checkInstallation(github, repository, 'theirs')).filter(({ level }) => level !== 'ok');
    checks.push(...problems.map((problem) => ({ ...problem, id: `consumer ${name}: ${problem.id}` })));
  }
  return checks;
}

function checkSubscriptions(label: string, approved: number, waiting: number): Check[] {
  const id = 'subscriptions';
  if (waiting > 0)
    return [
      doubtful(
        id,
        `${label} has ${approved} approved subscription(s), and ${waiting} request(s) wait for approval.`,
        'zekt subscriptions approve NAME, or apply a Subscription with state: approved.',
      ),
    ];
  if (approved > 0) return [fine(id, `${label} has ${approved} approved subscription(s).`)];
  return [
    broken(
      id,
      `Nobody has subscribed to ${label} yet.`,
      'A consumer asks for it: zekt apply -f with a Subscription, or by its own workflow.',
      'theirs',
    ),
  ];
}
