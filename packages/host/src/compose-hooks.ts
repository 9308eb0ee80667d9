import type { DocumentStore, GitHubApp } from '@zekt/core';
import { AddressGuard, createTransport } from '@zekt/egress';
import { createHooks, type Hooks } from '@zekt/hooks';
import { getProxyForUrl } from 'proxy-from-env';
import type { Parts } from './parts.ts';
import type { Settings } from './settings.ts';

export interface HookPorts {
  readonly store: DocumentStore;
  readonly app: Pick<GitHubApp, 'listInstallations'>;
  /** 32 bytes of the server's own. */
  readonly key: Uint8Array;
  readonly count: (name: string) => void;
}

/** Hooks: what an operator's own HTTP services, and those of accounts, have a word in. */
export function composeHooks(
  { egressAllow, oidcIssuers, areHooksOff }: Settings,
  { clock, secrets, log }: Parts,
  { store, app, key, count }: HookPorts,
): Hooks {
  return createHooks({
    store,
    clock,
    secrets,
    transport: createTransport(egressAllow),
    guard: new AddressGuard(egressAllow),
    proxyFor: getProxyForUrl,
    issuer: oidcIssuers[0],
    key,
    async findAccount(login) {
      const installations = await app.listInstallations();
      const found = installations.find(({ account }) => account.toLowerCase() === login.toLowerCase());
      return found && found.accountId !== '' ? { id: found.accountId, login: found.account } : null;
    },
    isOff: areHooksOff,
    random: Math.random,
    log,
    count,
  });
}
