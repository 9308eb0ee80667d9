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
export type Guid = string;
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
  | 'subscription.suspended'
  | 'service.suspended'
  | 'installation.changed'
  | 'approval.requested'
  | 'approval.decided'
  | 'approval.expired'
  | 'approval.withdrawn'
  | 'approval.undelivered'
  | 'identity.linked'
  | 'identity.unlinked';
/**
 * `apr_` and 32 hexadecimal digits.
 */
export type ApprovalId = string;
/**
 * `inDoubt`: decided, and GitHub has not confirmed that it was told; it is told again. `undelivered`: it never did.
 */
export type ApprovalState =
  'pending' | 'dispatching' | 'inDoubt' | 'approved' | 'rejected' | 'expired' | 'cancelled' | 'undelivered';
/**
 * Name of a Kubernetes object: lower-case letters, digits, hyphens and dots, at most 253.
 */
export type ObjectName = string;
/**
 * `30s`, `1m30s`, `500ms`.
 */
export type GoDuration = string;
/**
 * Letters, digits, `_`, `.` and `-`.
 */
export type HookTargetId = string;

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
  /**
   * Present where nobody will get the message, as things stand.
   */
  undelivered?: {
    /**
     * `not_allow_listed`: no service offers the workflow; `no_subscription`: nobody has asked for it, or what was given is over; `pending`: requests wait for an answer; `event_type_not_taken`: consumers take other event types.
     */
    code: 'not_allow_listed' | 'no_subscription' | 'pending' | 'event_type_not_taken';
    reason: string;
    fix: string;
  };
}
export interface WebhookAnswer {
  accepted: true;
  outcome: 'queued' | 'ignored';
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
 * The provider's run as a consumer sees it. Behind an alias, whatever tells of repository, workflow, run or actor is null.
 */
export interface DispatchedRun {
  repository: string | null;
  repository_id: number | null;
  workflow: string | null;
  run_id: number | null;
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
    correlationId: CorrelationId | null;
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
  /**
   * The `event_type` of a dispatch: 1 to 100 characters, as GitHub allows, not blank.
   */
  eventType?: string;
  /**
   * Event types of the messages that its workflow sends. A subscription that names none gets these and `eventType`.
   *
   * @maxItems 100
   */
  eventTypes?: EventType[];
  /**
   * OIDC issuer whose tokens this service takes: that of the GitHub that the App is on, which is the default.
   */
  issuer?: string;
  /**
   * Take runs of `pull_request*`, `issues`, `issue_comment`, `discussion*`, `fork`, `watch`, `gollum` and `workflow_run`, and of code of another repository, with their messages. Default false: a stranger may bring them about.
   */
  allowPullRequests?: boolean;
  description?: string;
  /**
   * @maxItems 20
   */
  tags?: string[];
  listed?: boolean;
  /**
   * Who sees it in the directory. `public`: every repository with the App; `organisation`: those of the same owner; `unlisted`: whoever has an invitation. Default: `public` if `listed`, else `unlisted`.
   */
  visibility?: 'public' | 'organisation' | 'unlisted';
  /**
   * Shown to consumers instead of the owner; repository, workflow, actor and URLs are then hidden from them, too.
   */
  alias?: string;
  /**
   * Repositories whose requests are approved by policy. By name here; bound to the id when applied.
   *
   * @maxItems 200
   */
  approves?: RepositoryName[];
  /**
   * Ask people about each request.
   */
  approval?: {
    policy: ApprovalPolicy;
    channel?: Slug;
    expiresInSeconds?: number;
  };
}
export interface ApprovalPolicy {
  /**
   * At most 10 of them teams.
   *
   * @minItems 1
   * @maxItems 50
   */
  approvers: Approver[];
  /**
   * How many different people must approve. One rejection rejects. Default 1.
   */
  quorum?: number;
  /**
   * Whether whoever started the run may decide. Default false; then an Entra account of theirs must be known in each tenant whose people may decide.
   */
  requesterMayApprove?: boolean;
  /**
   * Default false.
   */
  requireRejectComment?: boolean;
}
/**
 * One person or one group that may decide.
 */
export interface Approver {
  /**
   * Login; resolved to its id when the approval is made.
   */
  github?: string;
  /**
   * `organisation/team-slug`; membership is asked of GitHub at each decision.
   */
  githubTeam?: string;
  entra?: EntraId;
  /**
   * A group; only the page's sign-in can prove it (the claim `groups`).
   */
  entraGroup?: {
    tenant: Guid;
    groupId: Guid;
  };
}
/**
 * A person, by object id and tenant id.
 */
export interface EntraId {
  tenant: Guid;
  objectId: Guid;
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
   * Exact event types, or `*` for all. Default: what the service declares, its `eventType` and its `eventTypes`.
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
  /**
   * Why; shown to whoever decides.
   */
  note?: string;
  /**
   * Code for an unlisted service. Not kept.
   */
  invitation?: string;
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
  kind:
    | 'Service'
    | 'Subscription'
    | 'Channel'
    | 'Identity'
    | 'Provider'
    | 'Alert'
    | 'Secret'
    | 'Target'
    | 'Execution'
    | 'Receiver';
  name: string;
  /**
   * `ignored`: it is nothing of Zekt's; `changes` says why.
   */
  action: 'created' | 'updated' | 'unchanged' | 'ignored';
  /**
   * `field: old -> new`, one a line.
   */
  changes: string[];
}
export interface ApplyAnswer {
  dryRun: boolean;
  results: AppliedResource[];
}
/**
 * A right that somebody gave.
 */
export interface Grant {
  eventTypes: string[];
  conclusions: string[];
  by: string;
  at: Timestamp;
}
export interface DecisionRequest {
  /**
   * `status.digest` of the request as it was looked at: another one by now is not decided.
   */
  digest?: string;
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
    /**
     * Its own for good; one that is made again under the same name has another.
     */
    id: string;
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
    /**
     * Its own for good; the name is a label, which another may have after it.
     */
    id: string;
    /**
     * `pending`: asked for, or more is asked for than is given; `suspended`: the consumer's repository has another owner since, and the right must be given anew.
     */
    state: 'pending' | 'approved' | 'rejected' | 'revoked' | 'suspended';
    repositoryId: string;
    /**
     * Of what is asked for. A decision that names it does not decide another request.
     */
    digest: string;
    /**
     * What is given, and delivered unless it is suspended. Null: nothing.
     */
    granted: Grant | null;
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
  state: 'waiting' | 'completed' | 'blocked' | 'expired';
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
  /**
   * Null for the consumer of a service behind an alias.
   */
  correlationId: string | null;
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
  approvalId?: string;
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
  queue: 'correlate' | 'directory' | 'dispatch' | 'track' | 'events' | 'approvals' | 'notifications' | 'hooks';
  id: string;
}
export interface ReviveRequest {
  queue: 'correlate' | 'directory' | 'dispatch' | 'track' | 'events' | 'approvals' | 'notifications' | 'hooks';
}
/**
 * How many dead letters went back into their queue.
 */
export interface Revived {
  queue: string;
  revived: number;
}
/**
 * `since` in ISO 8601; `after` is the `next` of the answer before. With `dryRun` the runs are counted and nothing is done.
 */
export interface RedriveRequest {
  since: string;
  after?: string;
  dryRun?: boolean;
}
/**
 * How many webhooks GitHub was asked to send again, and where the next call goes on; null when it is done.
 */
export interface WebhooksRedelivered {
  webhooks: number;
  next: string | null;
}
/**
 * How many runs were hinted at, and where the next call goes on; null when it is done.
 */
export interface Redriven {
  runs: number;
  next: string | null;
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
/**
 * One thing that was looked at.
 */
export interface DoctorCheck {
  /**
   * What was looked at: the same at each look.
   */
  id: string;
  /**
   * Who can mend it: this side, or the other one.
   */
  side: 'ours' | 'theirs';
  level: 'ok' | 'warn' | 'fail';
  sentence: string;
  /**
   * What to do; absent when all is well.
   */
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
  /**
   * One sentence, when it is not ready.
   */
  problem?: string;
}
/**
 * What was counted in the last 24 hours, and queue depths now.
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
export interface ApprovalDispatch {
  eventType?: EventType;
  /**
   * Any JSON, at most 40,000 bytes and 64 levels deep; kept as it is written, and sent as `client_payload.payload`.
   */
  payload?: {
    [k: string]: unknown;
  };
}
export interface ApprovalFact {
  name: string;
  value: string;
}
/**
 * A question to people. A workflow asks for itself; a manager for anybody.
 */
export interface ApprovalRequest {
  /**
   * What is decided, in a few words: "basket 2.4.1 to production".
   */
  title: string;
  /**
   * More about it. Shown as plain text.
   */
  text?: string;
  /**
   * Also shown as a fact, and dispatched.
   */
  environment?: string;
  /**
   * Also shown as a fact, and dispatched.
   */
  version?: string;
  /**
   * @maxItems 20
   */
  facts?: ApprovalFact[];
  /**
   * `owner/name` of a GitHub repository.
   */
  repository?: string;
  policy: ApprovalPolicy;
  /**
   * Default 86400 (a day), at most 28 days.
   */
  expiresInSeconds?: number;
  onApprove?: ApprovalDispatch1;
  onReject?: ApprovalDispatch2;
  /**
   * Lower-case letters, digits and inner hyphens, 2 to 64 characters.
   */
  channel?: string;
  /**
   * What the token does not say of whoever started the run.
   */
  requester?: {
    entra?: EntraId1;
  };
  /**
   * Whether the question is withdrawn when the run that asked is cancelled. Default true.
   */
  cancelWithRun?: boolean;
}
/**
 * Default event type: `zekt.approval.approved`, the only one under `zekt.` that is allowed.
 */
export interface ApprovalDispatch1 {
  eventType?: EventType;
  /**
   * Any JSON, at most 40,000 bytes and 64 levels deep; kept as it is written, and sent as `client_payload.payload`.
   */
  payload?: {
    [k: string]: unknown;
  };
}
/**
 * Default event type: `zekt.approval.rejected`, the only one under `zekt.` that is allowed.
 */
export interface ApprovalDispatch2 {
  eventType?: EventType;
  /**
   * Any JSON, at most 40,000 bytes and 64 levels deep; kept as it is written, and sent as `client_payload.payload`.
   */
  payload?: {
    [k: string]: unknown;
  };
}
/**
 * Their Entra account: with `requesterMayApprove: false` it may not decide.
 */
export interface EntraId1 {
  tenant: Guid;
  objectId: Guid;
}
/**
 * Who decided.
 */
export interface Actor {
  provider: 'github' | 'entra' | 'operator';
  /**
   * GitHub: numeric id. Entra: object id. Never a name.
   */
  id: string;
  /**
   * Entra: tenant id.
   */
  tenant: string | null;
  /**
   * For display only; decides nothing.
   */
  name: string | null;
}
/**
 * A person of a tenant, by ids.
 */
export interface EntraId2 {
  tenant: Guid;
  objectId: Guid;
}
export interface ApprovalVote {
  decision: 'approved' | 'rejected';
  actor: Actor;
  comment: string;
  /**
   * How it came.
   */
  via: 'card' | 'page' | 'management';
  at: Timestamp;
}
/**
 * What is dispatched where. The digest is SHA-256 of the payload's JSON text.
 */
export interface ApprovalTarget {
  repository: string;
  repositoryId: string;
  approved: {
    eventType: string;
    payloadSha256: string;
  };
  rejected: {
    eventType: string;
    payloadSha256: string;
  };
}
/**
 * What became of the card.
 */
export interface ApprovalPosting {
  channel: string;
  state: 'waiting' | 'posted' | 'failed';
  tries: number;
  reason: string | null;
  at: string | null;
}
export interface Approval {
  id: ApprovalId;
  state: ApprovalState;
  /**
   * What is decided, in a few words: "basket 2.4.1 to production".
   */
  title: string;
  /**
   * More about it. Shown as plain text.
   */
  text: string;
  /**
   * Also shown as a fact, and dispatched.
   */
  environment?: string;
  /**
   * Also shown as a fact, and dispatched.
   */
  version?: string;
  /**
   * @maxItems 20
   */
  facts: ApprovalFact[];
  policy: ApprovalPolicy;
  requester: {
    repository: string | null;
    repositoryId: string | null;
    runId: string | null;
    actor: string | null;
    /**
     * As the request gave it.
     */
    entra: EntraId2 | null;
  };
  /**
   * Whether it is withdrawn when its run is cancelled.
   */
  cancelWithRun: boolean;
  /**
   * The subscription that it decides, if it does.
   */
  subscription: string | null;
  target: ApprovalTarget | null;
  votes: ApprovalVote[];
  decision: ApprovalVote | null;
  /**
   * A decision that GitHub may have taken without answering. It is repeated until an hour after `expiresAt`; no other is possible meanwhile.
   */
  inDoubt: 'approved' | 'rejected' | null;
  dispatch: {
    tries: number;
    status: number | null;
    reason: string | null;
    at: string | null;
  };
  posting: ApprovalPosting | null;
  createdAt: Timestamp;
  expiresAt: Timestamp;
  decidedAt: string | null;
  /**
   * The page. It holds a token for viewing; deciding needs a sign-in, too.
   */
  url: string;
}
export interface ApprovalPage {
  items: Approval[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface ApprovalDecisionRequest {
  decision: 'approved' | 'rejected';
  comment?: string;
}
export interface ApprovalEvidence {
  /**
   * Compact JWS (EdDSA) of the record; its keys are at /api/evidence/keys.
   */
  jws: string;
}
/**
 * What the evidence says: question, policy, digests, every step, the outcome.
 */
export interface ApprovalRecord {
  iss: string;
  iat: number;
  approval: Approval;
  audit: {
    at: Timestamp;
    what: string;
    decision: string | null;
    actor: Actor | null;
    via: string | null;
    requestId: string | null;
    githubStatus: number | null;
    detail: string | null;
  }[];
}
export interface JsonWebKeySet {
  keys: {}[];
}
/**
 * A MessageCard, or an Adaptive Card, alone or in the envelope of Teams Workflows.
 */
export interface Card {}
export interface ChannelSpec {
  /**
   * `workflows`: Adaptive Card to a Teams Workflows webhook. `connector`: MessageCard to a webhook that takes those.
   */
  type: 'workflows' | 'connector';
  /**
   * Lower-case letters, digits and inner hyphens, 2 to 64 characters.
   */
  urlSecret: string;
  /**
   * Repositories whose workflows may ask here. Default none: only managers may.
   *
   * @maxItems 200
   */
  repositories?: RepositoryName[];
  /**
   * Who sees a question that is asked here: `session`, who has its link and signs in (default); `link`, whoever has its link.
   */
  pageVisibility?: 'session' | 'link';
}
export interface ChannelResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Channel';
  metadata: {
    name: Slug;
  };
  spec: ChannelSpec;
}
export interface ChannelPage {
  items: ChannelResource[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface IdentitySpec {
  /**
   * The account, by its id, its login, or both: then the id says who it is, and the login is for display.
   */
  github: {
    /**
     * Numeric id.
     */
    id?: string | number;
    login?: string;
  };
  entra: EntraId2;
  /**
   * `owner/name` of a GitHub repository.
   */
  repository?: string;
  /**
   * Whether one of the two accounts may be linked to further accounts, too. Default false: an account has one other in a tenant.
   */
  allowSeveral?: boolean;
  /**
   * Whether neither account may decide anything; what they said in open questions does not count. Default false.
   */
  suspend?: boolean;
}
export interface IdentityStatus {
  /**
   * `operator`, or the two accounts with which somebody signed in.
   */
  by: string;
  at: Timestamp;
}
/**
 * Two accounts of one person. It gives no right: it only tells that they are the same.
 */
export interface IdentityResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Identity';
  metadata: {
    name: Slug;
  };
  spec: IdentitySpec;
  status?: IdentityStatus1;
}
/**
 * Ignored when it is applied.
 */
export interface IdentityStatus1 {
  /**
   * `operator`, or the two accounts with which somebody signed in.
   */
  by: string;
  at: Timestamp;
}
export interface IdentityPage {
  items: IdentityResource[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface SecretValue {
  value: string;
}
/**
 * Values are never shown.
 */
export interface SecretName {
  name: string;
}
export interface SecretPage {
  items: SecretName[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
/**
 * A service as consumers see it.
 */
export interface ServiceOffer {
  /**
   * What a subscription names.
   */
  service: string;
  /**
   * Owner or alias.
   */
  provider: string;
  description: string;
  tags: string[];
  visibility: 'public' | 'organisation' | 'unlisted';
  eventType: string;
  /**
   * All that it declares to send; what a subscription gets that names none.
   */
  eventTypes: string[];
}
export interface ServiceOfferPage {
  items: ServiceOffer[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface InvitationRequest {
  /**
   * Default 7 days, at most 90.
   */
  expiresInSeconds?: number;
}
export interface Invitation {
  /**
   * Shown once; stored as a hash. Good for one subscription.
   */
  code: string;
  expiresAt: Timestamp;
}
/**
 * As Kubernetes has it; what is not named here is ignored.
 */
export interface ObjectMetadata {
  name: ObjectName;
  /**
   * Name of a Kubernetes object: lower-case letters, digits, hyphens and dots, at most 253.
   */
  namespace?: string;
  /**
   * Kept if given: status contexts and aliases are made of it.
   */
  uid?: string;
  [k: string]: unknown;
}
export interface SecretReference {
  name: ObjectName;
  /**
   * The secret is this one value, not an object of several.
   */
  key?: string;
}
/**
 * A destination of notifications.
 */
export interface ProviderSpec {
  type:
    | 'alertmanager'
    | 'azuredevops'
    | 'azureeventhub'
    | 'bitbucket'
    | 'bitbucketserver'
    | 'datadog'
    | 'discord'
    | 'generic'
    | 'generic-hmac'
    | 'gitea'
    | 'giteapullrequestcomment'
    | 'github'
    | 'githubdispatch'
    | 'githubpullrequestcomment'
    | 'gitlab'
    | 'gitlabmergerequestcomment'
    | 'googlechat'
    | 'googlepubsub'
    | 'grafana'
    | 'incident.io'
    | 'lark'
    | 'matrix'
    | 'msteams'
    | 'nats'
    | 'opsgenie'
    | 'otel'
    | 'pagerduty'
    | 'rocket'
    | 'sentry'
    | 'slack'
    | 'telegram'
    | 'webex'
    | 'zoom'
    | 'zulip';
  /**
   * A webhook's address is a credential: better in the secret.
   */
  address?: string;
  channel?: string;
  username?: string;
  secretRef?: SecretReference1;
  certSecretRef?: SecretReference2;
  proxySecretRef?: SecretReference3;
  /**
   * http, https or socks5.
   */
  proxy?: string;
  /**
   * For one request. Default 15s.
   */
  timeout?: string;
  /**
   * For generic types; those of the secret win.
   */
  headers?: {
    [k: string]: string;
  };
  /**
   * Accepted for compatibility; nothing is polled.
   */
  interval?: string;
  /**
   * Accepted for compatibility; there are no service accounts here.
   */
  serviceAccountName?: string;
  suspend?: boolean;
  /**
   * CEL over `event`, `alert` and `provider` that gives the context of a commit status.
   */
  commitStatusExpr?: string;
  /**
   * How fast the destination is sent to. Default: what its service takes.
   */
  rateLimit?: {
    perMinute: number;
    burst?: number;
  };
  /**
   * Shorten what the service would refuse for its length. Default true.
   */
  truncate?: boolean;
  /**
   * Header with the reporting controller, for generic types. Default `Gotk-Component`.
   */
  componentHeader?: string;
}
/**
 * Secret with `address`, `username`, `password`, `token`, `headers` (YAML), `proxy`, and what the type wants.
 */
export interface SecretReference1 {
  name: ObjectName;
  /**
   * The secret is this one value, not an object of several.
   */
  key?: string;
}
/**
 * Secret with `ca.crt`, `tls.crt`, `tls.key`.
 */
export interface SecretReference2 {
  name: ObjectName;
  /**
   * The secret is this one value, not an object of several.
   */
  key?: string;
}
/**
 * Secret with `address`, `username`, `password` of a proxy.
 */
export interface SecretReference3 {
  name: ObjectName;
  /**
   * The secret is this one value, not an object of several.
   */
  key?: string;
}
export interface ProviderResource {
  apiVersion:
    | 'zekt.dev/v1'
    | 'notification.toolkit.fluxcd.io/v1beta1'
    | 'notification.toolkit.fluxcd.io/v1beta2'
    | 'notification.toolkit.fluxcd.io/v1beta3';
  kind: 'Provider';
  metadata: ObjectMetadata;
  spec: ProviderSpec;
  /**
   * Ignored.
   */
  status?: {};
}
export interface EventSource {
  /**
   * Ignored.
   */
  apiVersion?: string;
  /**
   * `Run`, `Delivery`, `Service`, `Subscription`, `Approval`, `Installation`; any kind of a cluster; or `*`.
   */
  kind: string;
  /**
   * `*` for all.
   */
  name: string;
  /**
   * `*` for all. Default: that of the alert in a manifest of Flux, all in one of Zekt.
   */
  namespace?: string;
  matchLabels?: {
    [k: string]: string;
  };
}
/**
 * Which events go to a provider.
 */
export interface AlertSpec {
  providerRef: {
    name: ObjectName;
  };
  /**
   * `info` (default) lets everything pass, `error` errors only.
   */
  eventSeverity?: 'info' | 'error';
  /**
   * @minItems 1
   * @maxItems 100
   */
  eventSources: EventSource[];
  /**
   * One of these RE2 expressions must match the message, if there are any.
   *
   * @maxItems 100
   */
  inclusionList?: string[];
  /**
   * A match drops the event.
   *
   * @maxItems 100
   */
  exclusionList?: string[];
  /**
   * Added to what the event says.
   */
  eventMetadata?: {
    [k: string]: string;
  };
  /**
   * The same as `eventMetadata.summary`.
   */
  summary?: string;
  suspend?: boolean;
  /**
   * Liquid template of the message over `event` and `alert`.
   */
  template?: string;
  /**
   * The same event is sent once within this time. Default: the server's, 5m. `0s`: always.
   */
  dedupeWindow?: string;
  /**
   * `all` (default), or `changes`: failures that are new, and recoveries.
   */
  notifyOn?: 'all' | 'changes';
  /**
   * Events of a window go out as one notification.
   */
  grouping?: {
    /**
     * 1s to 24h.
     */
    window: string;
    /**
     * What is not grouped together. Default: nothing, all of the alert is one group.
     *
     * @maxItems 5
     */
    by?: ('object' | 'namespace' | 'kind' | 'reason' | 'severity')[];
  };
}
export interface AlertResource {
  apiVersion:
    | 'zekt.dev/v1'
    | 'notification.toolkit.fluxcd.io/v1beta1'
    | 'notification.toolkit.fluxcd.io/v1beta2'
    | 'notification.toolkit.fluxcd.io/v1beta3';
  kind: 'Alert';
  metadata: ObjectMetadata;
  spec: AlertSpec;
  /**
   * Ignored.
   */
  status?: {};
}
/**
 * A Secret of Kubernetes; its values go to the secret store and are never shown again.
 */
export interface SecretResource {
  apiVersion: 'v1';
  kind: 'Secret';
  metadata: ObjectMetadata;
  type?: string;
  immutable?: boolean;
  /**
   * Base64.
   */
  data?: {
    [k: string]: string;
  };
  stringData?: {
    [k: string]: string;
  };
}
export interface ProviderStatus {
  ready: boolean;
  /**
   * Why it is not ready; null when it is.
   */
  reason: string | null;
  /**
   * `open`: it failed again and again, and is left alone until `circuitOpenUntil`.
   */
  circuit: 'closed' | 'open';
  /**
   * ISO 8601, UTC, milliseconds; null: never.
   */
  circuitOpenUntil?: string | null;
  /**
   * ISO 8601, UTC, milliseconds; null: never.
   */
  lastSuccessAt: string | null;
  lastError: {
    at: Timestamp;
    status: number | null;
    reason: string;
  } | null;
  /**
   * Tries in a row that failed and may go well at another time.
   */
  failed: number;
}
/**
 * A provider as stored, with how it is. An address that is a credential is masked.
 */
export interface NotificationProvider {
  apiVersion: 'zekt.dev/v1';
  kind: 'Provider';
  metadata: ObjectMetadata;
  spec: ProviderSpec;
  status: ProviderStatus;
}
export interface NotificationAlert {
  apiVersion: 'zekt.dev/v1';
  kind: 'Alert';
  metadata: ObjectMetadata;
  spec: AlertSpec;
  status: {
    ready: boolean;
    reason: string | null;
  };
}
export interface NotificationProviderPage {
  items: NotificationProvider[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface NotificationAlertPage {
  items: NotificationAlert[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
/**
 * An event as Flux's controllers send it.
 */
export interface NotificationEvent {
  involvedObject: {
    kind?: string;
    namespace?: string;
    name?: string;
    uid?: string;
    apiVersion?: string;
    resourceVersion?: string;
    fieldPath?: string;
    [k: string]: unknown;
  };
  severity: 'trace' | 'info' | 'error';
  /**
   * RFC 3339.
   */
  timestamp?: string | null;
  message: string;
  reason?: string;
  metadata?: {
    [k: string]: string;
  } | null;
  reportingController?: string;
  reportingInstance?: string;
  [k: string]: unknown;
}
export interface EventAccepted {
  accepted: true;
  notifications: {
    id: string | null;
    alert: string;
    provider: string;
    /**
     * `queued`: it will be sent. `grouped`: with others, at the end of the window. `skipped`: the destination takes no such events.
     */
    outcome: 'queued' | 'grouped' | 'skipped';
    reason?: string | null;
  }[];
}
export interface NotificationAttempt {
  at: Timestamp;
  outcome: 'sent' | 'again' | 'limited' | 'refused';
  status: number | null;
  reason: string | null;
}
/**
 * One event, or a group of them, on its way to one provider.
 */
export interface Notification {
  id: string;
  /**
   * `collecting`: its window is open. `suppressed`: the same was sent shortly before, or nothing changed. `dropped`: nobody wants it any more. `deadlettered`: given up.
   */
  state: 'collecting' | 'pending' | 'sent' | 'suppressed' | 'dropped' | 'deadlettered';
  alert: string;
  provider: string;
  kind: string;
  name: string;
  namespace: string;
  severity: string;
  reason: string;
  message: string;
  /**
   * How many.
   */
  events: number;
  /**
   * The last 20, oldest first.
   */
  attempts: NotificationAttempt[];
  createdAt: Timestamp;
  /**
   * ISO 8601, UTC, milliseconds; null: never.
   */
  sentAt: string | null;
  /**
   * ISO 8601, UTC, milliseconds; null: never.
   */
  nextAttemptAt: string | null;
  /**
   * Why it ended as it did.
   */
  outcome: string | null;
}
export interface NotificationPage {
  items: Notification[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
export interface ProviderTestRequest {
  /**
   * Only show what would be sent.
   */
  dryRun?: boolean;
  severity?: 'info' | 'error';
  message?: string;
  /**
   * Commit, for those who set the status of one.
   */
  revision?: string;
}
/**
 * One request, with what is secret masked, and its answer.
 */
export interface WireExchange {
  method: string;
  url: string;
  headers: string[][];
  body: string | null;
  /**
   * Null when nothing was sent, or nothing answered.
   */
  status: number | null;
  answer: string | null;
}
export interface ProviderTestAnswer {
  provider: string;
  type: string;
  dryRun: boolean;
  outcome: 'sent' | 'again' | 'limited' | 'refused' | 'notReady' | 'dryRun';
  reason: string | null;
  exchanges: WireExchange[];
}
/**
 * One method, one service, or all.
 */
export interface HookMethodSelector {
  /**
   * `/zekt.event.v1.EventService/ReceiveEvent`
   */
  method?: string;
  /**
   * `zekt.event.v1.EventService`
   */
  service?: string;
  all?: true;
}
export interface HookFunctionSelector {
  name: string;
}
/**
 * One type of event, a group of them, or all.
 */
export interface HookEventSelector {
  /**
   * `delivery.failed`
   */
  event?: string;
  /**
   * `delivery`, or `delivery.*`: the same.
   */
  group?: string;
  all?: true;
}
/**
 * When hooks run: exactly one of these. It is what names an execution.
 */
export interface HookCondition {
  request?: HookMethodSelector;
  response?: HookMethodSelector;
  function?: HookFunctionSelector;
  event?: HookEventSelector;
}
/**
 * A target, or what another execution of the same phase calls.
 */
export interface HookCall {
  target?: HookTargetId;
  include?: HookCondition;
}
export interface HookExecutionSpec {
  on: HookCondition;
  /**
   * In this order. An empty list removes the execution.
   *
   * @maxItems 50
   */
  call: HookCall[];
}
export interface HookTargetSpec {
  /**
   * For people. Default: the id.
   */
  name?: string;
  /**
   * `restWebhook`: waited for, only the status counts. `restCall`: waited for, the answer replaces what was sent. `restAsync`: not waited for.
   */
  type: 'restWebhook' | 'restCall' | 'restAsync';
  /**
   * https; http only for hosts in ZEKT_EGRESS_ALLOW.
   */
  endpoint: string;
  /**
   * For one call: more than 0, at most 270s.
   */
  timeout: string;
  /**
   * A call that fails stops what it was called for. Default false: it is passed over.
   */
  interruptOnError?: boolean;
  /**
   * `JSON` (default); `JWT`: signed by this server, see `GET /api/hooks/jwks`; `JWE`: that, encrypted to the target's active public key.
   */
  payloadType?: 'JSON' | 'JWT' | 'JWE';
  /**
   * `zitadel`: bodies have the field names of ZITADEL Actions v2, and `ZITADEL-Signature` is sent beside `Zekt-Signature`.
   */
  compatibility?: 'zitadel';
}
export interface HookTargetResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Target';
  metadata: {
    /**
     * The account that it belongs to. Default: the operator, or the account of the workflow that applies it.
     */
    owner?: string;
    name: HookTargetId;
  };
  spec: HookTargetSpec;
}
export interface HookExecutionResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Execution';
  metadata?: {
    /**
     * As of a target.
     */
    owner?: string;
  };
  spec: HookExecutionSpec;
}
export interface HookPublicKey {
  /**
   * The `kid` of what is encrypted to it.
   */
  id: string;
  /**
   * SHA-256 of the key as DER (SubjectPublicKeyInfo), hexadecimal.
   */
  fingerprint: string;
  /**
   * It is encrypted to. One at most is.
   */
  active: boolean;
  expiresAt: Timestamp | null;
  addedAt: Timestamp;
}
export interface HookPublicKeyRequest {
  /**
   * SubjectPublicKeyInfo: RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521.
   */
  pem: string;
  expiresAt?: Timestamp;
}
export interface HookTarget {
  apiVersion: 'zekt.dev/v1';
  kind: 'Target';
  metadata: {
    owner?: string;
    name: HookTargetId;
  };
  spec: HookTargetSpec;
  status: {
    createdAt: Timestamp;
    changedAt: Timestamp;
    /**
     * Signing keys that calls are signed with now, the newest first; `until` of those that were rotated away.
     */
    keys: {
      id: string;
      until: Timestamp | null;
    }[];
    publicKeys: HookPublicKey[];
  };
  /**
   * Only in the answer that made it: keep it.
   */
  signingKey?: string;
}
export interface HookTargetPage {
  items: HookTarget[];
  next: string | null;
}
export interface HookRotateRequest {
  /**
   * How long calls are signed with the old key, too: `0s` to `720h`.
   */
  grace: string;
}
/**
 * Filters are joined by and.
 */
export interface HookSearchRequest {
  /**
   * @maxItems 100
   */
  ids?: HookTargetId[];
  name?: {
    value: string;
    /**
     * Default `contains`. All ignore case.
     */
    method?: 'equals' | 'startsWith' | 'endsWith' | 'contains';
  };
  sortBy?: 'id' | 'name' | 'type' | 'endpoint' | 'createdAt' | 'changedAt';
  descending?: boolean;
}
export interface HookExecution {
  apiVersion: 'zekt.dev/v1';
  kind: 'Execution';
  metadata: {
    owner?: string;
  };
  spec: HookExecutionSpec;
  /**
   * The condition as one word.
   */
  condition: string;
  /**
   * What it comes to, includes resolved.
   */
  targets: string[];
}
export interface HookExecutionPage {
  items: HookExecution[];
  next: string | null;
}
/**
 * Filters are joined by and.
 */
export interface HookExecutionSearchRequest {
  /**
   * @maxItems 100
   */
  conditions?: HookCondition[];
  phase?: 'request' | 'response' | 'function' | 'event';
  /**
   * Letters, digits, `_`, `.` and `-`.
   */
  target?: string;
}
export interface HookNames {
  items: string[];
}
export interface HookEventNames {
  items: string[];
  groups: string[];
}
/**
 * A trigger: the most exact condition that there is for it.
 */
export interface HookExplainRequest {
  on: HookCondition;
}
export interface HookExplanation {
  trigger: string;
  /**
   * Conditions that the trigger meets, the most exact first.
   */
  candidates: string[];
  /**
   * The one that wins; null: nothing is called.
   */
  condition: string | null;
  /**
   * What is called, in order.
   */
  targets: {
    id: string;
    type: string;
    interruptOnError: boolean;
  }[];
  /**
   * ZEKT_HOOKS=off: nothing is called.
   */
  off: boolean;
}
/**
 * What a target said to a test. Its body is not shown.
 */
export interface HookTestAnswer {
  target: string;
  ok: boolean;
  status: number | null;
  ms: number;
  reason: string | null;
}
/**
 * What a target is called with by a test.
 */
export interface HookTestBody {
  test: true;
  target: HookTargetId;
  sentAt: Timestamp;
}
/**
 * Of the caller's request; no others are passed on.
 */
export interface HookHeaders {
  'content-type'?: string[];
  host?: string[];
  origin?: string[];
  'x-forwarded-for'?: string[];
  'x-forwarded-host'?: string[];
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface HookRequestBody {
  fullMethod: string;
  /**
   * Which GitHub and which account the caller is of; null: no account's.
   */
  tenantId: string | null;
  /**
   * The account's id on its GitHub.
   */
  orgId: string | null;
  /**
   * owner/name of the calling workflow's.
   */
  repository: string | null;
  /**
   * Who started the run, `operator`, or `github`.
   */
  actor: string;
  requestId: string;
  headers: HookHeaders;
  /**
   * Of path and query. Hooks can't change them.
   */
  params: {
    [k: string]: string;
  };
  /**
   * The method's own request.
   */
  request: {
    [k: string]: unknown;
  };
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface HookResponseBody {
  fullMethod: string;
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  /**
   * As request hooks have left it.
   */
  request: {
    [k: string]: unknown;
  };
  /**
   * The method's own response.
   */
  response: {
    [k: string]: unknown;
  };
}
/**
 * What a target is told of an event.
 */
export interface HookEventBody {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: DomainEventType;
  /**
   * What it is about: run, delivery, subscription, service, approval, …
   */
  aggregateType: string;
  aggregateId: string;
  /**
   * Counts the events of the aggregate that hooks were told of, from 1.
   */
  sequence: number;
  createdAt: Timestamp;
  tenantId: string | null;
  actor: string | null;
  correlationId: string | null;
  payload: DomainEvent;
}
/**
 * Instead of what a target could answer: the call shall end with this status and message. Only an interrupting target's is passed on.
 */
export interface HookForwardedError {
  forwardedStatusCode: number;
  forwardedErrorMessage: string;
}
/**
 * One try to tell a target of an event.
 */
export interface HookDelivery {
  deliveryId: string;
  target: string;
  eventId: string;
  eventType: string;
  attempt: number;
  at: Timestamp;
  ms: number;
  status: number | null;
  outcome: 'delivered' | 'again' | 'deadlettered' | 'dropped';
  /**
   * What kind of failure, or null.
   */
  failure: string | null;
}
export interface HookDeliveryPage {
  items: HookDelivery[];
  next: string | null;
}
/**
 * An event that a target was not told of.
 */
export interface HookDeadLetter {
  deliveryId: string;
  target: string;
  eventId: string;
  eventType: string;
  attempts: number;
  at: Timestamp;
  status: number | null;
  failure: string;
}
export interface HookDeadLetterPage {
  items: HookDeadLetter[];
  next: string | null;
}
