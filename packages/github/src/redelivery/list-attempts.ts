import type { App } from '@octokit/app';
import { apiVersion } from '../api-version.ts';
import type { Attempt } from './miss-ledger.ts';

export interface AttemptPage {
  /** Newest first. */
  readonly attempts: readonly Attempt[];
  /** For the next page, which is older; null on the last one. */
  readonly next: string | null;
}

/**
 * A page of a hundred of the App's webhook deliveries ("List deliveries for an app webhook", REST API).
 *
 * @param cursor null for the newest
 * @throws RequestError of octokit
 */
export async function listAttempts(app: App, cursor: string | null): Promise<AttemptPage> {
  const { data, headers } = await app.octokit.request('GET /app/hook/deliveries', {
    per_page: 100,
    ...(cursor !== null && { cursor }),
    headers: { 'x-github-api-version': apiVersion },
  });
  const next = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
  return {
    attempts: data.map(({ id, guid, delivered_at, redelivery, status, status_code: code, event, action }) => ({
      id: String(id),
      guid,
      deliveredAtMs: Date.parse(delivered_at),
      isRedelivery: redelivery,
      // By text, not by code: a connection that failed has no code.
      hasArrived: status === 'OK',
      isRefused: code >= 400 && code < 500,
      isActedOn: event !== 'ping' && (event !== 'workflow_run' || action === 'completed'),
    })),
    next: next === undefined ? null : decodeURIComponent(next),
  };
}
