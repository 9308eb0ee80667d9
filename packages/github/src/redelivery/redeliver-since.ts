import type { App } from '@octokit/app';
import { RequestError } from '@octokit/request-error';
import type { WantedWebhooks, WebhooksRedelivered } from '@zekt/core';
import { apiVersion } from '../api-version.ts';
import { listAttempts } from './list-attempts.ts';

/**
 * Asks GitHub to send again the webhooks of a page of its list, whether they arrived or not: what followed from them may be lost.
 *
 * @throws RequestError of octokit; asking for the same page again does no harm
 */
export async function redeliverSince(
  app: App,
  { sinceMs, after, isDryRun }: WantedWebhooks,
): Promise<WebhooksRedelivered> {
  const { attempts, next } = await listAttempts(app, after ?? null);
  // Each webhook once, however often it was asked for.
  const wanted = attempts.filter((it) => it.deliveredAtMs >= sinceMs && !it.isRedelivery && it.isActedOn);
  // The oldest first, one by one, as GitHub asks of whoever writes.
  if (!isDryRun) for (const { id } of wanted.toReversed()) await ask(app, id);
  const isOver = attempts.some(({ deliveredAtMs }) => deliveredAtMs < sinceMs);
  return { webhooks: wanted.length, next: isOver ? null : next };
}

async function ask(app: App, id: string): Promise<void> {
  try {
    await app.octokit.request(`POST /app/hook/deliveries/${id}/attempts`, {
      headers: { 'x-github-api-version': apiVersion },
    });
  } catch (error) {
    // Forgotten since it was listed.
    if (!(error instanceof RequestError && error.status === 404)) throw error;
  }
}
