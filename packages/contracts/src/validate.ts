import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import schemas from '../schemas.json' with { type: 'json' };
import type * as generated from './generated/types.ts';

/** Every contract by name: the `$defs` of schemas.json. */
export interface Contracts {
  AppliedResource: generated.AppliedResource;
  ApplyAnswer: generated.ApplyAnswer;
  ApplyRequest: generated.ApplyRequest;
  ClientPayload: generated.ClientPayload;
  CompleteRequest: generated.CompleteRequest;
  ConfirmRequest: generated.ConfirmRequest;
  DeadLetterPage: generated.DeadLetterPage;
  DecisionRequest: generated.DecisionRequest;
  Delivery: generated.Delivery;
  DeliveryPage: generated.DeliveryPage;
  Diagnostics: generated.Diagnostics;
  DoctorAnswer: generated.DoctorAnswer;
  DomainEvent: generated.DomainEvent;
  DomainEventPage: generated.DomainEventPage;
  ErrorAnswer: generated.ErrorAnswer;
  Health: generated.Health;
  OpenApi: generated.OpenApi;
  Readiness: generated.Readiness;
  ReceiveAnswer: generated.ReceiveAnswer;
  ReceiveRequest: generated.ReceiveRequest;
  Removed: generated.Removed;
  ReplayAnswer: generated.ReplayAnswer;
  DeadLetterReference: generated.DeadLetterReference;
  ReviveRequest: generated.ReviveRequest;
  Revived: generated.Revived;
  RedriveRequest: generated.RedriveRequest;
  Redriven: generated.Redriven;
  WebhooksRedelivered: generated.WebhooksRedelivered;
  Run: generated.Run;
  RunPage: generated.RunPage;
  Service: generated.Service;
  ServicePage: generated.ServicePage;
  ServiceResource: generated.ServiceResource;
  ServiceSpec: generated.ServiceSpec;
  Stats: generated.Stats;
  Approval: generated.Approval;
  ApprovalDecisionRequest: generated.ApprovalDecisionRequest;
  ApprovalEvidence: generated.ApprovalEvidence;
  ApprovalPage: generated.ApprovalPage;
  ApprovalRecord: generated.ApprovalRecord;
  ApprovalRequest: generated.ApprovalRequest;
  Card: generated.Card;
  ChannelPage: generated.ChannelPage;
  ChannelResource: generated.ChannelResource;
  IdentityPage: generated.IdentityPage;
  IdentityResource: generated.IdentityResource;
  Invitation: generated.Invitation;
  InvitationRequest: generated.InvitationRequest;
  JsonWebKeySet: generated.JsonWebKeySet;
  SecretName: generated.SecretName;
  SecretPage: generated.SecretPage;
  SecretValue: generated.SecretValue;
  ServiceOfferPage: generated.ServiceOfferPage;
  Subscription: generated.Subscription;
  SubscriptionPage: generated.SubscriptionPage;
  SubscriptionResource: generated.SubscriptionResource;
  SubscriptionSpec: generated.SubscriptionSpec;
  TrackingAnswer: generated.TrackingAnswer;
  WebhookAnswer: generated.WebhookAnswer;
  AlertResource: generated.AlertResource;
  EventAccepted: generated.EventAccepted;
  Notification: generated.Notification;
  NotificationAlert: generated.NotificationAlert;
  NotificationAlertPage: generated.NotificationAlertPage;
  NotificationEvent: generated.NotificationEvent;
  NotificationPage: generated.NotificationPage;
  NotificationProvider: generated.NotificationProvider;
  NotificationProviderPage: generated.NotificationProviderPage;
  ProviderResource: generated.ProviderResource;
  ProviderTestAnswer: generated.ProviderTestAnswer;
  ProviderTestRequest: generated.ProviderTestRequest;
  SecretResource: generated.SecretResource;
  HookDeadLetter: generated.HookDeadLetter;
  HookDeadLetterPage: generated.HookDeadLetterPage;
  HookDeliveryPage: generated.HookDeliveryPage;
  HookEventNames: generated.HookEventNames;
  HookExecution: generated.HookExecution;
  HookExecutionPage: generated.HookExecutionPage;
  HookExecutionSearchRequest: generated.HookExecutionSearchRequest;
  HookExecutionSpec: generated.HookExecutionSpec;
  HookExplainRequest: generated.HookExplainRequest;
  HookExplanation: generated.HookExplanation;
  HookNames: generated.HookNames;
  HookPublicKeyRequest: generated.HookPublicKeyRequest;
  HookRotateRequest: generated.HookRotateRequest;
  HookSearchRequest: generated.HookSearchRequest;
  HookTarget: generated.HookTarget;
  HookTargetPage: generated.HookTargetPage;
  HookTargetSpec: generated.HookTargetSpec;
  HookTestAnswer: generated.HookTestAnswer;
  HookExecutionResource: generated.HookExecutionResource;
  HookTargetResource: generated.HookTargetResource;
}

export type ContractName = keyof Contracts;

/** Made at first use: not every command validates. */
let ajv: Ajv2020 | undefined;
function compiler(): Ajv2020 {
  if (!ajv) {
    ajv = new Ajv2020({ allowUnionTypes: true, strict: true, strictRequired: false });
    ajv.addSchema(schemas);
  }
  return ajv;
}

const compiled = new Map<ContractName, ValidateFunction>();

function validatorOf(name: ContractName): ValidateFunction {
  let validator = compiled.get(name);
  if (!validator) {
    validator = compiler().compile({ $ref: `${schemas.$id}#/$defs/${name}` });
    compiled.set(name, validator);
  }
  return validator;
}

export type Validation<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * Checks a value from outside against a contract.
 *
 * @returns the value with its type, or the first problem as a sentence that names the field, what it got and what it wants.
 */
export function validate<N extends ContractName>(name: N, value: unknown): Validation<Contracts[N]> {
  const validator = validatorOf(name);
  if (validator(value)) return { ok: true, value: value as Contracts[N] };
  return { ok: false, problem: describe(validator.errors?.[0], value) };
}

function describe(error: ErrorObject | undefined, root: unknown): string {
  if (!error) return 'The value is not valid.';
  const segments = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let got: unknown = root;
  for (const segment of segments) got = (got as Record<string, unknown> | undefined)?.[segment];
  const field = segments.length > 0 ? `'${segments.join('.')}'` : 'the body';
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'required') return `${field} must have '${String(params.missingProperty)}'.`;
  if (error.keyword === 'additionalProperties')
    return `${field} has the unknown property '${String(params.additionalProperty).slice(0, 80)}'.`;
  if (error.keyword === 'enum')
    return `${field} must be one of ${JSON.stringify(params.allowedValues)}; got ${shorten(got)}.`;
  if (error.keyword === 'const') return `${field} must be ${JSON.stringify(params.allowedValue)}; got ${shorten(got)}.`;
  return `${field} ${error.message ?? 'is not valid'}; got ${shorten(got)}.`;
}

function shorten(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    const text = value === undefined ? 'nothing' : JSON.stringify(value);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  }
  return Array.isArray(value) ? 'an array' : 'an object';
}
