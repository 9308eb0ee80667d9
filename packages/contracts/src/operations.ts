import type { ContractName } from './validate.ts';

/** Who may call an operation: a workflow with its OIDC token, GitHub with its signature, a manager with the admin token, or anyone. */
export type Caller = 'workflow' | 'github' | 'management' | 'anyone';

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With `{name}` for each path parameter. */
  readonly path: string;
  readonly summary: string;
  readonly caller: Caller;
  /** Schema of the JSON body, if the operation takes one. */
  readonly request?: ContractName;
  /** Status and schema of the answer when all went well. */
  readonly answer: { readonly status: 200 | 201 | 202; readonly schema: ContractName };
  readonly query?: Readonly<Record<string, string>>;
  /** Statuses of the errors that a caller should expect, beside 500. */
  readonly errors: readonly number[];
}

const paging = { after: 'the `next` of the page before', limit: '1 to 100, default 50' };
const managed = [400, 401] as const;

/** The HTTP surface: the one table from which routes and the OpenAPI document are made. */
export const operations = {
  receiveEvent: {
    method: 'POST',
    path: '/api/events/receive',
    summary: "Accept a workflow's message",
    caller: 'workflow',
    request: 'ReceiveRequest',
    answer: { status: 200, schema: 'ReceiveAnswer' },
    errors: [400, 401, 403, 404, 413, 422, 503],
  },
  receiveWebhook: {
    method: 'POST',
    path: '/api/github/webhooks',
    summary: "Accept a delivery of the GitHub App's webhook",
    caller: 'github',
    answer: { status: 202, schema: 'WebhookAnswer' },
    errors: [400, 401, 413],
  },
  confirmDelivery: {
    method: 'POST',
    path: '/api/event-delivery/confirm',
    summary: 'A consumer says that it got a delivery',
    caller: 'workflow',
    request: 'ConfirmRequest',
    answer: { status: 200, schema: 'TrackingAnswer' },
    errors: [400, 401, 404, 409],
  },
  completeDelivery: {
    method: 'POST',
    path: '/api/event-delivery/complete',
    summary: 'A consumer says how its work ended',
    caller: 'workflow',
    request: 'CompleteRequest',
    answer: { status: 200, schema: 'TrackingAnswer' },
    errors: [400, 401, 404, 409],
  },
  replayDelivery: {
    method: 'POST',
    path: '/api/replay/{deliveryId}',
    summary: 'Send the same content again as a new delivery',
    caller: 'management',
    answer: { status: 202, schema: 'ReplayAnswer' },
    errors: [...managed, 404, 409, 410],
  },
  diagnoseConnection: {
    method: 'GET',
    path: '/api/connections/{id}/diagnostics',
    summary: 'Health and failures of one subscription',
    caller: 'management',
    answer: { status: 200, schema: 'Diagnostics' },
    errors: [...managed, 404],
  },
  putService: {
    method: 'PUT',
    path: '/api/services/{owner}/{name}',
    summary: 'Create or change a service',
    caller: 'management',
    request: 'ServiceSpec',
    answer: { status: 200, schema: 'Service' },
    errors: [...managed, 404, 409],
  },
  getService: {
    method: 'GET',
    path: '/api/services/{owner}/{name}',
    summary: 'One service',
    caller: 'management',
    answer: { status: 200, schema: 'Service' },
    errors: [...managed, 404],
  },
  deleteService: {
    method: 'DELETE',
    path: '/api/services/{owner}/{name}',
    summary: 'Remove a service and revoke its subscriptions',
    caller: 'management',
    answer: { status: 200, schema: 'Removed' },
    errors: [...managed, 404],
  },
  listServices: {
    method: 'GET',
    path: '/api/services',
    summary: 'All services',
    caller: 'management',
    query: paging,
    answer: { status: 200, schema: 'ServicePage' },
    errors: managed,
  },
  requestSubscription: {
    method: 'POST',
    path: '/api/subscriptions',
    summary: 'Ask for a service on behalf of a consumer',
    caller: 'management',
    request: 'SubscriptionResource',
    answer: { status: 201, schema: 'Subscription' },
    errors: [...managed, 404, 409],
  },
  listSubscriptions: {
    method: 'GET',
    path: '/api/subscriptions',
    summary: 'All subscriptions',
    caller: 'management',
    query: paging,
    answer: { status: 200, schema: 'SubscriptionPage' },
    errors: managed,
  },
  getSubscription: {
    method: 'GET',
    path: '/api/subscriptions/{id}',
    summary: 'One subscription with its history',
    caller: 'management',
    answer: { status: 200, schema: 'Subscription' },
    errors: [...managed, 404],
  },
  deleteSubscription: {
    method: 'DELETE',
    path: '/api/subscriptions/{id}',
    summary: 'Revoke and remove a subscription',
    caller: 'management',
    answer: { status: 200, schema: 'Removed' },
    errors: [...managed, 404],
  },
  approveSubscription: {
    method: 'POST',
    path: '/api/subscriptions/{id}/approve',
    summary: 'Let the consumer receive',
    caller: 'management',
    request: 'DecisionRequest',
    answer: { status: 200, schema: 'Subscription' },
    errors: [...managed, 404, 409],
  },
  rejectSubscription: {
    method: 'POST',
    path: '/api/subscriptions/{id}/reject',
    summary: 'Refuse a request',
    caller: 'management',
    request: 'DecisionRequest',
    answer: { status: 200, schema: 'Subscription' },
    errors: [...managed, 404, 409],
  },
  revokeSubscription: {
    method: 'POST',
    path: '/api/subscriptions/{id}/revoke',
    summary: 'End a subscription; what is not yet dispatched stays',
    caller: 'management',
    request: 'DecisionRequest',
    answer: { status: 200, schema: 'Subscription' },
    errors: [...managed, 404, 409],
  },
  applyResources: {
    method: 'POST',
    path: '/api/apply',
    summary: 'Make the stored resources equal to the given ones',
    caller: 'management',
    request: 'ApplyRequest',
    answer: { status: 200, schema: 'ApplyAnswer' },
    errors: [...managed, 404, 409],
  },
  listRuns: {
    method: 'GET',
    path: '/api/runs',
    summary: 'Runs, newest first',
    caller: 'management',
    query: paging,
    answer: { status: 200, schema: 'RunPage' },
    errors: managed,
  },
  getRun: {
    method: 'GET',
    path: '/api/runs/{correlationId}',
    summary: 'One run',
    caller: 'management',
    answer: { status: 200, schema: 'Run' },
    errors: [...managed, 404],
  },
  listDeliveries: {
    method: 'GET',
    path: '/api/deliveries',
    summary: 'Deliveries, newest first',
    caller: 'management',
    query: { ...paging, run: 'only those of this correlation id', subscription: 'only those of this subscription' },
    answer: { status: 200, schema: 'DeliveryPage' },
    errors: managed,
  },
  listDeadLetters: {
    method: 'GET',
    path: '/api/dead-letters',
    summary: 'Messages that the workers gave up on',
    caller: 'management',
    query: paging,
    answer: { status: 200, schema: 'DeadLetterPage' },
    errors: managed,
  },
  reviveDeadLetter: {
    method: 'POST',
    path: '/api/dead-letters/revive',
    summary: 'Put a message that the workers gave up on back into its queue',
    caller: 'management',
    request: 'DeadLetterReference',
    answer: { status: 202, schema: 'DeadLetterReference' },
    errors: [...managed, 404],
  },
  getDelivery: {
    method: 'GET',
    path: '/api/deliveries/{deliveryId}',
    summary: 'One delivery with its attempts',
    caller: 'management',
    answer: { status: 200, schema: 'Delivery' },
    errors: [...managed, 404],
  },
  listEvents: {
    method: 'GET',
    path: '/api/events',
    summary: 'Domain events, newest first',
    caller: 'management',
    query: paging,
    answer: { status: 200, schema: 'DomainEventPage' },
    errors: managed,
  },
  diagnose: {
    method: 'GET',
    path: '/api/doctor',
    summary: 'What is missing for a repository and workflow',
    caller: 'management',
    query: { repository: '`owner/name`', workflow: 'path of the workflow file (optional)' },
    answer: { status: 200, schema: 'DoctorAnswer' },
    errors: managed,
  },
  getStats: {
    method: 'GET',
    path: '/api/stats',
    summary: 'Counters and queue depths',
    caller: 'management',
    answer: { status: 200, schema: 'Stats' },
    errors: managed,
  },
  getHealth: {
    method: 'GET',
    path: '/api/health',
    summary: 'The process answers',
    caller: 'anyone',
    answer: { status: 200, schema: 'Health' },
    errors: [],
  },
  getReadiness: {
    method: 'GET',
    path: '/api/ready',
    summary: 'The store and the bus answer',
    caller: 'anyone',
    answer: { status: 200, schema: 'Readiness' },
    errors: [503],
  },
  getOpenApi: {
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'This document',
    caller: 'anyone',
    answer: { status: 200, schema: 'OpenApi' },
    errors: [],
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;
