import type { TokenCredential } from '@azure/identity';
import type { AzureSettings } from './settings.ts';

/** By identity and by where its tokens come from. */
const known = new Map<string, Promise<TokenCredential>>();

/**
 * Who we are in Azure: one credential for all clients of this process, so that they share its tokens and their renewal. Loaded only where
 * it is needed: it is large.
 */
export function credentialOf({ clientId }: Pick<AzureSettings, 'clientId'>): Promise<TokenCredential> {
  const name = `${clientId ?? ''} ${process.env.IDENTITY_ENDPOINT ?? ''}`;
  const credential = known.get(name) ?? create(clientId);
  known.set(name, credential);
  return credential;
}

/** In a function app its managed identity, and nothing is tried before it; elsewhere what a developer's machine or a cluster has. */
async function create(clientId: string | null): Promise<TokenCredential> {
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const hasEndpoint = process.env.IDENTITY_ENDPOINT !== undefined && process.env.IDENTITY_HEADER !== undefined;
  if (hasEndpoint) return new ManagedIdentityCredential(clientId === null ? {} : { clientId });
  return new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
}
