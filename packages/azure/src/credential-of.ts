import type { TokenCredential } from '@azure/identity';
import type { AzureSettings } from './settings.ts';

/** By client id. */
const known = new Map<string | null, Promise<TokenCredential>>();

/**
 * Who we are in Azure: one credential for all clients of this process, so that they share its tokens and their renewal. Loaded only where
 * it is needed: it is large.
 */
export function credentialOf({ clientId }: Pick<AzureSettings, 'clientId'>): Promise<TokenCredential> {
  const credential = known.get(clientId) ?? create(clientId);
  known.set(clientId, credential);
  return credential;
}

/** In a function app its managed identity, and nothing is tried before it; elsewhere what a developer's machine or a cluster has. */
async function create(clientId: string | null): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const hasEndpoint = process.env.IDENTITY_ENDPOINT !== undefined && process.env.IDENTITY_HEADER !== undefined;
  if (hasEndpoint) return new ManagedIdentityCredential(clientId === null ? {} : { clientId });
  return new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
}
