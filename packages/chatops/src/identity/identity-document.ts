import type { IdentityResource } from '@zekt/contracts';
import { isoTime, type DocumentStore } from '@zekt/core';
import { accountLinksId, identitiesPartition, identityId } from '../keys.ts';
import { entraAccount, gitHubAccount, type Account } from './account.ts';

/** Two accounts of one person. */
export interface IdentityDocument {
  readonly name: string;
  readonly github: { readonly id: string; readonly login: string | null };
  readonly entra: { readonly tenant: string; readonly id: string };
  readonly allowSeveral: boolean;
  readonly suspend: boolean;
  /** `operator`, or the accounts with which somebody signed in. */
  readonly by: string;
  readonly at: number;
}

/** The identities that an account is part of; kept with each account, so that one read finds them. */
export interface AccountLinks {
  readonly identities: readonly IdentityDocument[];
}

export const accountsOf = ({ github, entra }: IdentityDocument): readonly [Account, Account] => [
  gitHubAccount(github.id),
  entraAccount(entra.tenant, entra.id),
];

export async function getIdentity(store: DocumentStore, name: string): Promise<IdentityDocument | null> {
  return (await store.get<IdentityDocument>(identitiesPartition, identityId(name)))?.body ?? null;
}

/** The identities that an account is part of. */
export async function identitiesOf(
  store: Pick<DocumentStore, 'get'>,
  account: Account,
): Promise<readonly IdentityDocument[]> {
  return (await store.get<AccountLinks>(identitiesPartition, accountLinksId(account)))?.body.identities ?? [];
}

export const presentIdentity = ({
  name,
  github,
  entra,
  allowSeveral,
  suspend,
  by,
  at,
}: IdentityDocument): IdentityResource => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Identity',
  metadata: { name },
  spec: {
    github: { id: github.id, ...(github.login !== null && { login: github.login }) },
    entra: { tenant: entra.tenant, objectId: entra.id },
    ...(allowSeveral && { allowSeveral }),
    ...(suspend && { suspend }),
  },
  status: { by, at: isoTime(at) },
});
