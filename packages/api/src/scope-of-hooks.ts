import { requireDefaultBranch, ZektError } from '@zekt/core';
import { instance, requireAccount, scopeOfAccount, type Scope } from '@zekt/hooks';
import { requireParty } from './authenticate.ts';
import type { Call } from './call.ts';

export interface OwnedScope {
  readonly scope: Scope;
  /** The account's name; null: the operator's own. */
  readonly owner: string | null;
}

/**
 * Whose hooks a call is about. A manager has the operator's, or those of the account in the query; a workflow on its default branch has its
 * own account's, and can name no other.
 *
 * @throws ZektError of authentication, `not_default_branch`, `forbidden`, or `not_found` for an account without the App
 */
export async function scopeOfHooks({ zekt, request }: Call): Promise<OwnedScope> {
  const party = await requireParty(zekt, request);
  const owner = new URL(request.url).searchParams.get('owner');
  if (party.kind === 'workflow') {
    const known = await requireDefaultBranch(zekt, party.identity);
    if (owner !== null && owner.toLowerCase() !== known.owner.toLowerCase())
      throw new ZektError('forbidden', `A workflow manages the hooks of its own account, which is ${known.owner}.`);
    return { scope: scopeOfAccount(zekt.issuer, known.ownerId), owner: known.owner };
  }
  if (owner === null) return { scope: instance, owner };
  const account = await requireAccount(zekt.hooks.findAccount, owner);
  return { scope: scopeOfAccount(zekt.issuer, account.id), owner: account.login };
}
