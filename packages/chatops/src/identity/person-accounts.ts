import type { DocumentStore } from '@zekt/core';
import { isSameAccount, type Account } from './account.ts';
import { accountsOf, identitiesOf } from './identity-document.ts';

/** What is known of whoever has an account. */
export interface PersonAccounts {
  /** This account first, then those that are linked to it. */
  readonly accounts: readonly [Account, ...Account[]];
  /** An operator took the right to decide from one of them. */
  readonly isSuspended: boolean;
}

/** One read; what is linked to a linked account counts, too, where an operator allowed several. */
export async function personOf(store: Pick<DocumentStore, 'get'>, account: Account): Promise<PersonAccounts> {
  const accounts: [Account, ...Account[]] = [account];
  let isSuspended = false;
  // Grows while it is walked; identities of one account are few.
  for (const known of accounts) {
    if (accounts.length > maxAccounts) break;
    for (const identity of await identitiesOf(store, known)) {
      isSuspended ||= identity.suspend;
      for (const it of accountsOf(identity)) if (!accounts.some((other) => isSameAccount(other, it))) accounts.push(it);
    }
  }
  return { accounts, isSuspended };
}

/** Nobody has so many. */
const maxAccounts = 20;

export const isSamePerson = (a: readonly Account[], b: readonly Account[]): boolean =>
  a.some((one) => b.some((other) => isSameAccount(one, other)));
