import type { BusMessage } from '../ports/bus.ts';
import { installationDocumentId, installationPartition } from '../identity/keys.ts';
import type { DocumentStore, Stored } from '../ports/document-store.ts';
import { updateDocument } from '../ports/update-document.ts';

/** The App on one account. */
export interface InstallationDocument {
  readonly id: string;
  readonly accountId: string;
  readonly account: string;
  readonly suspended: boolean;
  readonly deleted: boolean;
  readonly permissions: Readonly<Record<string, string>>;
  readonly changedAt: number;
}

/** What is assumed of an installation that nobody has told of yet. */
export const unknownInstallation = (installationId: string, changedAt: number): InstallationDocument => ({
  id: installationId,
  accountId: '',
  account: '',
  suspended: false,
  deleted: false,
  permissions: {},
  changedAt,
});

export const findInstallation = (
  store: Pick<DocumentStore, 'get'>,
  installationId: string,
): Promise<Stored<InstallationDocument> | null> =>
  store.get<InstallationDocument>(installationPartition(installationId), installationDocumentId);

export async function getInstallation(
  store: Pick<DocumentStore, 'get'>,
  installationId: string,
): Promise<InstallationDocument | null> {
  return (await findInstallation(store, installationId))?.body ?? null;
}

/** Takes in what is newer than what is known; messages are published with the change, and only then. */
export async function noteInstallation(
  store: DocumentStore,
  installationId: string,
  changedAt: number,
  news: Partial<Omit<InstallationDocument, 'id' | 'changedAt'>>,
  messages: readonly BusMessage[] = [],
): Promise<void> {
  await updateDocument<InstallationDocument>(
    store,
    installationPartition(installationId),
    installationDocumentId,
    (current) => {
      if (current && current.changedAt > changedAt) return null;
      const base = current ?? unknownInstallation(installationId, changedAt);
      return { body: { ...base, ...news, changedAt }, messages };
    },
  );
}
