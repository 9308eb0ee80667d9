import type { BusMessage } from '../ports/bus.ts';
import type { DocumentStore } from '../ports/document-store.ts';
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

export const installationPartition = (installationId: string): string => `installation:${installationId}`;

export async function getInstallation(
  store: DocumentStore,
  installationId: string,
): Promise<InstallationDocument | null> {
  const found = await store.get<InstallationDocument>(installationPartition(installationId), 'installation');
  return found?.body ?? null;
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
    'installation',
    (current) => {
      if (current && current.changedAt > changedAt) return null;
      const base = current ?? {
        id: installationId,
        accountId: '',
        account: '',
        suspended: false,
        deleted: false,
        permissions: {},
        changedAt,
      };
      return { body: { ...base, ...news, changedAt }, messages };
    },
  );
}
