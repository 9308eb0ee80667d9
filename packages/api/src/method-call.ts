import type { HookHeaders } from '@zekt/contracts';
import { accountRef, identityRef, type WorkflowIdentity } from '@zekt/core';
import { longestChainMs, type MethodCall, type Scope } from '@zekt/hooks';

interface Facts {
  readonly requestId: string;
  readonly headers: HookHeaders;
  readonly params?: Readonly<Record<string, string>>;
}

/** A call of a workflow: the hooks of its account look at it, too. */
export function workflowCall(
  fullMethod: string,
  identity: WorkflowIdentity,
  { params = {}, ...facts }: Facts,
): MethodCall {
  const account = accountRef(identityRef(identity), identity.repositoryOwnerId) as Scope;
  return {
    fullMethod,
    tenantId: account,
    orgId: identity.repositoryOwnerId,
    repository: identity.repository,
    actor: identity.actor,
    params: { ...params },
    ...facts,
    account,
    withinMs: longestChainMs,
  };
}

const ofNobodysAccount = { tenantId: null, orgId: null, repository: null, account: null };

/** Whatever an account has set up, it is not asked about what the operator does. */
export const operatorCall = (fullMethod: string, { params = {}, ...facts }: Facts): MethodCall => ({
  fullMethod,
  ...ofNobodysAccount,
  actor: 'operator',
  params: { ...params },
  ...facts,
  withinMs: longestChainMs,
});

/** Half of it for each phase: GitHub hangs up after ten seconds, and a queue of webhooks is behind this one. */
const webhookPhaseMs = 1000;

export const gitHubCall = (fullMethod: string, facts: Facts): MethodCall => ({
  ...operatorCall(fullMethod, facts),
  actor: 'github',
  withinMs: webhookPhaseMs,
});
