import type { WorkflowIdentity } from '../identity/workflow-identity.ts';

/** Who manages services and subscriptions: the operator, or a repository's own workflow for what is its own. */
export type Party = { readonly kind: 'manager' } | { readonly kind: 'workflow'; readonly identity: WorkflowIdentity };

export const manager: Party = { kind: 'manager' };

/** As histories and events name it. */
export const nameOfParty = (party: Party): string =>
  party.kind === 'manager' ? 'operator' : `${party.identity.actor} in ${party.identity.repository}`;
