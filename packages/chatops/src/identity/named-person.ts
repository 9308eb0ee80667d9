import type { DocumentStore } from '@zekt/core';
import type { Person } from '../approval/may-decide.ts';
import { entraAccount } from './account.ts';
import { identitiesOf } from './identity-document.ts';

/**
 * The person with a name to show. Some tokens of Microsoft hold ids alone: then it is the GitHub login of an Identity of the account, or a
 * sentence that says what the ids are. For display only, as any name.
 */
export async function namedPerson(store: Pick<DocumentStore, 'get'>, person: Person): Promise<Person> {
  const { actor } = person;
  if (actor.name !== null || actor.provider !== 'entra') return person;
  const { tenant, id } = actor;
  const identities = await identitiesOf(store, entraAccount(tenant ?? '', id));
  const login = identities.map(({ github }) => github.login).find((it) => it !== null);
  const name = login === undefined ? `somebody of Entra tenant ${tenant ?? ''} (object ${id})` : `${login} on GitHub`;
  return { ...person, actor: { ...actor, name } };
}
