export { createAuthority, type Authority, type Certificate } from './testing/certificates.ts';
