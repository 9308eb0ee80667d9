import type { WebhookAnswer } from '@zekt/contracts';
import { correlationIdOf } from '../identity/run-key.ts';
import type { BusMessage } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import { findDeliveryId } from '../delivery/delivery-id.ts';
import type { CorrelateWork } from '../correlation/correlate.ts';
import type { TrackWork } from '../delivery/track.ts';
import { readWebhook, type WebhookFact } from './read-webhook.ts';

export interface Webhook {
  /** The hook that sent it: type and id of its installation target, or the hook's id. */
  readonly hook: string;
  /** `X-GitHub-Delivery`: the same for a redelivery. */
  readonly guid: string;
  readonly event: string;
  readonly payload: unknown;
}

/** A webhook of which only what Zekt acts on is left. */
export interface ReadWebhook extends Omit<Webhook, 'payload'> {
  readonly fact: WebhookFact;
}

/** GitHub redelivers for 3 days, Enterprise Server for 7. */
const rememberedMs = 8 * 86_400_000;

function work(fact: WebhookFact, source: string): BusMessage[] {
  switch (fact.kind) {
    case 'run': {
      const { facts } = fact;
      const correlationId = correlationIdOf({
        repositoryId: facts.repositoryId,
        runId: facts.runId,
        attempt: facts.attempt,
      });
      const correlate: CorrelateWork = { kind: 'run', correlationId, facts };
      const messages: BusMessage[] = [
        { queue: 'correlate', id: `run:${source}`, session: `run:${correlationId}`, body: correlate },
      ];
      const deliveryId = facts.event === 'repository_dispatch' ? findDeliveryId(facts.displayTitle) : null;
      if (deliveryId) {
        const track: TrackWork = { deliveryId, facts };
        messages.push({ queue: 'track', id: `track:${source}`, session: deliveryId, body: track });
      }
      return messages;
    }
    case 'installation':
      return [
        { queue: 'directory', id: `directory:${source}`, session: `installation:${fact.installationId}`, body: fact },
      ];
    case 'repository':
      return [
        { queue: 'directory', id: `directory:${source}`, session: `repository:${fact.repository.id}`, body: fact },
      ];
    case 'ping':
    case 'ignored':
      return [];
  }
}

/**
 * Takes a webhook whose signature holds: what it asks for and the memory of its GUID are stored in one commit, so an answer
 * means that it is kept, and the same delivery again does nothing.
 *
 * @throws ZektError `invalid_webhook`
 */
export async function acceptWebhook(
  store: DocumentStore,
  { payload, ...webhook }: Webhook,
  nowMs: number,
): Promise<WebhookAnswer['outcome']> {
  return acceptReadWebhook(store, { ...webhook, fact: readWebhook(webhook.event, payload, nowMs) }, nowMs);
}

/** The same for one that is read already: nothing of its payload, which may be large, is held while the commit is waited for. */
export async function acceptReadWebhook(
  store: DocumentStore,
  { hook, guid, event, fact }: ReadWebhook,
  nowMs: number,
): Promise<WebhookAnswer['outcome']> {
  const source = `${hook}:${guid}`;
  const messages = work(fact, source);
  if (messages.length === 0) return 'ignored';
  const result = await store.commit({
    partition: `webhook:${source}`,
    writes: [{ kind: 'create', id: 'webhook', body: { event, at: nowMs }, expiresAt: nowMs + rememberedMs }],
    messages,
  });
  return result.committed ? 'queued' : 'duplicate';
}
