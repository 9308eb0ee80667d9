import {
  domainEvent,
  pauseAfterConflict,
  ZektError,
  type BusMessage,
  type DocumentStore,
  type Stored,
  type Write,
} from '@zekt/core';
import { accountLinksId, identitiesPartition, identityId } from '../keys.ts';
import { isSameAccount, type Account } from './account.ts';
import { accountsOf, type AccountLinks, type IdentityDocument } from './identity-document.ts';

/** Of one account: beyond this it is no person's. */
const maxIdentities = 20;
const maxTries = 10;

/**
 * Writes an identity, and with it what each of its accounts is known to be linked to. All of it is one transaction, so two who link the
 * same account at once do not both succeed.
 *
 * @param decide what is to be there now; undefined: nothing to do, null: none
 * @returns the identity as it is afterwards
 * @throws ZektError `conflict` when an account has another one already; `unavailable` when others keep writing
 */
export async function writeIdentity(
  store: DocumentStore,
  name: string,
  nowMs: number,
  decide: (before: IdentityDocument | null) => IdentityDocument | null | undefined,
): Promise<IdentityDocument | null> {
  for (let tries = 0; tries < maxTries; tries += 1) {
    const found = await store.get<IdentityDocument>(identitiesPartition, identityId(name));
    const before = found?.body ?? null;
    const next = decide(before);
    if (next === undefined || (next === null && before === null)) return before;
    const touched = distinct([before, next].flatMap((it) => (it ? accountsOf(it) : [])));
    const links = await Promise.all(touched.map((account) => linksWrite(store, account, name, next)));
    const { committed } = await store.commit({
      partition: identitiesPartition,
      writes: [writeOf(identityId(name), found, next), ...links],
      messages: [eventOf(next ?? before, next !== null, nowMs)],
    });
    if (committed) return next;
    await pauseAfterConflict(tries);
  }
  throw new ZektError('unavailable', 'Too many writers at once for the same identities. Try again.');
}

const distinct = (accounts: readonly Account[]): Account[] =>
  accounts.filter((account, index) => accounts.findIndex((it) => isSameAccount(it, account)) === index);

function writeOf(id: string, found: Stored<object> | null, body: object | null): Write {
  if (!body) return { kind: 'delete', id, ...(found && { etag: found.etag }) };
  return found ? { kind: 'replace', id, etag: found.etag, body } : { kind: 'create', id, body };
}

/** @throws ZektError `conflict` */
async function linksWrite(
  store: DocumentStore,
  account: Account,
  name: string,
  next: IdentityDocument | null,
): Promise<Write> {
  const id = accountLinksId(account);
  const found = await store.get<AccountLinks>(identitiesPartition, id);
  const others = (found?.body.identities ?? []).filter((it) => it.name !== name);
  const mine = next && accountsOf(next).some((it) => isSameAccount(it, account)) ? next : null;
  if (mine) checkOthers(account, mine, others);
  const identities = mine ? [...others, mine] : others;
  return writeOf(id, found, identities.length > 0 ? ({ identities } satisfies AccountLinks) : null);
}

/** @throws ZektError `conflict` */
function checkOthers(account: Account, mine: IdentityDocument, others: readonly IdentityDocument[]): void {
  const rival = others.find((it) => it.entra.tenant === mine.entra.tenant && !(mine.allowSeveral || it.allowSeveral));
  if (rival)
    throw new ZektError(
      'conflict',
      `Identity ${mine.name}: the ${account.provider === 'github' ? 'GitHub' : 'Entra'} account ${account.id} is linked to another account of the tenant ${mine.entra.tenant} already (Identity ${rival.name}). An operator removes that one, or says allowSeveral: true.`,
    );
  if (others.length >= maxIdentities)
    throw new ZektError('conflict', `Identity ${mine.name}: an account can be part of ${maxIdentities} identities.`);
}

function eventOf(identity: IdentityDocument | null, isLinked: boolean, nowMs: number): BusMessage {
  const { name = '', github, entra, by = '' } = identity ?? {};
  const accounts = `GitHub account ${github?.login ?? ''} (${github?.id ?? ''}) and Entra account ${entra?.id ?? ''} of tenant ${entra?.tenant ?? ''}`;
  const suspended = isLinked && identity?.suspend === true ? '; they may not decide' : '';
  return domainEvent(isLinked ? 'identity.linked' : 'identity.unlinked', nowMs, {
    once: `${name}:${nowMs}:${by}`,
    summary: `${accounts} are ${isLinked ? '' : 'no longer '}known as one person (Identity ${name})${suspended}.`,
    actor: isLinked ? by : 'operator',
  });
}
