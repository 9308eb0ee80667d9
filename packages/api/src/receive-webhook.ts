import { limits, type HookHeaders, type WebhookAnswer } from '@zekt/contracts';
import { acceptReadWebhook, readWebhook, ZektError, type ReadWebhook } from '@zekt/core';
import { hookHeaders, hookRequest, hookResponse } from '@zekt/hooks';
import { acceptContract, unchanged } from './accept-contract.ts';
import { gitHubCall } from './method-call.ts';
import type { Intake, Proofs } from './intake.ts';
import type { Incoming } from './incoming.ts';
import { parseJson, textOf } from './read-body.ts';
import type { WithHeaders } from './with-headers.ts';

/** What GitHub says, and the headers of it that hooks may know: not the signature. */
interface SignedWebhook extends ReadWebhook {
  readonly headers: HookHeaders;
}

/** How GitHub begins a webhook whose content type is a form; no JSON begins like that. */
const formStart = 'payload=';

/** Nothing slow happens here: GitHub hangs up after ten seconds and does not try again. */
export const receiveWebhook: Intake<SignedWebhook> = {
  name: 'receiveWebhook',
  verify,
  async keep(zekt, { headers, ...webhook }, requestId) {
    const call = gitHubCall('/zekt.webhook.v1.WebhookService/ReceiveWebhook', { requestId, headers });
    const { event, guid, fact } = webhook;
    const request = { event, delivery: guid, fact };
    await hookRequest(zekt.hooks, call, request, unchanged(request));
    const outcome = await acceptReadWebhook(zekt, webhook);
    zekt.counters.count(outcome === 'ignored' ? `webhooks.ignored.${webhook.event}` : `webhooks.${outcome}`);
    const answer: WebhookAnswer = { accepted: true, outcome };
    return hookResponse(zekt.hooks, call, request, answer, acceptContract('WebhookAnswer'));
  },
  refused({ counters }, error) {
    if (error instanceof ZektError && error.code === 'invalid_signature') counters.count('webhooks.bad_signature');
  },
};

async function verify(proofs: Proofs, incoming: Incoming): Promise<SignedWebhook> {
  const signature = incoming.headers.get('x-hub-signature-256');
  // Before anything is read: whoever shows no signature keeps no memory.
  if (signature === null) {
    throw new ZektError(
      'missing_signature',
      "The header 'X-Hub-Signature-256' is missing: set a secret for the App's webhook, the same as ZEKT_GITHUB_WEBHOOK_SECRET.",
    );
  }
  const body = await incoming.bytes(limits.bodyOfWebhook.value);
  // An empty body is a body that was lost on the way, not one to check a signature of.
  if (body.byteLength === 0)
    throw new ZektError('invalid_webhook', 'The body is empty. A proxy in between may have dropped it.');
  if (!proofs.isSignedWebhook(body, signature)) {
    throw new ZektError(
      'invalid_signature',
      'The signature does not match the body. Check that ZEKT_GITHUB_WEBHOOK_SECRET is the secret of the App.',
    );
  }
  const event = incoming.headers.get('x-github-event') ?? '';
  const guid = incoming.headers.get('x-github-delivery') ?? '';
  if (!/^[a-z0-9_]{1,64}$/.test(event))
    throw new ZektError('invalid_webhook', "The header 'X-GitHub-Event' is missing or not an event name.");
  if (!/^[\w-]{1,100}$/.test(guid))
    throw new ZektError('invalid_webhook', "The header 'X-GitHub-Delivery' is missing or not an id.");
  if (body.subarray(0, formStart.length).toString('latin1') === formStart)
    throw new ZektError(
      'invalid_webhook',
      "The webhook is sent as a form. Set the content type of the App's webhook to application/json.",
    );
  const fact = readWebhook(event, parseJson(textOf(body)), proofs.clock.now());
  return { hook: hookOf(incoming), guid, event, fact, headers: hookHeaders(incoming.headers) };
}

/** The same event reaches every hook under one GUID, so the hook is part of what makes a delivery a duplicate. */
function hookOf({ headers }: WithHeaders): string {
  const safe = (name: string): string => (headers.get(name) ?? '').replace(/[^\w-]/g, '').slice(0, 40);
  const target = safe('x-github-hook-installation-target-id');
  return target === ''
    ? `hook-${safe('x-github-hook-id')}`
    : `${safe('x-github-hook-installation-target-type')}-${target}`;
}
