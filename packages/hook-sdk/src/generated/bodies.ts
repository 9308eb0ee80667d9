// Generated from packages/contracts by `npm run generate`. Do not edit.

export type HookRequest =
  | ReceiveEventHookRequest
  | ListEventsHookRequest
  | ReceiveWebhookHookRequest
  | ListRunsHookRequest
  | GetRunHookRequest
  | ConfirmDeliveryHookRequest
  | CompleteDeliveryHookRequest
  | ReplayDeliveryHookRequest
  | ListDeliveriesHookRequest
  | GetDeliveryHookRequest
  | PutServiceHookRequest
  | GetServiceHookRequest
  | DeleteServiceHookRequest
  | ListServicesHookRequest
  | InviteToServiceHookRequest
  | RequestSubscriptionHookRequest
  | ApproveSubscriptionHookRequest
  | RejectSubscriptionHookRequest
  | RevokeSubscriptionHookRequest
  | LeaveSubscriptionHookRequest
  | DeleteSubscriptionHookRequest
  | ListSubscriptionsHookRequest
  | GetSubscriptionHookRequest
  | RequestApprovalHookRequest
  | CancelApprovalHookRequest
  | DecideApprovalHookRequest
  | ListApprovalsHookRequest
  | GetApprovalHookRequest
  | GetApprovalCardHookRequest
  | GetApprovalEvidenceHookRequest
  | ReceiveNotificationEventHookRequest
  | ListNotificationsHookRequest
  | GetNotificationHookRequest
  | ReplayNotificationHookRequest
  | ListAlertsHookRequest
  | DeleteAlertHookRequest
  | DeleteProviderHookRequest;
/**
 * The `event_type` of a dispatch: 1 to 100 characters, as GitHub allows, not blank.
 */
export type EventType = string;
export type DeliveryId = string;
/**
 * `<repository id>:<run id>:<run attempt>` of the provider's run.
 */
export type CorrelationId = string;
/**
 * `owner/name` of a GitHub repository.
 */
export type RepositoryName = string;
/**
 * Path of a workflow file in its repository.
 */
export type WorkflowPath = string;
export type Guid = string;
/**
 * Lower-case letters, digits and inner hyphens, 2 to 64 characters.
 */
export type Slug = string;
export type HookResponse =
  | ReceiveEventHookResponse
  | ListEventsHookResponse
  | ReceiveWebhookHookResponse
  | ListRunsHookResponse
  | GetRunHookResponse
  | ConfirmDeliveryHookResponse
  | CompleteDeliveryHookResponse
  | ReplayDeliveryHookResponse
  | ListDeliveriesHookResponse
  | GetDeliveryHookResponse
  | PutServiceHookResponse
  | GetServiceHookResponse
  | DeleteServiceHookResponse
  | ListServicesHookResponse
  | InviteToServiceHookResponse
  | RequestSubscriptionHookResponse
  | ApproveSubscriptionHookResponse
  | RejectSubscriptionHookResponse
  | RevokeSubscriptionHookResponse
  | LeaveSubscriptionHookResponse
  | DeleteSubscriptionHookResponse
  | ListSubscriptionsHookResponse
  | GetSubscriptionHookResponse
  | RequestApprovalHookResponse
  | CancelApprovalHookResponse
  | DecideApprovalHookResponse
  | ListApprovalsHookResponse
  | GetApprovalHookResponse
  | GetApprovalCardHookResponse
  | GetApprovalEvidenceHookResponse
  | ReceiveNotificationEventHookResponse
  | ListNotificationsHookResponse
  | GetNotificationHookResponse
  | ReplayNotificationHookResponse
  | ListAlertsHookResponse
  | DeleteAlertHookResponse
  | DeleteProviderHookResponse;
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
 * ISO 8601, UTC, milliseconds.
 */
export type Timestamp = string;
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
export type HookEvent =
  | MessageReceivedHookEvent
  | MessageRejectedHookEvent
  | RunCompletedHookEvent
  | RunBlockedHookEvent
  | RunExpiredHookEvent
  | DeliveryDispatchedHookEvent
  | DeliveryConfirmedHookEvent
  | DeliveryCompletedHookEvent
  | DeliveryFailedHookEvent
  | DeliveryDeadletteredHookEvent
  | DeliveryCancelledHookEvent
  | DeliveryHeldHookEvent
  | DeliveryReplayedHookEvent
  | SubscriptionRequestedHookEvent
  | SubscriptionApprovedHookEvent
  | SubscriptionRejectedHookEvent
  | SubscriptionRevokedHookEvent
  | SubscriptionSuspendedHookEvent
  | ServiceSuspendedHookEvent
  | InstallationChangedHookEvent
  | ApprovalRequestedHookEvent
  | ApprovalDecidedHookEvent
  | ApprovalExpiredHookEvent
  | ApprovalWithdrawnHookEvent
  | ApprovalUndeliveredHookEvent
  | IdentityLinkedHookEvent
  | IdentityUnlinkedHookEvent;
/**
 * Letters, digits, `_`, `.` and `-`.
 */
export type HookTargetId = string;
/**
 * `30s`, `1m30s`, `500ms`.
 */
export type GoDuration = string;

/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ReceiveEventHookRequest {
  fullMethod: '/zekt.event.v1.EventService/ReceiveEvent';
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
  request: ReceiveRequest;
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
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListEventsHookRequest {
  fullMethod: '/zekt.event.v1.EventService/ListEvents';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ReceiveWebhookHookRequest {
  fullMethod: '/zekt.webhook.v1.WebhookService/ReceiveWebhook';
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
   * The webhook's payload.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListRunsHookRequest {
  fullMethod: '/zekt.run.v1.RunService/ListRuns';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetRunHookRequest {
  fullMethod: '/zekt.run.v1.RunService/GetRun';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ConfirmDeliveryHookRequest {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ConfirmDelivery';
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
  request: ConfirmRequest;
}
/**
 * Names a delivery by its id, or by the correlation id when the caller's repository has one delivery of that run.
 */
export interface ConfirmRequest {
  deliveryId?: DeliveryId;
  correlationId?: CorrelationId;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface CompleteDeliveryHookRequest {
  fullMethod: '/zekt.delivery.v1.DeliveryService/CompleteDelivery';
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
  request: CompleteRequest;
}
export interface CompleteRequest {
  deliveryId?: DeliveryId;
  correlationId?: CorrelationId;
  success: boolean;
  conclusion?: string;
  message?: string;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ReplayDeliveryHookRequest {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ReplayDelivery';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListDeliveriesHookRequest {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ListDeliveries';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetDeliveryHookRequest {
  fullMethod: '/zekt.delivery.v1.DeliveryService/GetDelivery';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface PutServiceHookRequest {
  fullMethod: '/zekt.service.v1.ServiceService/PutService';
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
  request: ServiceSpec;
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
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetServiceHookRequest {
  fullMethod: '/zekt.service.v1.ServiceService/GetService';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface DeleteServiceHookRequest {
  fullMethod: '/zekt.service.v1.ServiceService/DeleteService';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListServicesHookRequest {
  fullMethod: '/zekt.service.v1.ServiceService/ListServices';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface InviteToServiceHookRequest {
  fullMethod: '/zekt.service.v1.ServiceService/InviteToService';
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
  request: InvitationRequest;
}
export interface InvitationRequest {
  /**
   * Default 7 days, at most 90.
   */
  expiresInSeconds?: number;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface RequestSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RequestSubscription';
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
  request: SubscriptionResource;
}
export interface SubscriptionResource {
  apiVersion: 'zekt.dev/v1';
  kind: 'Subscription';
  metadata: {
    name: Slug;
  };
  spec: SubscriptionSpec;
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
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ApproveSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/ApproveSubscription';
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
  request: DecisionRequest;
}
export interface DecisionRequest {
  /**
   * `status.digest` of the request as it was looked at: another one by now is not decided.
   */
  digest?: string;
  reason?: string;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface RejectSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RejectSubscription';
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
  request: DecisionRequest;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface RevokeSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RevokeSubscription';
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
  request: DecisionRequest;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface LeaveSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/LeaveSubscription';
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
  request: DecisionRequest;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface DeleteSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/DeleteSubscription';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListSubscriptionsHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/ListSubscriptions';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetSubscriptionHookRequest {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/GetSubscription';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface RequestApprovalHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/RequestApproval';
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
  request: ApprovalRequest;
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
  onApprove?: ApprovalDispatch;
  onReject?: ApprovalDispatch1;
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
export interface ApprovalFact {
  name: string;
  value: string;
}
/**
 * Default event type: `zekt.approval.approved`, the only one under `zekt.` that is allowed.
 */
export interface ApprovalDispatch {
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
 * Their Entra account: with `requesterMayApprove: false` it may not decide.
 */
export interface EntraId1 {
  tenant: Guid;
  objectId: Guid;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface CancelApprovalHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/CancelApproval';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface DecideApprovalHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/DecideApproval';
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
  request: ApprovalDecisionRequest;
}
export interface ApprovalDecisionRequest {
  decision: 'approved' | 'rejected';
  comment?: string;
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListApprovalsHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/ListApprovals';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetApprovalHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApproval';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetApprovalCardHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApprovalCard';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetApprovalEvidenceHookRequest {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApprovalEvidence';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ReceiveNotificationEventHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/ReceiveNotificationEvent';
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
  request: NotificationEvent;
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
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListNotificationsHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/ListNotifications';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface GetNotificationHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/GetNotification';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ReplayNotificationHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/ReplayNotification';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface ListAlertsHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/ListAlerts';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface DeleteAlertHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/DeleteAlert';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a request. A `restCall` answers with the bare `request`, whole, as it shall be.
 */
export interface DeleteProviderHookRequest {
  fullMethod: '/zekt.notification.v1.NotificationService/DeleteProvider';
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
   * Nothing: this method has no body.
   */
  request: {};
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ReceiveEventHookResponse {
  fullMethod: '/zekt.event.v1.EventService/ReceiveEvent';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: ReceiveRequest;
  response: ReceiveAnswer;
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
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListEventsHookResponse {
  fullMethod: '/zekt.event.v1.EventService/ListEvents';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: DomainEventPage;
}
export interface DomainEventPage {
  items: DomainEvent[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
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
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ReceiveWebhookHookResponse {
  fullMethod: '/zekt.webhook.v1.WebhookService/ReceiveWebhook';
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
   * The webhook's payload.
   */
  request: {};
  response: WebhookAnswer;
}
export interface WebhookAnswer {
  accepted: true;
  outcome: 'queued' | 'ignored';
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListRunsHookResponse {
  fullMethod: '/zekt.run.v1.RunService/ListRuns';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: RunPage;
}
export interface RunPage {
  items: Run[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
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
export interface RunMessage {
  eventId: string;
  eventType: string;
  receivedAt: Timestamp;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetRunHookResponse {
  fullMethod: '/zekt.run.v1.RunService/GetRun';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Run;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ConfirmDeliveryHookResponse {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ConfirmDelivery';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: ConfirmRequest;
  response: TrackingAnswer;
}
export interface TrackingAnswer {
  success: true;
  delivery: Delivery;
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
export interface Attempt {
  at: Timestamp;
  outcome: 'accepted' | 'retry' | 'limited' | 'refused' | 'held';
  status?: number | null;
  reason?: string;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface CompleteDeliveryHookResponse {
  fullMethod: '/zekt.delivery.v1.DeliveryService/CompleteDelivery';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: CompleteRequest;
  response: TrackingAnswer;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ReplayDeliveryHookResponse {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ReplayDelivery';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: ReplayAnswer;
}
export interface ReplayAnswer {
  deliveryId: string;
  replayOf: string;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListDeliveriesHookResponse {
  fullMethod: '/zekt.delivery.v1.DeliveryService/ListDeliveries';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: DeliveryPage;
}
export interface DeliveryPage {
  items: Delivery[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetDeliveryHookResponse {
  fullMethod: '/zekt.delivery.v1.DeliveryService/GetDelivery';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Delivery;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface PutServiceHookResponse {
  fullMethod: '/zekt.service.v1.ServiceService/PutService';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: ServiceSpec;
  response: Service;
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
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetServiceHookResponse {
  fullMethod: '/zekt.service.v1.ServiceService/GetService';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Service;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface DeleteServiceHookResponse {
  fullMethod: '/zekt.service.v1.ServiceService/DeleteService';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Removed;
}
export interface Removed {
  removed: string;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListServicesHookResponse {
  fullMethod: '/zekt.service.v1.ServiceService/ListServices';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: ServicePage | ServiceOfferPage;
}
export interface ServicePage {
  items: Service[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
export interface ServiceOfferPage {
  items: ServiceOffer[];
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
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface InviteToServiceHookResponse {
  fullMethod: '/zekt.service.v1.ServiceService/InviteToService';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: InvitationRequest;
  response: Invitation;
}
export interface Invitation {
  /**
   * Shown once; stored as a hash. Good for one subscription.
   */
  code: string;
  expiresAt: Timestamp;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface RequestSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RequestSubscription';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: SubscriptionResource;
  response: Subscription;
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
/**
 * A right that somebody gave.
 */
export interface Grant {
  eventTypes: string[];
  conclusions: string[];
  by: string;
  at: Timestamp;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ApproveSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/ApproveSubscription';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: DecisionRequest;
  response: Subscription;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface RejectSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RejectSubscription';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: DecisionRequest;
  response: Subscription;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface RevokeSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/RevokeSubscription';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: DecisionRequest;
  response: Subscription;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface LeaveSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/LeaveSubscription';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: DecisionRequest;
  response: Subscription;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface DeleteSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/DeleteSubscription';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Removed;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListSubscriptionsHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/ListSubscriptions';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: SubscriptionPage;
}
export interface SubscriptionPage {
  items: Subscription[];
  /**
   * Pass as `after` for the next page; null at the end.
   */
  next: string | null;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetSubscriptionHookResponse {
  fullMethod: '/zekt.subscription.v1.SubscriptionService/GetSubscription';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Subscription;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface RequestApprovalHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/RequestApproval';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: ApprovalRequest;
  response: Approval;
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
/**
 * A person of a tenant, by ids.
 */
export interface EntraId2 {
  tenant: Guid;
  objectId: Guid;
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
 * What became of the card.
 */
export interface ApprovalPosting {
  channel: string;
  state: 'waiting' | 'posted' | 'failed';
  tries: number;
  reason: string | null;
  at: string | null;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface CancelApprovalHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/CancelApproval';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Approval;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface DecideApprovalHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/DecideApproval';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: ApprovalDecisionRequest;
  response: Approval;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListApprovalsHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/ListApprovals';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: ApprovalPage;
}
export interface ApprovalPage {
  items: Approval[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetApprovalHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApproval';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Approval;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetApprovalCardHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApprovalCard';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Card;
}
/**
 * A MessageCard, or an Adaptive Card, alone or in the envelope of Teams Workflows.
 */
export interface Card {}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetApprovalEvidenceHookResponse {
  fullMethod: '/zekt.approval.v1.ApprovalService/GetApprovalEvidence';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: ApprovalEvidence;
}
export interface ApprovalEvidence {
  /**
   * Compact JWS (EdDSA) of the record; its keys are at /api/evidence/keys.
   */
  jws: string;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ReceiveNotificationEventHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/ReceiveNotificationEvent';
  tenantId: string | null;
  orgId: string | null;
  repository: string | null;
  actor: string;
  requestId: string;
  headers: HookHeaders;
  params: {
    [k: string]: string;
  };
  request: NotificationEvent;
  response: EventAccepted;
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
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListNotificationsHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/ListNotifications';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: NotificationPage;
}
export interface NotificationPage {
  items: Notification[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
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
export interface NotificationAttempt {
  at: Timestamp;
  outcome: 'sent' | 'again' | 'limited' | 'refused';
  status: number | null;
  reason: string | null;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface GetNotificationHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/GetNotification';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Notification;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ReplayNotificationHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/ReplayNotification';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Notification;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface ListAlertsHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/ListAlerts';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: NotificationAlertPage;
}
export interface NotificationAlertPage {
  items: NotificationAlert[];
  /**
   * Pass it as `after`; null at the end.
   */
  next: string | null;
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
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface DeleteAlertHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/DeleteAlert';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Removed;
}
/**
 * What a target is told of a response. A `restCall` answers with the bare `response`, whole, as it shall be.
 */
export interface DeleteProviderHookResponse {
  fullMethod: '/zekt.notification.v1.NotificationService/DeleteProvider';
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
   * Nothing: this method has no body.
   */
  request: {};
  response: Removed;
}
/**
 * What a target is told of an event.
 */
export interface MessageReceivedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'message.received';
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
 * What a target is told of an event.
 */
export interface MessageRejectedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'message.rejected';
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
 * What a target is told of an event.
 */
export interface RunCompletedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'run.completed';
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
 * What a target is told of an event.
 */
export interface RunBlockedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'run.blocked';
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
 * What a target is told of an event.
 */
export interface RunExpiredHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'run.expired';
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
 * What a target is told of an event.
 */
export interface DeliveryDispatchedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.dispatched';
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
 * What a target is told of an event.
 */
export interface DeliveryConfirmedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.confirmed';
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
 * What a target is told of an event.
 */
export interface DeliveryCompletedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.completed';
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
 * What a target is told of an event.
 */
export interface DeliveryFailedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.failed';
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
 * What a target is told of an event.
 */
export interface DeliveryDeadletteredHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.deadlettered';
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
 * What a target is told of an event.
 */
export interface DeliveryCancelledHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.cancelled';
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
 * What a target is told of an event.
 */
export interface DeliveryHeldHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.held';
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
 * What a target is told of an event.
 */
export interface DeliveryReplayedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'delivery.replayed';
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
 * What a target is told of an event.
 */
export interface SubscriptionRequestedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'subscription.requested';
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
 * What a target is told of an event.
 */
export interface SubscriptionApprovedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'subscription.approved';
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
 * What a target is told of an event.
 */
export interface SubscriptionRejectedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'subscription.rejected';
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
 * What a target is told of an event.
 */
export interface SubscriptionRevokedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'subscription.revoked';
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
 * What a target is told of an event.
 */
export interface SubscriptionSuspendedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'subscription.suspended';
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
 * What a target is told of an event.
 */
export interface ServiceSuspendedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'service.suspended';
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
 * What a target is told of an event.
 */
export interface InstallationChangedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'installation.changed';
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
 * What a target is told of an event.
 */
export interface ApprovalRequestedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'approval.requested';
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
 * What a target is told of an event.
 */
export interface ApprovalDecidedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'approval.decided';
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
 * What a target is told of an event.
 */
export interface ApprovalExpiredHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'approval.expired';
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
 * What a target is told of an event.
 */
export interface ApprovalWithdrawnHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'approval.withdrawn';
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
 * What a target is told of an event.
 */
export interface ApprovalUndeliveredHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'approval.undelivered';
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
 * What a target is told of an event.
 */
export interface IdentityLinkedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'identity.linked';
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
 * What a target is told of an event.
 */
export interface IdentityUnlinkedHookEvent {
  /**
   * The same at each try, as in `Zekt-Delivery`.
   */
  deliveryId: string;
  eventId: string;
  eventType: 'identity.unlinked';
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
 * What a target is called with by a test.
 */
export interface HookTestBody {
  test: true;
  target: HookTargetId;
  sentAt: Timestamp;
}
export interface ApprovalDispatch2 {
  eventType?: EventType;
  /**
   * Any JSON, at most 40,000 bytes and 64 levels deep; kept as it is written, and sent as `client_payload.payload`.
   */
  payload?: {
    [k: string]: unknown;
  };
}
