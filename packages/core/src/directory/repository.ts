import type { DocumentStore } from '../ports/document-store.ts';
import type { KnownRepository } from '../ports/github.ts';
import { updateDocument } from '../ports/update-document.ts';

/** A repository that the App can see or could see, by id; the name is only the last one known. */
export interface RepositoryDocument {
  readonly id: string;
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

export const repositoryPartition = (repositoryId: string): string => `repository:${repositoryId}`;

export async function getRepository(store: DocumentStore, repositoryId: string): Promise<RepositoryDocument | null> {
  const found = await store.get<RepositoryDocument>(repositoryPartition(repositoryId), 'repository');
  return found?.body ?? null;
}

/** Takes in what is newer than what is known. Fields that are not given stay. */
export async function noteRepository(
  store: DocumentStore,
  repositoryId: string,
  changedAt: number,
  news: Partial<Omit<RepositoryDocument, 'id' | 'changedAt'>>,
): Promise<RepositoryDocument | null> {
  const updated = await updateDocument<RepositoryDocument>(
    store,
    repositoryPartition(repositoryId),
    'repository',
    (current) => {
      if (current && current.changedAt > changedAt) return null;
      const base = current ?? {
        id: repositoryId,
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
  return updated.changed ? updated.body : getRepository(store, repositoryId);
}

/** GitHub's clock and ours may differ by this much; a webhook from within it is believed rather than what was asked before it. */
const clockSkewMs = 60_000;

/** Takes in what GitHub has just answered for a repository: whatever webhooks said before, this is how it is now. */
export async function rememberRepository(store: DocumentStore, known: KnownRepository, nowMs: number): Promise<void> {
  await updateDocument<RepositoryDocument>(store, repositoryPartition(known.id), 'repository', (current) => ({
    body: { ...known, deleted: false, changedAt: Math.max(current?.changedAt ?? 0, nowMs - clockSkewMs) },
  }));
}
