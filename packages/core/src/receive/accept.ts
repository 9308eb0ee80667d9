import type { ReceiveAnswer, ReceiveRequest } from '@zekt/contracts';
import type { Cards } from '../directory/card.ts';
import { labelOf, type ServiceDocument } from '../directory/service.ts';
import { ZektError } from '../errors.ts';
import { messageHint } from '../hints.ts';
import { digest } from '../identity/digest.ts';
import {
  accountRef,
  correlationIdOf,
  messageDocumentId,
  repositoryIdOf,
  runPartition,
  type RunKey,
} from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import { identityRef, type WorkflowIdentity } from '../identity/workflow-identity.ts';
import { reports, type Listeners } from '../journal/append.ts';
import { journalEntry, type JournalEntry } from '../journal/entry.ts';
import type { Bus } from '../ports/bus.ts';
import { isoTime } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { authorizeMessage } from './authorize.ts';
import type { ReceiveLimits } from './limits.ts';
import { getMessage, payloadKeptMs, type MessageDocument, type Order } from './message-document.ts';
import { prospectsOf } from './prospects.ts';
import { checkedPayload } from './payload-limits.ts';

export interface IncomingMessage {
  readonly identity: WorkflowIdentity;
  readonly request: ReceiveRequest;
  /** The `Idempotency-Key` header, if the client sent one. */
  readonly idempotencyKey: string | null;
  /** W3C `traceparent` of the request; what is dispatched carries it on. */
  readonly traceparent?: string | null;
}

export interface ReceiveContext {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly cards: Cards;
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
  readonly limits: ReceiveLimits;
  readonly order: Order;
}

/**
 * Keeps a workflow's message, once, and hints at it. The same request again gets the first answer.
 *
 * @throws ZektError with the code of the first rule that the message breaks
 */
export async function acceptMessage(
  context: ReceiveContext,
  message: IncomingMessage,
  nowMs: number,
): Promise<ReceiveAnswer> {
  const { identity, request } = message;
  const run: RunKey = { repository: identityRef(identity), runId: identity.runId, attempt: identity.runAttempt };
  const card = await context.cards.get(run.repository);
  const service = authorizeMessage(identity, request, card);
  const payload = checkedPayload('payload' in request ? request.payload : {});
  const bytes = Buffer.byteLength(payload);
  const kept = service ? bytes : 0;
  const content = digest(request.eventType, payload);
  const requestKey =
    message.idempotencyKey === null
      ? digest('token', identity.tokenId, content)
      : digest('key', message.idempotencyKey);
  const account = accountRef(run.repository, identity.repositoryOwnerId);
  try {
    await context.limits.check(run, account, kept, nowMs);
  } catch (error) {
    // What was taken before the limit was reached is answered as it was.
    if (!(await getMessage(context.store, run, requestKey))) throw error;
  }
  const eventId = context.ids.event(run, requestKey);
  const { consumers, undelivered } = prospectsOf(card, service, identity.workflow, request.eventType);
  const { traceparent = null } = message;
  const document: MessageDocument = {
    requestKey,
    content,
    answer: {
      success: true,
      eventId,
      consumersNotified: consumers,
      message: undelivered ? `Stored. ${undelivered.reason} ${undelivered.fix}` : describe(identity, consumers),
      ...(undelivered && { undelivered }),
    },
    eventId,
    eventType: request.eventType,
    payload: service ? payload : null,
    bytes,
    workflow: identity.workflow,
    receivedAt: nowMs,
    order: context.order.next(nowMs),
    ...(traceparent !== null && { traceparent }),
  };
  const partition = runPartition(run);
  const id = messageDocumentId(requestKey);
  const { journal, messages } = reports([received({ run, identity, service }, document)], context.listeners);
  const result = await context.bus.commit({
    batches: [{ partition, writes: [{ kind: 'create', id, body: document, expiresAt: nowMs + payloadKeptMs }] }],
    journal,
    messages: [messageHint(run, requestKey), ...messages],
  });
  if (result.committed) {
    context.limits.took(run, account, kept, nowMs);
    return document.answer;
  }
  return repeatAnswer(context, { run, identity, service }, requestKey, content);
}

/** The request was here before: its first answer, after what may have been left undone then. */
async function repeatAnswer(
  { store, bus, listeners }: ReceiveContext,
  { run, identity, service }: Sender,
  requestKey: string,
  content: string,
): Promise<ReceiveAnswer> {
  const earlier = await getMessage(store, run, requestKey);
  if (!earlier) throw new ZektError('unavailable', 'The same message is being stored at this moment. Try again.');
  if (earlier.content !== content) {
    throw new ZektError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another event type or payload of this run. Use a new key for each message.',
    );
  }
  const { journal, messages } = reports([received({ run, identity, service }, earlier)], listeners);
  await bus.commit({ journal, messages: [messageHint(run, requestKey), ...messages] });
  return earlier.answer;
}

interface Sender {
  readonly run: RunKey;
  readonly identity: WorkflowIdentity;
  readonly service: ServiceDocument | null;
}

function received(
  { run, identity: { repository, runId, actor }, service }: Sender,
  { eventId, eventType, receivedAt }: MessageDocument,
): JournalEntry {
  return journalEntry('message.received', receivedAt, {
    once: eventId,
    summary: `Message ${eventType} came from ${repository}, run ${runId}.`,
    correlationId: correlationIdOf(run),
    eventId,
    repositoryId: repositoryIdOf(run.repository),
    actor,
    ...(service && { service: labelOf(service) }),
  });
}

const describe = ({ runId }: WorkflowIdentity, consumers: number): string =>
  `Accepted for ${consumers} consumer${consumers === 1 ? '' : 's'}; sent when run ${runId} completes.`;

/** The event that records a refused message of a known repository. */
export function messageRejected({ identity, request }: IncomingMessage, error: ZektError, nowMs: number): JournalEntry {
  return journalEntry('message.rejected', nowMs, {
    once: digest(identity.tokenId, request.eventType, error.code),
    summary: `Message ${request.eventType.slice(0, 100)} of ${identity.repository} was refused at ${isoTime(nowMs)}: ${error.code}.`,
    correlationId: `${identity.repositoryId}:${identity.runId}:${identity.runAttempt}`,
    repositoryId: identity.repositoryId,
    reason: error.message,
  });
}
