import { limits } from '@zekt/contracts';
import { ZektError } from '../errors.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** Where everything that one asker has open is noted, a document for each; and the limit on how many there may be. */
export interface OpenPlaces {
  readonly limit: 'openRequestsOfAccount' | 'openQuestionsOfRepository';
  /** The asker's own. */
  readonly partition: string;
}

/** People answer in their own time: when to look again. */
const lookAgainMs = 60_000;

/**
 * Notes one more that is open. Noted first and counted after it, so that of several at once none is overlooked; a store that shows what was
 * written only later may let a few more through.
 *
 * @param expiresAt when it no longer counts, should nobody release it (ms)
 * @throws ZektError `too_many_requests`; then it is not noted
 */
export async function takePlace(
  store: DocumentStore,
  places: OpenPlaces,
  id: string,
  expiresAt: number,
): Promise<void> {
  const { partition } = places;
  await store.commit({ partition, writes: [{ kind: 'put', id, body: {}, expiresAt }] });
  try {
    await requireRoom(store, places, new Set([id]));
  } catch (error) {
    await releasePlace(store, places, id);
    throw error;
  }
}

/**
 * Whether these may be open beside what is open already: one list of at most as many small documents as the limit says.
 *
 * @throws ZektError `too_many_requests`
 */
export async function requireRoom(
  store: Pick<DocumentStore, 'list'>,
  { limit, partition }: OpenPlaces,
  more: ReadonlySet<string>,
): Promise<void> {
  const { value: quota, unit, of } = limits[limit];
  const { items } = await store.list(partition, { limit: quota + more.size });
  const others = items.filter(({ id }) => !more.has(id));
  if (others.length + more.size <= quota) return;
  throw new ZektError(
    'too_many_requests',
    `${quota} ${unit} may be open at once (${of}), and this would be more. Wait for answers, or withdraw some.`,
    { retryAfterMs: lookAgainMs, usedUp: { name: limit, quota, windowMs: null } },
  );
}

/**
 * It is open no more. What ended it is done already, so that a store which fails now is no reason to say that it is not: the place is free
 * again when its time is over.
 */
export async function releasePlace(store: DocumentStore, { partition }: OpenPlaces, id: string): Promise<void> {
  await store.commit({ partition, writes: [{ kind: 'delete', id }] }).catch(() => undefined);
}
