export { mayDial, readExceptions, type Exceptions } from './address-guard.ts';
export { fetchWithLimit } from './fetch-with-limit.ts';
export { ForbiddenAddressError, guardedPost, type Post, type PostAnswer } from './guarded-post.ts';
export { isSafeUrl } from './is-safe-url.ts';
