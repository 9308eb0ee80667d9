import type { ReceiveAnswer, ReceiveRequest } from '@zekt/contracts';
import { runExpiry, type RunDocument } from '../correlation/run-document.ts';
import type { CorrelateWork } from '../correlation/correlate.ts';
import { countMatching } from '../correlation/match.ts';
import { getRepository } from '../directory/repository.ts';
import { findServiceOfWorkflow, serviceId, type ServiceDocument } from '../directory/service.ts';
import { ZektError } from '../errors.ts';
import { domainEvent } from '../events/domain-event.ts';
import { digest, guidOf } from '../identity/digest.ts';
import { correlationIdOf, runPartition } from '../identity/run-key.ts';
import { isPullRequestRun, type WorkflowIdentity } from '../identity/workflow-identity.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';
import { checkedPayload } from './payload-limits.ts';

export interface IncomingMessage {
  readonly identity: WorkflowIdentity;
  readonly request: ReceiveRequest;
  /** The `Idempotency-Key` header, if the client sent one. */
  readonly idempotencyKey: string | null;
  /** W3C `traceparent` of the request; what is dispatched carries it on. */
  readonly traceparent?: string | null;
}

/** A message as stored beside its run. The payload is JSON text, exactly what is sent on. */
export interface MessageDocument {
  readonly eventId: string;
  readonly eventType: string;
  readonly payload: string;
  readonly receivedAt: number;
  readonly traceparent?: string;
}

/** What the first of two equal requests was answered. */
interface AnsweredRequest {
  readonly content: string;
  readonly answer: ReceiveAnswer;
}

export const messageDocumentId = (eventId: string): string => `message:${eventId}`;
/** Payloads can be replayed for 90 days. */
export const payloadKeptMs = 90 * 86_400_000;
/** More would make the run's document too large to rewrite with every message. */
export const maxMessagesPerRun = 1000;

/**
 * Accepts a workflow's message. Message, run document, answer and domain event commit together; the same request again gets the
 * first answer.
 *
 * @throws ZektError with the code of the first rule that the message breaks
 */
export async function acceptMessage(
  store: DocumentStore,
  message: IncomingMessage,
  nowMs: number,
): Promise<ReceiveAnswer> {
  const { identity, request } = message;
  const service = await authorize(store, message);
  const payload = checkedPayload('payload' in request ? request.payload : {});

  const correlationId = correlationIdOf({
    repositoryId: identity.repositoryId,
    runId: identity.runId,
    attempt: identity.runAttempt,
  });
  const partition = runPartition(correlationId);
  const content = digest(request.eventType, payload);
  const requestKey =
    message.idempotencyKey === null
      ? digest('token', identity.tokenId, content)
      : digest('key', message.idempotencyKey);
  const requestId = `request:${requestKey}`;

  const earlier = await store.get<AnsweredRequest>(partition, requestId);
  if (earlier) return sameAnswer(earlier.body, content);

  const eventId = `evt-${guidOf(correlationId, requestKey)}`;
  const consumers = service ? await countMatching(store, service, request.eventType) : 0;
  const answer: ReceiveAnswer = {
    success: true,
    eventId,
    consumersNotified: consumers,
    message: describe(service, identity, consumers),
  };
  const { traceparent = null } = message;
  const document: MessageDocument = {
    eventId,
    eventType: request.eventType,
    payload,
    receivedAt: nowMs,
    ...(traceparent !== null && { traceparent }),
  };
  const correlate: CorrelateWork = { kind: 'message', correlationId };
  const messages = [
    { queue: 'correlate' as const, id: `message:${eventId}`, session: `run:${correlationId}`, body: correlate },
    domainEvent('message.received', nowMs, {
      once: eventId,
      summary: `Message ${request.eventType} came from ${identity.repository}, run ${identity.runId}.`,
      correlationId,
      eventId,
      repositoryId: identity.repositoryId,
      actor: identity.actor,
      ...(service && { service: serviceId(service.owner, service.name) }),
    }),
  ];
  const expiresAt = nowMs + payloadKeptMs;
  const updated = await updateDocument<RunDocument>(store, partition, 'run', (run) => {
    if (run && run.messages.length >= maxMessagesPerRun) {
      throw new ZektError(
        'too_many_messages',
        `The run has sent ${maxMessagesPerRun} messages already. Put more into each message.`,
      );
    }
    const ref = { eventId, eventType: request.eventType, receivedAt: nowMs };
    // A run that was given up is looked at again when it speaks again.
    const { expired: _, ...base } = run ?? {
      correlationId,
      firstSeenAt: nowMs,
      messages: [],
      decided: 0,
      deliveries: 0,
    };
    return {
      body: { ...base, workflow: identity.workflow, messages: [...base.messages, ref] },
      expiresAt: runExpiry(base.firstSeenAt),
      also: [
        { kind: 'create', id: requestId, body: { content, answer } satisfies AnsweredRequest, expiresAt },
        { kind: 'create', id: messageDocumentId(eventId), body: document, expiresAt },
      ],
      messages,
    };
  });
  if (updated.changed) return answer;
  const winner = await store.get<AnsweredRequest>(partition, requestId);
  if (!winner) throw new ZektError('unavailable', 'The message could not be stored. Try again.');
  return sameAnswer(winner.body, content);
}

/** @returns the service that the workflow is allow-listed as, or null when it is not: then the run will be blocked, and counted */
async function authorize(
  store: DocumentStore,
  { identity, request }: IncomingMessage,
): Promise<ServiceDocument | null> {
  if (request.repository.toLowerCase() !== identity.repository.toLowerCase()) {
    throw new ZektError(
      'repository_mismatch',
      `Repository mismatch: the body says '${request.repository}', the token is of '${identity.repository}'.`,
    );
  }
  if (request.workflowRunId !== identity.runId) {
    throw new ZektError(
      'run_mismatch',
      `Run mismatch: the body says '${request.workflowRunId}', the token is of run '${identity.runId}'.`,
    );
  }
  if (request.orchestration_step_ref) {
    throw new ZektError(
      'unknown_execution',
      `There is no orchestration execution '${request.orchestration_step_ref.execution_id}'.`,
    );
  }
  const repository = await getRepository(store, identity.repositoryId);
  if (!repository || repository.deleted || repository.installationId === null) {
    throw new ZektError(
      'repository_not_enabled',
      `Repository not enabled in Zekt: install the Zekt GitHub App on '${identity.repository}', or ask your Zekt operator to run zekt doctor.`,
    );
  }
  const service = await findServiceOfWorkflow(store, identity.repositoryId, identity.workflow);
  const ownerId = service?.ownerId ?? repository.ownerId;
  if (ownerId !== identity.repositoryOwnerId || (service && service.suspended !== null)) {
    throw new ZektError(
      'provider_suspended',
      `'${identity.repository}' has changed its owner, so its services are suspended. An operator must apply the service again to confirm.`,
    );
  }
  if (service && service.issuer !== identity.issuer) {
    throw new ZektError(
      'issuer_not_trusted',
      `The service takes tokens of '${service.issuer}'; this one is of '${identity.issuer}'.`,
    );
  }
  if (isPullRequestRun(identity) && service?.allowPullRequests !== true) {
    throw new ZektError(
      'pull_request_refused',
      `Runs of '${identity.eventName}' may carry a stranger's code, so their messages are refused. The service can allow them with allowPullRequests.`,
    );
  }
  return service;
}

function sameAnswer(earlier: AnsweredRequest, content: string): ReceiveAnswer {
  if (earlier.content === content) return earlier.answer;
  throw new ZektError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another event type or payload of this run. Use a new key for each message.',
  );
}

function describe(service: ServiceDocument | null, identity: WorkflowIdentity, consumers: number): string {
  if (!service) {
    return `Stored, but '${identity.workflow}' is not allow-listed as a service, so it will not be delivered. An operator adds it with zekt apply.`;
  }
  if (consumers === 0) return 'Stored. No approved consumer takes this event type yet.';
  return `Accepted for ${consumers} consumer${consumers === 1 ? '' : 's'}; sent when run ${identity.runId} completes.`;
}

/** The event that records a refused message of a known repository. */
export function messageRejected({ identity, request }: IncomingMessage, error: ZektError, nowMs: number) {
  return domainEvent('message.rejected', nowMs, {
    once: digest(identity.tokenId, request.eventType, error.code),
    summary: `Message ${request.eventType.slice(0, 100)} of ${identity.repository} was refused at ${isoTime(nowMs)}: ${error.code}.`,
    correlationId: correlationIdOf({
      repositoryId: identity.repositoryId,
      runId: identity.runId,
      attempt: identity.runAttempt,
    }),
    repositoryId: identity.repositoryId,
    reason: error.message,
  });
}
