export { OidcKeys, type OidcKeysOptions } from './oidc-keys.ts';
