// Generated from packages/contracts/schemas.json by `npm run generate`. Do not edit.

/**
 * The `event_type` of a dispatch: 1 to 100 characters, as GitHub allows, not blank.
 */
export type EventType = string;
/**
 * `owner/name` of a GitHub repository.
 */
export type RepositoryName = string;
/**
 * Path of a workflow file in its repository.
 */
export type WorkflowPath = string;
/**
 * Lower-case letters, digits and inner hyphens, 2 to 64 characters.
 */
export type Slug = string;
/**
 * ISO 8601, UTC, milliseconds.
 */
export type Timestamp = string;
export type DeliveryId = string;
/**
 * `<repository id>:<run id>:<run attempt>` of the provider's run.
 */
export type CorrelationId = string;
export type Resource = ServiceResource | SubscriptionResource;
export type DomainEventType =
  | 'message.received'
  | 'message.rejected'
  | 'run.completed'
  | 'run.blocked'
  | 'run.expired'
  | 'delivery.dispatched'
  | 'delivery.confirmed'
  | 'delivery.completed'
  | 'delivery.failed'
  | 'delivery.deadlettered'
  | 'delivery.cancelled'
  | 'delivery.held'
  | 'delivery.replayed'
  | 'subscription.requested'
  | 'subscription.approved'
  | 'subscription.rejected'
  | 'subscription.revoked'
  | 'service.suspended'
  | 'installation.changed';

/**
 * Every answer that is not 2xx. `error` and `message` are the same sentence, because published clients read one or the other.
 */
export interface ErrorAnswer {
  error: string;
  message: string;
  /**
   * Stable: programs branch on it.
   */
  code: string;
  /**
   * Also in the `x-request-id` header and in the server's log.
   */
  requestId: string;
}
/**
 * What the action sends. Identity comes from the OIDC token; `repository` and `workflowRunId` must agree with it.
 */
export interface ReceiveRequest {
  eventType: EventType;
  repository: string;
  workflowRunId: string;
  triggeredBy?: string;
  commitSha?: string;
  ref?: string;
  /**
   * Display name; never decides.
   */
  workflow?: string;
  /**
   * Any JSON, at most 524,288 bytes and 64 levels deep.
   */
  payload?: {
    [k: string]: unknown;
  };
  timestamp?: string;
  orchestration_step_ref?: {
    execution_id: string;
    step_id: string;
  };
  [k: string]: unknown;
}
export interface ReceiveAnswer {
  success: true;
  eventId: string;
  /**
   * Consumers whose subscription matches this message now.
   */
  consumersNotified: number;
  message: string;
}
export interface WebhookAnswer {
  accepted: true;
  outcome: 'queued' | 'duplicate' | 'ignored';
}
/**
 * Names a delivery by its id, or by the correlation id when the caller's repository has one delivery of that run.
 */
export interface ConfirmRequest {
  deliveryId?: DeliveryId;
  correlationId?: CorrelationId;
}
export interface CompleteRequest {
  deliveryId?: DeliveryId;
  correlationId?: CorrelationId;
  success: boolean;
  conclusion?: string;
  message?: string;
}
/**
 * The provider's run as a consumer sees it.
 */
export interface DispatchedRun {
  repository: string;
  repository_id: number;
  workflow: string;
  run_id: number;
  run_attempt: number;
  run_number?: number | null;
  conclusion: string | null;
  event?: string | null;
  head_branch?: string | null;
  head_sha?: string | null;
  actor?: string | null;
  html_url?: string | null;
  created_at?: string | null;
  updated_at?: string | null;
}
/**
 * `client_payload` of the `repository_dispatch` that a consumer gets. `payload` is absent when the run carried no message.
 */
export interface ClientPayload {
  payload?: unknown;
  run: DispatchedRun;
  _zekt: {
    deliveryId: DeliveryId;
    correlationId: CorrelationId;
    eventId: string;
    service: string;
    subscription: string;
    attempt: number;
    replayOf: string | null;
    sentAt: Timestamp;
    traceparent?: string;
  };
}
export interface ServiceSpec {
  repository: RepositoryName;
  workflow: WorkflowPath;
  eventType?: EventType;
  /**
   * OIDC issuer whose tokens this service takes. Default: the first trusted issuer.
   */
  issuer?: string;
  /**
   * Take messages of pull_request* runs. Default false: a fork's code may speak there.
   */
  allowPullRequests?: boolean;
  description?: string;
  /**
   * @maxItems 20
   */
  tags?: string[];
  listed?: boolean;
}
export interface ServiceResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Service';
  metadata: {
    owner: string;
    name: Slug;
  };
  spec: ServiceSpec;
}
export interface SubscriptionSpec {
  /**
   * `owner/name` of the service.
   */
  service: string;
  repository: RepositoryName;
  state?: 'pending' | 'approved' | 'rejected' | 'revoked';
  /**
   * Exact event types, or `*` for all. Default `["*"]`.
   *
   * @minItems 1
   * @maxItems 100
   */
  eventTypes?: EventType[];
  /**
   * Conclusions of the provider's run, or `*`. Default `["*"]`.
   *
   * @minItems 1
   * @maxItems 20
   */
  conclusions?: (
    | '*'
    | 'success'
    | 'failure'
    | 'cancelled'
    | 'timed_out'
    | 'action_required'
    | 'neutral'
    | 'skipped'
    | 'stale'
    | 'startup_failure'
  )[];
  /**
   * The consumer confirms and completes; health counts it. Default false.
   */
  durable?: boolean;
}
export interface SubscriptionResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Subscription';
  metadata: {
    name: Slug;
  };
  spec: SubscriptionSpec;
}
export interface ApplyRequest {
  /**
   * @maxItems 500
   */
  resources: {}[];
  dryRun?: boolean;
}
export interface AppliedResource {
  kind: 'Service' | 'Subscription';
  name: string;
  action: 'created' | 'updated' | 'unchanged';
  /**
   * `field: old -> new`, one a line.
   */
  changes: string[];
}
export interface ApplyAnswer {
  dryRun: boolean;
  results: AppliedResource[];
}
export interface DecisionRequest {
  reason?: string;
}
export interface Service {
  apiVersion: 'zekt.dev/v1';
  kind: 'Service';
  metadata: {
    owner: string;
    name: Slug;
  };
  spec: ServiceSpec;
  status: {
    repositoryId: string;
    ownerId: string;
    /**
     * Why nothing is delivered, or null.
     */
    suspended: string | null;
    /**
     * Approved ones.
     */
    subscriptions: number;
    updatedAt: Timestamp;
  };
}
export interface Subscription {
  apiVersion: 'zekt.dev/v1';
  kind: 'Subscription';
  metadata: {
    name: Slug;
  };
  spec: SubscriptionSpec;
  status: {
    state: 'pending' | 'approved' | 'rejected' | 'revoked';
    repositoryId: string;
    updatedAt: Timestamp;
    history: {
      at: Timestamp;
      state: string;
      by: string;
      reason?: string;
    }[];
  };
}
export interface RunMessage {
  eventId: string;
  eventType: string;
  receivedAt: Timestamp;
}
export interface Run {
  correlationId: CorrelationId;
  repository: string | null;
  workflow: string | null;
  service?: string | null;
  state: 'waiting' | 'running' | 'completed' | 'blocked' | 'expired';
  conclusion?: string | null;
  blockedBecause?: string | null;
  htmlUrl?: string | null;
  receivedAt: Timestamp;
  completedAt?: string | null;
  messages: RunMessage[];
  /**
   * How many were written; the list is at `GET /api/deliveries?run=`.
   */
  deliveries: number;
}
export interface Attempt {
  at: Timestamp;
  outcome: 'accepted' | 'retry' | 'limited' | 'refused' | 'held';
  status?: number | null;
  reason?: string;
}
export interface Delivery {
  deliveryId: DeliveryId;
  correlationId: CorrelationId;
  eventId?: string;
  service: string;
  subscription: string;
  /**
   * The consumer.
   */
  repository: string;
  eventType: string;
  state: 'pending' | 'held' | 'dispatched' | 'confirmed' | 'completed' | 'failed' | 'deadlettered' | 'cancelled';
  durable?: boolean;
  attempts: Attempt[];
  nextAttemptAt?: string | null;
  createdAt: Timestamp;
  dispatchedAt?: string | null;
  confirmedAt?: string | null;
  completedAt?: string | null;
  confirmations?: number;
  consumerConclusion?: string | null;
  consumerMessage?: string | null;
  consumerRunUrl?: string | null;
  replayOf?: string | null;
  replayedBy?: string[];
  /**
   * Why it was dead-lettered or cancelled.
   */
  reason?: string | null;
}
export interface TrackingAnswer {
  success: true;
  delivery: Delivery;
}
export interface ReplayAnswer {
  deliveryId: string;
  replayOf: string;
}
export interface DomainEvent {
  id: string;
  type: DomainEventType;
  at: Timestamp;
  /**
   * One sentence for people.
   */
  summary: string;
  correlationId?: string;
  eventId?: string;
  deliveryId?: string;
  service?: string;
  subscription?: string;
  /**
   * The provider's.
   */
  repositoryId?: string;
  consumerRepositoryId?: string;
  actor?: string;
  reason?: string;
}
export interface ServicePage {
  items: Service[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface SubscriptionPage {
  items: Subscription[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface RunPage {
  items: Run[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface DeliveryPage {
  items: Delivery[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface DomainEventPage {
  items: DomainEvent[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface DeadLetter {
  queue: string;
  id: string;
  session?: string;
  reason: string;
  deadAt: Timestamp;
  deliveryCount: number;
}
export interface DeadLetterReference {
  queue: 'correlate' | 'directory' | 'dispatch' | 'track' | 'events';
  id: string;
}
export interface DeadLetterPage {
  items: DeadLetter[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface FailureGroup {
  kind:
    | 'unavailable'
    | 'timeout'
    | 'authorization'
    | 'rate_limit'
    | 'network'
    | 'not_found'
    | 'refused'
    | 'consumer_failed'
    | 'other';
  count: number;
  advice: string;
}
export interface Diagnostics {
  /**
   * The subscription.
   */
  connection: string;
  service?: string;
  repository?: string;
  health: 'healthy' | 'warning' | 'critical';
  /**
   * The last 24 hours.
   */
  window: {
    total: number;
    succeeded: number;
    /**
     * 0 to 1, null without deliveries.
     */
    successRate: number | null;
  };
  lastActivityAt?: string | null;
  /**
   * Deliveries of the last 30 days that were read, newest first, 1,000 at most.
   */
  examined?: number;
  groups: FailureGroup[];
  /**
   * @maxItems 10
   */
  lastFailures: Delivery[];
}
export interface DoctorCheck {
  check: string;
  ok: boolean;
  detail: string;
  fix?: string;
}
export interface DoctorAnswer {
  ok: boolean;
  checks: DoctorCheck[];
}
export interface Health {
  status: 'ok';
  version: string;
}
export interface Readiness {
  ready: boolean;
  checks: {
    [k: string]: string;
  };
}
/**
 * Counters since the process started, and queue depths now.
 */
export interface Stats {
  counters: {
    [k: string]: number;
  };
  queues: {
    [k: string]: {
      waiting: number;
      dead: number;
    };
  };
}
export interface Removed {
  removed: string;
}
export interface OpenApi {}
