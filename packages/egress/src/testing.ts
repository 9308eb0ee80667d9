export { createAuthority, type Authority, type Certificate } from './certificates.ts';
