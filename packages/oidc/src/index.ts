export { fetchIssuerKeys } from './fetch-issuer-keys.ts';
export { OidcKeys, type OidcKeysOptions } from './oidc-keys.ts';
