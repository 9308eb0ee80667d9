import { ZektError } from '../errors.ts';
import { lifeDocumentId, pointerId, repositoryPartition, type RepositoryRef } from '../identity/keys.ts';
import { pauseAfterConflict } from '../ports/conflict-pause.ts';
import type { DocumentStore } from '../ports/document-store.ts';

/** What a name points to. */
export interface NamePointer {
  /** In whose partition the named document lies. */
  readonly provider: RepositoryRef;
  readonly id: string;
}

type Claim<P> = P & {
  /** Milliseconds. */
  readonly claimedAt: number;
};

/** An id is used once: its life begins with its document and ends with it. */
export interface Life {
  readonly isOver: boolean;
}

/** Whoever takes a name writes what it is for within seconds; after this a claim with nothing behind it is abandoned. */
export const abandonedAfterMs = 10 * 60_000;
/** Longer than any process that was stopped in between may come back after. */
export const deadKeptMs = 30 * 86_400_000;

const tries = 8;

export interface ClaimRules<P> {
  readonly isOurs: (claim: P) => boolean;
  readonly isAbandoned: (claim: P) => Promise<boolean>;
}

/**
 * Takes a name for a document that is written after it: of two that want it at once, one gets it.
 *
 * A claim whose id is over is taken over, and one that nothing came of when it is ten minutes old.
 *
 * @param isOurs whether a claim was made by the same asker for the same purpose: a crash in between, or the same request at once
 * @param isAbandoned whether nothing is behind an old claim, nor ever will be: see `endUnborn`
 * @returns the pointer to use, which may be the asker's own from before; null when the name is somebody else's
 * @throws ZektError `unavailable` when the name changes hands at this moment
 */
export async function claimName<P extends NamePointer>(
  store: DocumentStore,
  partition: string,
  wanted: P,
  { isOurs, isAbandoned }: ClaimRules<P>,
  nowMs: number,
): Promise<P | null> {
  const body: Claim<P> = { ...wanted, claimedAt: nowMs };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const created = await store.commit({ partition, writes: [{ kind: 'create', id: pointerId, body }] });
    if (created.committed) return wanted;
    const held = await store.get<Claim<P>>(partition, pointerId);
    if (!held) {
      // Given up meanwhile, or not visible yet.
      await pauseAfterConflict(attempt);
      continue;
    }
    const isOld = nowMs - held.body.claimedAt >= abandonedAfterMs;
    if (!(await isOver(store, held.body)) && !(isOld && (await isAbandoned(held.body))))
      return isOurs(held.body) ? held.body : null;
    const taken = await store.commit({
      partition,
      writes: [{ kind: 'replace', id: pointerId, etag: held.etag, body }],
    });
    if (taken.committed) return wanted;
  }
  throw new ZektError('unavailable', 'The name is being taken or given up at this moment. Try again.');
}

async function isOver(store: Pick<DocumentStore, 'get'>, { provider, id }: NamePointer): Promise<boolean> {
  return (await store.get<Life>(repositoryPartition(provider), lifeDocumentId(id)))?.body.isOver === true;
}

/**
 * Uses up an id that nothing was written under, so that whoever claimed a name for it can't come back and write it. That nothing is visible
 * there does not count: what was written began its life with it.
 *
 * @returns false when it lives
 */
export async function endUnborn(store: DocumentStore, { provider, id }: NamePointer, nowMs: number): Promise<boolean> {
  const body: Life = { isOver: true };
  const life = { kind: 'create', id: lifeDocumentId(id), body, expiresAt: nowMs + deadKeptMs } as const;
  return (await store.commit({ partition: repositoryPartition(provider), writes: [life] })).committed;
}

/** Gives a name up, if it still is this one's. */
export async function releaseName(store: DocumentStore, partition: string, id: string): Promise<void> {
  const held = await store.get<NamePointer>(partition, pointerId);
  if (held?.body.id !== id) return;
  await store.commit({ partition, writes: [{ kind: 'delete', id: pointerId, etag: held.etag }] });
}
