export { DataDirectoryError } from './data-directory-error.ts';
export { openEncryptedSecrets } from './encrypted-secrets.ts';
export { keepSecretFile, type SecretFile } from './files/keep-secret-file.ts';
export { openEmbedded, type Embedded, type EmbeddedOptions } from './open-embedded.ts';
export { keepSecretsKey } from './secrets-key.ts';
export { startError } from './start-error.ts';
