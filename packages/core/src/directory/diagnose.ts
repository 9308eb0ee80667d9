import type { DoctorAnswer } from '@zekt/contracts';
import { repositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import { getRepository } from './repository.ts';
import { labelOf, servicesOf, type ServiceDocument } from './service.ts';
import { grantInForce, listSubscriptions, subscriptionsOf, type SubscriptionDocument } from './subscription.ts';

type Check = DoctorAnswer['checks'][number];

const neededPermissions = { metadata: 'read', actions: 'read', contents: 'write' } as const;
/** At most this many consumers of a service are looked at on GitHub. */
const maxConsumers = 20;

const good = (check: string, detail: string): Check => ({ check, ok: true, detail });
const bad = (check: string, detail: string, fix: string): Check => ({ check, ok: false, detail, fix });

const satisfies = (granted: string | undefined, needed: 'read' | 'write'): boolean =>
  granted === 'write' || granted === 'admin' || granted === needed;

interface DiagnoseContext {
  readonly store: DocumentStore;
  readonly github: Pick<GitHubGateway, 'findInstallation' | 'findRepository'>;
  /** Of the App's GitHub. */
  readonly issuer: string;
}

/** Everything that stands between a repository's workflow and its consumers, each with the way to mend it. */
export async function diagnose(
  { store, github, issuer }: DiagnoseContext,
  repositoryName: string,
  workflow: string | null,
): Promise<DoctorAnswer> {
  const checks: Check[] = await checkInstallation(github, repositoryName);
  const found = checks.every(({ ok }) => ok) ? await github.findRepository(repositoryName) : null;
  if (found) {
    const ref = repositoryRef(issuer, found.id);
    const known = await getRepository(store, ref);
    checks.push(
      known?.installationId
        ? good('known', `Zekt knows ${found.fullName} (id ${found.id}).`)
        : bad(
            'known',
            `Zekt has not heard of ${found.fullName} yet: neither a webhook nor a resource named it.`,
            'Apply a Service or Subscription for it, and check the webhook URL and secret of the App.',
          ),
    );
    const services = await servicesOf(store, ref);
    const subscriptions = await listSubscriptions(store, { consumer: ref }, undefined, 100);
    checks.push(...checkRole(repositoryName, workflow, services, subscriptions.items));
    const chosen = services.filter((service) => workflow === null || service.workflow === workflow);
    for (const service of chosen) checks.push(...(await checkService(store, github, service, found.ownerId)));
    for (const subscription of subscriptions.items) checks.push(checkSubscription(subscription, found.ownerId));
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}

async function checkInstallation(
  github: Pick<GitHubGateway, 'findInstallation'>,
  repository: string,
): Promise<Check[]> {
  const installation = await github.findInstallation(repository);
  if (!installation) {
    return [
      bad(
        'installation',
        `The Zekt App is not installed on ${repository}, or there is no such repository.`,
        'Install the App on the repository: its page on GitHub, Install, select the repository.',
      ),
    ];
  }
  const checks: Check[] = [
    good('installation', `The Zekt App is installed on ${repository} (installation ${installation.installationId}).`),
  ];
  if (installation.suspended) {
    checks.push(
      bad(
        'suspended',
        'The installation is suspended: deliveries wait.',
        'An owner of the account unsuspends it under Settings, GitHub Apps.',
      ),
    );
  }
  for (const [name, level] of Object.entries(neededPermissions)) {
    const granted = installation.permissions[name];
    checks.push(
      satisfies(granted, level)
        ? good(`permission ${name}`, `'${name}: ${granted ?? level}' is granted.`)
        : bad(
            `permission ${name}`,
            `'${name}: ${level}' is not granted (it is '${granted ?? 'none'}').`,
            `Set '${name}: ${level}' in the App's permissions; an owner of each account then accepts the change.`,
          ),
    );
  }
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
      bad(
        'allow-list',
        `The workflow '${workflow}' of ${repository} is not allow-listed (allow-listed: ${offered}).`,
        'Apply a Service with this repository and workflow: zekt apply -f service.yaml',
      ),
    ];
  }
  if (services.length === 0 && subscriptions.length === 0) {
    return [
      bad(
        'role',
        `${repository} neither offers a service nor has a subscription.`,
        'Apply a Service to make it a provider, or a Subscription to make it a consumer.',
      ),
    ];
  }
  return [];
}

async function checkService(
  store: DocumentStore,
  github: Pick<GitHubGateway, 'findInstallation'>,
  service: ServiceDocument,
  ownerId: string,
): Promise<Check[]> {
  const label = labelOf(service);
  const checks: Check[] = [good('allow-list', `'${service.workflow}' is offered as ${label}.`)];
  if (service.suspended !== null || service.ownerId !== ownerId) {
    checks.push(
      bad(
        'owner',
        service.suspended ?? `${label} was offered by another owner.`,
        'Apply the Service again to confirm its new owner.',
      ),
    );
  }
  const approved: SubscriptionDocument[] = [];
  let others = 0;
  for await (const page of subscriptionsOf(store, service.provider, service.id)) {
    approved.push(...page.filter((it) => grantInForce(it) !== null));
    others += page.filter(({ state }) => state === 'pending').length;
  }
  if (approved.length === 0) {
    const waiting = others > 0 ? `${others} request(s) wait for approval.` : 'Nobody has asked for it.';
    checks.push(
      bad(
        'subscriptions',
        `${label} has no approved subscription. ${waiting}`,
        'zekt subscriptions approve NAME, or apply a Subscription with state: approved.',
      ),
    );
  } else {
    checks.push(good('subscriptions', `${label} has ${approved.length} approved subscription(s).`));
  }
  for (const { repository, name } of approved.slice(0, maxConsumers)) {
    const problems = (await checkInstallation(github, repository)).filter(({ ok }) => !ok);
    checks.push(...problems.map((problem) => ({ ...problem, check: `consumer ${name}: ${problem.check}` })));
  }
  return checks;
}

function checkSubscription(subscription: SubscriptionDocument, ownerId: string): Check {
  const { name, service, state } = subscription;
  const granted = grantInForce(subscription);
  if (granted?.ownerId === ownerId) return good(`subscription ${name}`, `It receives ${service}.`);
  const why = granted ? 'was given to the owner before' : `is ${state}`;
  return bad(`subscription ${name}`, `The subscription to ${service} ${why}.`, `zekt subscriptions approve ${name}`);
}
