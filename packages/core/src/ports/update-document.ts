import { ZektError } from '../errors.ts';
import type { BusMessage } from './bus.ts';
import { pauseAfterConflict } from './conflict-pause.ts';
import type { Body, DocumentStore, Stored, Write } from './document-store.ts';

export interface Change<T extends Body> {
  readonly body: T;
  readonly expiresAt?: number;
  /** Other writes of the same partition that belong to the change. */
  readonly also?: readonly Write[];
  readonly messages?: readonly BusMessage[];
}

export type Updated<T extends Body> =
  | { readonly changed: true; readonly body: T }
  /** `change` returned null, or one of its `also` writes met a conflict. */
  | { readonly changed: false; readonly conflict: string | null };

/** With the pauses between them some 12 s on average. */
const maxTries = 30;

/**
 * Read, decide, write if nobody else wrote meanwhile; again from the read when somebody did.
 *
 * @param change gets the document as it is now (null when missing); null means: nothing to do
 * @param pause waits before the next try. @default longer each time, at random
 * @throws ZektError `unavailable` when others win thirty times in a row
 */
export async function updateDocument<T extends Body>(
  store: DocumentStore,
  partition: string,
  id: string,
  change: (current: T | null) => Change<T> | null,
  pause: (tries: number) => Promise<void> = pauseAfterConflict,
): Promise<Updated<T>> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const current: Stored<T> | null = await store.get<T>(partition, id);
    const wanted = change(current?.body ?? null);
    if (!wanted) return { changed: false, conflict: null };
    const expiry = wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt };
    const write: Write = current
      ? { kind: 'replace', id, etag: current.etag, body: wanted.body, ...expiry }
      : { kind: 'create', id, body: wanted.body, ...expiry };
    const result = await store.commit({
      partition,
      writes: [write, ...(wanted.also ?? [])],
      messages: wanted.messages ?? [],
    });
    if (result.committed) return { changed: true, body: wanted.body };
    if (result.conflict !== id) return { changed: false, conflict: result.conflict };
    await pause(tries);
  }
  throw new ZektError('unavailable', 'Too many writers at once for the same document. Try again.');
}
