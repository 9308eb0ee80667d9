export { mayDial, readExceptions, type Exceptions } from './address-guard.ts';
export { fetchWithLimit } from './fetch-with-limit.ts';
export { AddressGuard, ForbiddenAddressError, type Lookup } from './guarded-connector.ts';
export { guardedPost, type Post } from './guarded-post.ts';
export { isSafeUrl } from './is-safe-url.ts';
export { describeAnswer, judgeAnswer, waitAsked, type Verdict } from './judge-answer.ts';
export type { Cut } from './read-some.ts';
export {
  createTransport,
  TimedOutError,
  type Answer,
  type OutgoingRequest,
  type ProxyAddress,
  type Route,
  type TlsMaterial,
  type Transport,
} from './transport.ts';
export { trustedPost, type TrustedPostOptions } from './trusted-post.ts';
export { isProxiedByEnvironment } from './is-proxied-by-environment.ts';
