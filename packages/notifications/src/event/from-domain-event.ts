import type { DomainEvent, DomainEventType } from '@zekt/contracts';
import {
  getRepository,
  getRun,
  repositoryRef,
  runKeyOf,
  ZektError,
  type DocumentStore,
  type RunFacts,
} from '@zekt/core';
import { eventPrefix } from './metadata.ts';
import type { InvolvedObject, NotificationEvent } from './notification-event.ts';

const apiVersion = 'zekt.dev/v1';
const ownPrefix = 'zekt.dev/';

interface Mapping {
  readonly kind: 'Run' | 'Delivery' | 'Service' | 'Subscription' | 'Approval' | 'Installation' | 'Identity';
  readonly severity: 'info' | 'error';
  readonly reason: string;
  /** It tells how a run, or what came of it, stands: commit statuses show it. */
  readonly tellsOfCommit?: true;
}

const run = (severity: Mapping['severity'], reason: string): Mapping => ({
  kind: 'Run',
  severity,
  reason,
  tellsOfCommit: true,
});
const delivery = (severity: Mapping['severity'], reason: string): Mapping => ({
  kind: 'Delivery',
  severity,
  reason,
  tellsOfCommit: true,
});

/** How Zekt's own events read in the model of notification-controller. docs/reference/notification-events.md shows it. */
export const mappings: Readonly<Record<DomainEventType, Mapping>> = {
  'message.received': { kind: 'Run', severity: 'info', reason: 'MessageReceived' },
  'message.rejected': { kind: 'Run', severity: 'error', reason: 'MessageRejected' },
  'run.completed': run('info', 'RunCompleted'),
  'run.blocked': run('error', 'RunBlocked'),
  'run.expired': run('error', 'RunExpired'),
  'delivery.dispatched': delivery('info', 'DeliveryDispatched'),
  'delivery.confirmed': delivery('info', 'DeliveryConfirmed'),
  'delivery.completed': delivery('info', 'DeliveryCompleted'),
  'delivery.failed': delivery('error', 'DeliveryFailed'),
  'delivery.deadlettered': delivery('error', 'DeliveryDeadLettered'),
  'delivery.cancelled': delivery('info', 'DeliveryCancelled'),
  'delivery.held': delivery('error', 'DeliveryHeld'),
  'delivery.replayed': delivery('info', 'DeliveryReplayed'),
  'subscription.requested': { kind: 'Subscription', severity: 'info', reason: 'SubscriptionRequested' },
  'subscription.approved': { kind: 'Subscription', severity: 'info', reason: 'SubscriptionApproved' },
  'subscription.rejected': { kind: 'Subscription', severity: 'info', reason: 'SubscriptionRejected' },
  'subscription.revoked': { kind: 'Subscription', severity: 'info', reason: 'SubscriptionRevoked' },
  'subscription.suspended': { kind: 'Subscription', severity: 'error', reason: 'SubscriptionSuspended' },
  'service.suspended': { kind: 'Service', severity: 'error', reason: 'ServiceSuspended' },
  'installation.changed': { kind: 'Installation', severity: 'info', reason: 'InstallationChanged' },
  'approval.requested': { kind: 'Approval', severity: 'info', reason: 'ApprovalRequested' },
  'approval.decided': { kind: 'Approval', severity: 'info', reason: 'ApprovalDecided' },
  'approval.expired': { kind: 'Approval', severity: 'error', reason: 'ApprovalExpired' },
  'approval.withdrawn': { kind: 'Approval', severity: 'info', reason: 'ApprovalWithdrawn' },
  'approval.undelivered': { kind: 'Approval', severity: 'error', reason: 'ApprovalUndelivered' },
  'identity.linked': { kind: 'Identity', severity: 'info', reason: 'IdentityLinked' },
  'identity.unlinked': { kind: 'Identity', severity: 'info', reason: 'IdentityUnlinked' },
};

/** Conclusions of a run that are failures, and what they are called. */
const failedRuns: Readonly<Record<string, string>> = {
  failure: 'RunFailed',
  timed_out: 'RunTimedOut',
  startup_failure: 'RunFailedToStart',
};

/** Whether events of a type can be errors. */
export const mayBeError = (type: DomainEventType): boolean =>
  mappings[type].severity === 'error' || type === 'run.completed';

/** What is known of where an event took place. */
export interface Surroundings {
  readonly run: RunFacts | null;
  readonly service: string | null;
  /** `owner/name` of the provider, or of who asked. */
  readonly repository: string | null;
}

/** A run that an event tells of can be read by everybody after this long, if ever. */
const visibleWithinMs = 60_000;

/**
 * Reads what a domain event only names by id.
 *
 * @param issuer of the App's GitHub, whose ids they are
 * @throws ZektError `unavailable` while the run of a young event can't be seen yet
 */
export async function surroundingsOf(
  store: Pick<DocumentStore, 'get'>,
  issuer: string,
  { type, at, correlationId, repositoryId, service }: DomainEvent,
  nowMs: number,
): Promise<Surroundings> {
  const key = correlationId === undefined ? null : runKeyOf(issuer, correlationId);
  const run = key && (await getRun(store, key))?.body;
  if (key && !run && mappings[type].tellsOfCommit && nowMs - Date.parse(at) < visibleWithinMs)
    throw new ZektError('unavailable', `The run ${correlationId ?? ''} of a ${type} is not visible yet.`);
  const facts = run?.facts ?? null;
  const ref = key?.repository ?? (repositoryId === undefined ? null : repositoryRef(issuer, repositoryId));
  const known = facts === null && ref !== null ? await getRepository(store, ref) : null;
  return {
    run: facts,
    service: service ?? run?.service?.label ?? null,
    repository: facts?.repository ?? (known?.fullName || null),
  };
}

/** A domain event in the model of notifications. */
export function fromDomainEvent(event: DomainEvent, around: Surroundings): NotificationEvent {
  const mapping = mappings[event.type];
  const { run: facts } = around;
  const failure = event.type === 'run.completed' ? failedRuns[facts?.conclusion ?? ''] : undefined;
  const isSuccess = event.type === 'run.completed' && facts?.conclusion === 'success';
  const own: Readonly<Record<string, string | null | undefined>> = {
    revision: facts?.headSha,
    service: around.service,
    subscription: event.subscription,
    repository: around.repository,
    workflow: facts?.workflow,
    branch: facts?.headBranch,
    conclusion: facts?.conclusion,
    url: facts?.htmlUrl,
    correlationId: event.correlationId,
    deliveryId: event.deliveryId,
    approvalId: event.approvalId,
    actor: event.actor,
    detail: event.reason,
    // Each is a fact of its own: none is taken for a repetition of another.
    token: event.id,
  };
  const metadata = Object.entries(own).flatMap(([key, value]): [string, string][] =>
    value === null || value === undefined || value === '' ? [] : [[`${ownPrefix}${key}`, value]],
  );
  if (mapping.tellsOfCommit && facts?.headSha) metadata.push([`${eventPrefix}commit`, facts.headSha]);
  return {
    involvedObject: involvedObject(event, mapping.kind, around),
    severity: failure === undefined ? mapping.severity : 'error',
    timestamp: event.at,
    message: event.summary,
    reason: failure ?? (isSuccess ? 'RunSucceeded' : mapping.reason),
    metadata: Object.fromEntries(metadata),
    reportingController: 'zekt',
  };
}

/** Names are what people filter by; the uid is the one thing itself. */
function involvedObject(event: DomainEvent, kind: Mapping['kind'], around: Surroundings): InvolvedObject {
  const [serviceOwner = '', serviceName = ''] = (around.service ?? '').split('/');
  const [repositoryOwner = '', repositoryName = ''] = (around.repository ?? '').split('/');
  const { subscription = '', deliveryId = '', correlationId = '', approvalId = '' } = event;
  const owner = serviceOwner || repositoryOwner;
  const identity = {
    Run: { name: serviceName || repositoryName, uid: correlationId },
    Delivery: { name: subscription || serviceName, uid: deliveryId },
    Service: { name: serviceName, uid: around.service ?? '' },
    Subscription: { name: subscription, uid: subscription },
    Approval: { name: approvalId, uid: approvalId },
    Installation: { name: 'zekt-app', uid: event.id },
    Identity: { name: 'identities', uid: event.id },
  }[kind];
  return { kind, namespace: owner, ...identity, apiVersion };
}
