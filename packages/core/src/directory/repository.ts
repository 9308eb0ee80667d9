import { repositoryDocumentId, repositoryPartition, repositoryRef, type RepositoryRef } from '../identity/keys.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { KnownRepository } from '../ports/github.ts';
import { updateDocument } from '../ports/update-document.ts';

/** A repository that the App can see or could see; the name is only the last one known. */
export interface RepositoryDocument {
  readonly ref: RepositoryRef;
  readonly fullName: string;
  readonly ownerId: string;
  readonly owner: string;
  /** Null when the App is not installed on it. */
  readonly installationId: string | null;
  readonly archived: boolean;
  readonly deleted: boolean;
  /** GitHub's time of the last change taken in (ms), so that an older webhook does not undo a newer one. */
  readonly changedAt: number;
}

export async function getRepository(
  store: Pick<DocumentStore, 'get'>,
  repository: RepositoryRef,
): Promise<RepositoryDocument | null> {
  const found = await store.get<RepositoryDocument>(repositoryPartition(repository), repositoryDocumentId);
  return found?.body ?? null;
}

/** Takes in what is newer than what is known. Fields that are not given stay. */
export async function noteRepository(
  store: DocumentStore,
  repository: RepositoryRef,
  changedAt: number,
  news: Partial<Omit<RepositoryDocument, 'ref' | 'changedAt'>>,
): Promise<RepositoryDocument | null> {
  const updated = await updateDocument<RepositoryDocument>(
    store,
    repositoryPartition(repository),
    repositoryDocumentId,
    (current) => {
      if (current && current.changedAt > changedAt) return null;
      const base = current ?? {
        ref: repository,
        fullName: '',
        ownerId: '',
        owner: '',
        installationId: null,
        archived: false,
        deleted: false,
        changedAt,
      };
      return { body: { ...base, ...news, changedAt } };
    },
  );
  return updated.changed ? updated.body : getRepository(store, repository);
}

/** GitHub's clock and ours may differ by this much; a webhook from within it is believed rather than what was asked before it. */
const clockSkewMs = 60_000;

/**
 * Takes in what GitHub has just answered for a repository: whatever webhooks said before, this is how it is now.
 *
 * @param issuer of the App's GitHub
 */
export async function rememberRepository(
  store: DocumentStore,
  issuer: string,
  { id, fullName, ownerId, owner, installationId, archived }: KnownRepository,
  nowMs: number,
): Promise<RepositoryRef> {
  const ref = repositoryRef(issuer, id);
  await updateDocument<RepositoryDocument>(store, repositoryPartition(ref), repositoryDocumentId, (current) => {
    const now: RepositoryDocument = {
      ref,
      fullName,
      ownerId,
      owner,
      installationId,
      archived,
      deleted: false,
      changedAt: Math.max(current?.changedAt ?? 0, nowMs - clockSkewMs),
    };
    const isNews =
      !current || JSON.stringify({ ...current, changedAt: 0 }) !== JSON.stringify({ ...now, changedAt: 0 });
    return isNews ? { body: now } : null;
  });
  return ref;
}
