import type { Clock, VerifyWorkflowToken } from '@zekt/core';
import { fetchWithLimit } from '@zekt/egress';
import { signatureVerifier } from './verify-signature.ts';
import { workflowTokenVerifier } from './verify-workflow-token.ts';

/** What callers prove themselves against. Plain values, so that every thread can be told. */
export interface ProofSettings {
  /** The current one, and during a rotation the one before. */
  readonly webhookSecrets: readonly string[];
  readonly oidcIssuers: readonly string[];
  /** Taken beside the public URL. */
  readonly oidcAudiences: readonly string[];
}

export interface RequestProofs {
  /** Whether a signature is of these very bytes. */
  readonly isSignedWebhook: (body: Uint8Array, signature: string) => boolean;
  readonly verifyWorkflowToken: VerifyWorkflowToken;
}

const oidcKeysLimitMs = 5000;

/** How GitHub and a workflow prove who they are. Each call has a cache of keys of its own. */
export const requestProofs = (settings: ProofSettings, publicUrl: () => string, clock: Clock): RequestProofs => ({
  isSignedWebhook: signatureVerifier(settings.webhookSecrets),
  verifyWorkflowToken: workflowTokenVerifier(
    { issuers: settings.oidcIssuers, audiences: () => [publicUrl(), ...settings.oidcAudiences] },
    { clock, fetch: fetchWithLimit(oidcKeysLimitMs) },
  ),
});
