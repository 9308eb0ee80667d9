import { ZektError } from '@zekt/core';

/** What a release writes into documents and messages, and up to what it reads. */
export interface Versions {
  readonly written: number;
  readonly readable: number;
}

/**
 * While a new release replaces the old one both are at work. So a form is read one release before it is written: `readable` goes up first,
 * `written` in the next release. Any change that an older reader would misread, or would drop when it writes the document back, is a new
 * form. What names a message (queue, id, session, copy, notBefore) stays where it is in every form.
 */
export const versions: Versions = { written: 2, readable: 2 };

/** How long a process leaves alone what a later release has written (ms): a deployment takes minutes. */
export const leftAloneMs = 30_000;

/**
 * @param version of a document; undefined is the first form
 * @throws ZektError `newer_version` for one that this release can't read
 */
export function requireReadable(version: number | undefined, { readable }: Versions): void {
  if (version === undefined || version <= readable) return;
  throw new ZektError(
    'newer_version',
    `A later release of Zekt wrote this: its form is ${version}, and this process reads forms up to ${readable}. Deploy the later release everywhere; it is tried again until then.`,
    { retryAfterMs: leftAloneMs },
  );
}
