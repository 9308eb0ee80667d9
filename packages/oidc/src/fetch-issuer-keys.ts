import type { JSONWebKeySet } from 'jose';
import { isSafeUrl } from '@zekt/egress';

/** The longest discovery document or key set that is read. */
const maxDocumentBytes = 256 * 1024;

/**
 * The signing keys that an issuer publishes, found by its discovery document (OpenID Connect Discovery 1.0).
 *
 * @throws Error that says what answered what
 */
export async function fetchIssuerKeys(
  issuer: string,
  get: typeof fetch,
  discoveryUrl = `${issuer}/.well-known/openid-configuration`,
): Promise<JSONWebKeySet> {
  const discovery = await getJson(discoveryUrl, get);
  if (discovery.issuer !== issuer) throw new Error('the discovery document names another issuer');
  const { jwks_uri: keysUrl } = discovery;
  if (typeof keysUrl !== 'string' || !isSafeUrl(keysUrl))
    throw new Error('the discovery document has no https jwks_uri');
  return (await getJson(keysUrl, get)) as unknown as JSONWebKeySet;
}

async function getJson(url: string, get: typeof fetch): Promise<Record<string, unknown>> {
  const response = await get(url, { headers: { accept: 'application/json' }, redirect: 'error' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  if (text.length > maxDocumentBytes) throw new Error(`${url} is too large`);
  return JSON.parse(text) as Record<string, unknown>;
}
