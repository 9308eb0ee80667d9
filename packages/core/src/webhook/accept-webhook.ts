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
  webhook: Webhook,
  nowMs: number,
): Promise<WebhookAnswer['outcome']> {
  const source = `${webhook.hook}:${webhook.guid}`;
  const messages = work(readWebhook(webhook.event, webhook.payload, nowMs), source);
  if (messages.length === 0) return 'ignored';
  const result = await store.commit({
    partition: `webhook:${source}`,
    writes: [
      { kind: 'create', id: 'webhook', body: { event: webhook.event, at: nowMs }, expiresAt: nowMs + rememberedMs },
    ],
    messages,
  });
  return result.committed ? 'queued' : 'duplicate';
}
