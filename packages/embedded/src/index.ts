export { DataDirectoryError } from './database.ts';
export { openEmbedded, type Embedded } from './open-embedded.ts';
export { openEncryptedSecrets } from './encrypted-secrets.ts';
