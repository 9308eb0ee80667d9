import type { TokenCredential } from '@azure/identity';
import type { AzureSettings } from './settings.ts';

/** Who we are in Azure. Loaded only where it is needed: it is large. */
export async function credentialOf({ clientId }: Pick<AzureSettings, 'clientId'>): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
}
