import type { Actor } from '@zekt/contracts';

/** An account that somebody can sign in with: provider, tenant (of Entra) and id. Never a name. */
export type Account = Pick<Actor, 'provider' | 'tenant' | 'id'>;

export const gitHubAccount = (id: string): Account => ({ provider: 'github', tenant: null, id });

/** @param id object id */
export const entraAccount = (tenant: string, id: string): Account => ({
  provider: 'entra',
  tenant: tenant.toLowerCase(),
  id: id.toLowerCase(),
});

export const isSameAccount = (a: Account, b: Account): boolean =>
  a.provider === b.provider && a.tenant === b.tenant && a.id === b.id;

/** For keys: the same for the same account. */
export const accountKey = ({ provider, tenant, id }: Account): string => `${provider}:${tenant ?? ''}:${id}`;
