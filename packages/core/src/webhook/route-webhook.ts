import type { WebhookAnswer } from '@zekt/contracts';
import type { Cards } from '../directory/card.ts';
import { completionHint, directoryHint, runCancelledHint, trackHint } from '../hints.ts';
import { repositoryRef, type RunKey } from '../identity/keys.ts';
import type { OpaqueIds } from '../identity/opaque.ts';
import type { Bus, BusMessage } from '../ports/bus.ts';
import type { RunFacts } from '../ports/github.ts';
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

export interface WebhookContext {
  readonly bus: Bus;
  readonly cards: Cards;
  readonly ids: OpaqueIds;
  /** Of the App's GitHub. */
  readonly issuer: string;
}

/**
 * Takes a webhook whose signature holds: what follows from it is on the bus when this resolves, under an id made from hook and GUID.
 * Nothing is written besides: GitHub's log of deliveries is looked through for those that got no answer, and the same one again finds that
 * its work is done.
 *
 * @throws ZektError `invalid_webhook`
 */
export async function acceptWebhook(
  context: WebhookContext,
  { payload, ...webhook }: Webhook,
  nowMs: number,
): Promise<WebhookAnswer['outcome']> {
  return acceptReadWebhook(context, { ...webhook, fact: readWebhook(webhook.event, payload, nowMs) });
}

/** The same for one that is read already: nothing of its payload, which may be large, is held while the bus is waited for. */
export async function acceptReadWebhook(
  context: WebhookContext,
  { hook, guid, fact }: ReadWebhook,
): Promise<WebhookAnswer['outcome']> {
  const source = `${hook}:${guid}`;
  const messages =
    fact.kind === 'run'
      ? await runMessages(context, fact.facts, source)
      : fact.kind === 'installation' || fact.kind === 'repository'
        ? [directoryHint(fact, source)]
        : [];
  if (messages.length === 0) return 'ignored';
  await context.bus.publish(messages);
  return 'queued';
}

/**
 * A completed run of a repository that offers something, a cancelled one, which may have asked people, and a run that a dispatch of ours
 * started; all else is nobody's business.
 */
async function runMessages(
  { cards, ids, issuer }: WebhookContext,
  facts: RunFacts,
  source: string,
): Promise<BusMessage[]> {
  const repository = repositoryRef(issuer, facts.repositoryId);
  const run: RunKey = { repository, runId: facts.runId, attempt: facts.attempt };
  const messages: BusMessage[] = [];
  if (facts.status === 'completed' && facts.conclusion === 'cancelled') messages.push(runCancelledHint(run, source));
  if (facts.status === 'completed' && (await cards.get(repository)).services.length > 0)
    messages.push(completionHint(run, facts, source));
  const deliveryId = facts.event === 'repository_dispatch' ? ids.findDelivery(facts.displayTitle) : null;
  if (deliveryId !== null) messages.push(trackHint({ deliveryId, consumer: repository, facts }, source));
  return messages;
}
