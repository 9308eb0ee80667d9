import type { HookAttempt, HookFacts } from '../ports/github-app.ts';
import { broken, doubtful, fine, type Check } from './check.ts';

/** Where GitHub should send the App's webhooks. */
export interface OwnHook {
  readonly url: string;
  /** False where nobody has said under which name others reach this server. */
  readonly isCertain: boolean;
}

/** Whether GitHub's webhooks are sent here, as JSON, and what became of the last ones. */
export function checkHook(hook: HookFacts | null, own: OwnHook, attempts: readonly HookAttempt[]): Check[] {
  return [checkUrl(hook, own), ...checkContentType(hook), checkAttempts(attempts)];
}

function checkUrl(hook: HookFacts | null, { url, isCertain }: OwnHook): Check {
  const id = 'webhook url';
  if (!hook?.url)
    return broken(
      id,
      "The App's webhook is not active, or has no URL: GitHub sends nothing.",
      `Settings of the App, Webhook: tick Active, and set the URL to ${url}`,
    );
  if (hook.url === url) return fine(id, `GitHub sends webhooks to ${url}`);
  const sentence = `GitHub sends the App's webhooks to ${withoutSecrets(hook.url)}, and this server is ${url}`;
  return isCertain
    ? broken(id, sentence, `Settings of the App, Webhook: set the URL to ${url}, or correct ZEKT_PUBLIC_URL.`)
    : doubtful(id, sentence, 'Set ZEKT_PUBLIC_URL to the address under which GitHub reaches this server.');
}

/** A URL that somebody chose may carry a password or a token. */
function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? `${parsed.origin}${parsed.pathname}` : 'something that is no URL';
}

function checkContentType(hook: HookFacts | null): Check[] {
  if (!hook?.url) return [];
  const id = 'webhook content type';
  return hook.contentType === 'json'
    ? [fine(id, 'Webhooks come as JSON.')]
    : [
        broken(
          id,
          `The App's webhook is sent as '${hook.contentType}': Zekt takes JSON only.`,
          "Settings of the App, Webhook: set the content type to 'application/json'.",
        ),
      ];
}

/** Newest first: what counts is what became of the last ones. */
function checkAttempts(attempts: readonly HookAttempt[]): Check {
  const id = 'webhook deliveries';
  const [newest] = attempts;
  if (!newest) return fine(id, 'GitHub lists no webhook of the last days yet.');
  if (newest.hasArrived) return fine(id, `The last webhook (${newest.event}) arrived.`);
  const firstArrived = attempts.findIndex(({ hasArrived }) => hasArrived);
  const failed = firstArrived === -1 ? attempts.length : firstArrived;
  const said = newest.statusCode === null ? `'${newest.status}'` : `answer ${newest.statusCode}`;
  return broken(
    id,
    `The last ${failed === 1 ? 'webhook' : `${failed} webhooks`} did not arrive: GitHub notes ${said}.`,
    fixOf(newest.statusCode),
  );
}

function fixOf(status: number | null): string {
  switch (status) {
    case null:
      return "Check that GitHub reaches the webhook's URL: name, certificate, firewall, and that the server runs.";
    case 401:
      return "The webhook's secret is not the server's: set the secret in the App's settings and ZEKT_GITHUB_WEBHOOK_SECRET to the same value.";
    case 400:
      return "Check the content type of the App's webhook (application/json), and that no proxy changes or drops bodies.";
    case 413:
      return 'A proxy in front refuses large bodies: let it pass 25 MB to /api/github/webhooks.';
    case 404:
    case 405:
      return "Check the path of the webhook's URL: /api/github/webhooks.";
    case 502:
    case 503:
    case 504:
      return "A proxy in front can't reach this server, or the server was not ready: check its upstream, and the server's log.";
    default:
      return status < 400
        ? "Something in front redirects, or answers for this server: check what answers at the webhook's URL."
        : "See the server's log, and what answers at the webhook's URL.";
  }
}
