import type { App } from '@octokit/app';
import { apiVersion } from './api-version.ts';

/** GitHub keeps webhook deliveries for three days. */
const keptMs = 3 * 86_400_000;
const maxPages = 30;
/** What was refused so often will be refused again; a server that was not there refused nothing. */
const maxRefusals = 5;

/**
 * Asks GitHub to send again the webhooks that never arrived: it does not retry by itself. A delivery that failed and was sent again
 * with success shares its GUID, so only GUIDs without any success are sent again; the receiver drops what it has.
 *
 * @returns how many were asked for
 */
export async function redeliverMissedWebhooks(
  app: App,
  nowMs: number,
  sinceMs: number = nowMs - keptMs,
): Promise<number> {
  const delivered = new Set<string>();
  const missed = new Map<string, { readonly id: number | bigint; refusals: number }>();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { data, headers } = await app.octokit.request('GET /app/hook/deliveries', {
      per_page: 100,
      ...(cursor !== undefined && { cursor }),
      headers: { 'x-github-api-version': apiVersion },
    });
    for (const { id, guid, status, status_code: code } of data) {
      // By text, not by code: a connection that failed has no code.
      if (status === 'OK') delivered.add(guid);
      else
        missed.set(guid, {
          id: missed.get(guid)?.id ?? id,
          refusals: (missed.get(guid)?.refusals ?? 0) + (code >= 400 && code < 500 ? 1 : 0),
        });
    }
    const oldest = data.at(-1)?.delivered_at;
    cursor = /[?&]cursor=([^&>]+)[^>]*>;\s*rel="next"/.exec(headers.link ?? '')?.[1];
    if (cursor === undefined || oldest === undefined || Date.parse(oldest) < sinceMs) break;
    cursor = decodeURIComponent(cursor);
  }
  const wanted = [...missed].filter(([guid, { refusals }]) => !delivered.has(guid) && refusals < maxRefusals);
  for (const [, { id }] of wanted) {
    await app.octokit.request('POST /app/hook/deliveries/{delivery_id}/attempts', {
      delivery_id: id as number,
      headers: { 'x-github-api-version': apiVersion },
    });
  }
  return wanted.length;
}
