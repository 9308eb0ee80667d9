import type { ReceiveAnswer } from '@zekt/contracts';
import { messageDocumentId, messagePrefix, runPartition, type RunKey } from '../identity/keys.ts';
import type { DocumentStore, Page, Stored } from '../ports/document-store.ts';

/** A message as it is kept beside its run: written once, never changed. */
export interface MessageDocument {
  /** What makes two requests the same one: the idempotency key, or the token with the content. */
  readonly requestKey: string;
  /** Digest of event type and payload. */
  readonly content: string;
  /** What the first of equal requests was answered. */
  readonly answer: ReceiveAnswer;
  readonly eventId: string;
  readonly eventType: string;
  /** JSON text, exactly what is sent on; null where the workflow is not allow-listed, so that nobody can send it anywhere. */
  readonly payload: string | null;
  /** Of the payload, as UTF-8. */
  readonly bytes: number;
  /** Path of the workflow file, from the token. */
  readonly workflow: string;
  /** Milliseconds. */
  readonly receivedAt: number;
  /** Messages of a run are delivered in this order: time, and within a millisecond the order of their arrival at one server. */
  readonly order: number;
  readonly traceparent?: string;
}

/** Payloads can be replayed for 90 days. */
export const payloadKeptMs = 90 * 86_400_000;

export async function getMessage(
  store: Pick<DocumentStore, 'get'>,
  run: RunKey,
  requestKey: string,
): Promise<MessageDocument | null> {
  return (await store.get<MessageDocument>(runPartition(run), messageDocumentId(requestKey)))?.body ?? null;
}

/** Every message of a run, in the order of delivery. */
export async function messagesOf(store: Pick<DocumentStore, 'list'>, run: RunKey): Promise<MessageDocument[]> {
  const found: MessageDocument[] = [];
  let after: string | undefined;
  do {
    const page: Page<Stored<MessageDocument>> = await store.list<MessageDocument>(runPartition(run), {
      prefix: messagePrefix,
      limit: 500,
      ...(after !== undefined && { after }),
    });
    found.push(...page.items.map(({ body }) => body));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found.sort((a, b) => a.order - b.order || (a.requestKey < b.requestKey ? -1 : 1));
}

/** Numbers that grow with time and never repeat in one process: microseconds since the epoch, more or less. */
export class Order {
  #last = 0;

  next(nowMs: number): number {
    this.#last = Math.max(this.#last + 1, nowMs * 1000);
    return this.#last;
  }
}
