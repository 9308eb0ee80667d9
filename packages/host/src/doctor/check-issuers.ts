import { broken, fine, type Check } from '@zekt/core';
import { fetchWithLimit } from '@zekt/egress';
import { redact } from '@zekt/github';
import { fetchIssuerKeys } from '@zekt/oidc';

const limitMs = 5000;

/** Whether the keys that workflows' tokens are checked with can be fetched. */
export function checkIssuers(issuers: readonly string[]): Promise<readonly Check[]> {
  return Promise.all(issuers.map(checkIssuer));
}

async function checkIssuer(issuer: string): Promise<Check> {
  const id = `issuer ${issuer}`;
  try {
    const { keys } = await fetchIssuerKeys(issuer, fetchWithLimit(limitMs));
    if (Array.isArray(keys) && keys.length > 0) return fine(id, `${issuer} publishes ${keys.length} key(s).`);
    throw new Error('it publishes no key');
  } catch (error) {
    return broken(
      id,
      `The keys of ${issuer} can't be fetched: ${redact(error instanceof Error ? error.message : String(error))}`,
      'Check ZEKT_OIDC_ISSUERS, the network, and a proxy in between. Until then tokens of workflows are refused.',
    );
  }
}
