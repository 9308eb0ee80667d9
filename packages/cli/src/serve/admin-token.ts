import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keepSecret } from './keep-secret.ts';

export const adminTokenFile = (dataDir: string): string => join(dataDir, 'admin-token');

/** The token kept in the data directory, made when there is none. */
export const keepAdminToken = (dataDir: string): string =>
  keepSecret(adminTokenFile(dataDir), () => `zekt_${randomBytes(32).toString('base64url')}`);
