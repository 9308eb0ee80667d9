import { join } from 'node:path';

export const adminTokenFile = (dataDir: string): string => join(dataDir, 'admin-token');
