export { DataDirectoryError } from './database.ts';
export { openEmbedded, type Embedded, type EmbeddedOptions } from './open-embedded.ts';
export { openEncryptedSecrets } from './encrypted-secrets.ts';
