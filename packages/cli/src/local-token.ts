import { readFileSync } from 'node:fs';
import type { Environment } from '@zekt/host';
import { isLoopback } from './loopback.ts';
import { adminTokenFile } from './serve/admin-token.ts';
import { readServerUrls } from './serve/server-urls.ts';

/**
 * The admin token in the data directory, for the server that keeps it there and for no other: whatever else `ZEKT_URL` names must not
 * learn it. Empty: there is none for this URL.
 *
 * @param isDefault whether nobody named a URL
 */
export function localToken(env: Environment, url: string, isDefault: boolean): string {
  const dataDir = env.ZEKT_DATA_DIR ?? './.zekt';
  const known = readServerUrls(dataDir).map(placeOf);
  const isItsServer = known.length === 0 ? isDefault : known.includes(placeOf(url));
  if (!isItsServer) return '';
  try {
    return readFileSync(adminTokenFile(dataDir), 'utf8').trim();
  } catch {
    return '';
  }
}

/** This machine has several names, and a server that listens on all addresses is reached by each. */
function placeOf(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return url;
  const { protocol, hostname, host, port } = parsed;
  return isLoopback(hostname) || hostname === '0.0.0.0' || hostname === '[::]'
    ? `local ${port}`
    : `${protocol}//${host}`;
}
