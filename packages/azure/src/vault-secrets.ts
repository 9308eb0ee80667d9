import type { HttpClient } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { SecretClient } from '@azure/keyvault-secrets';
import { ZektError, type Secrets } from '@zekt/core';

/** So that Zekt's own secrets and those that were put in by its API don't meet. */
const prefix = 'zekt-';
/** A channel's URL is asked for at each card: the vault need not be, each time. */
const rememberedMs = 60_000;

export interface VaultOptions {
  /** `https://….vault.azure.net` */
  readonly url: string;
  /** Null for a double on loopback, which takes anything. */
  readonly credential: TokenCredential | null;
  readonly now?: () => number;
}

/** The port on Key Vault. The app may read; whether it may also set is the vault's decision. */
export async function openVaultSecrets({ url, credential, now = Date.now }: VaultOptions): Promise<Secrets> {
  const client = await openClient(url, credential);
  const remembered = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    async get(name) {
      const known = remembered.get(name);
      if (known && known.until > now()) return known.value;
      const found = await orNull(client.getSecret(`${prefix}${name}`));
      if (found?.value === undefined) return null;
      remembered.set(name, { value: found.value, until: now() + rememberedMs });
      return found.value;
    },
    async set(name, value) {
      remembered.delete(name);
      await allowed(client.setSecret(`${prefix}${name}`, value), name);
    },
    async remove(name) {
      remembered.delete(name);
      await allowed(orNull(client.beginDeleteSecret(`${prefix}${name}`)), name);
    },
    async names() {
      const names: string[] = [];
      for await (const { name } of client.listPropertiesOfSecrets())
        if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
      return names.sort();
    },
  };
}

/** Loaded only where there is a vault. */
async function openClient(url: string, credential: TokenCredential | null): Promise<SecretClient> {
  const { SecretClient } = await import('@azure/keyvault-secrets');
  const retryOptions = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2000 };
  if (credential !== null) return new SecretClient(url, credential, { retryOptions });
  // The SDK gives its token to https only; what it thinks is https goes to the double as http.
  return new SecretClient(url.replace(/^http:/, 'https:'), anybody, {
    retryOptions,
    disableChallengeResourceVerification: true,
    httpClient: await plainHttp(),
  });
}

async function plainHttp(): Promise<HttpClient> {
  const { createDefaultHttpClient } = await import('@azure/core-rest-pipeline');
  const client = createDefaultHttpClient();
  return {
    sendRequest(request) {
      request.url = request.url.replace(/^https:/, 'http:');
      request.allowInsecureConnection = true;
      return client.sendRequest(request).finally(() => {
        request.url = request.url.replace(/^http:/, 'https:');
      });
    },
  };
}

const anybody: TokenCredential = {
  getToken: async () => ({ token: 'loopback', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** Where no vault is set up, nothing can be kept. */
export const noVault: Secrets = {
  get: async () => null,
  set: async () => {
    throw new ZektError('unavailable', 'No vault is set up on this server: its operator sets ZEKT_KEY_VAULT_URL.');
  },
  remove: async () => undefined,
  names: async () => [],
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;

async function orNull<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function allowed(request: Promise<unknown>, name: string): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    throw new ZektError(
      'forbidden',
      `This app may read the vault, not write to it. Set the secret yourself: az keyvault secret set --vault-name … --name ${prefix}${name} --file FILE`,
      { cause: error },
    );
  }
}
