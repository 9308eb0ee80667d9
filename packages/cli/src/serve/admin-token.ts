import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const adminTokenFile = (dataDir: string): string => join(dataDir, 'admin-token');

/** The token kept in the data directory (0600), made when there is none. */
export function keepAdminToken(dataDir: string): string {
  const path = adminTokenFile(dataDir);
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const token = `zekt_${randomBytes(32).toString('base64url')}`;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
