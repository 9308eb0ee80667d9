import { checkChannels } from '@zekt/chatops';
import { operations } from '@zekt/contracts';
import {
  broken,
  checkAccess,
  checkNoticed,
  checkStorage,
  Doctor,
  type Counters,
  type GitHubApp,
  type Probe,
} from '@zekt/core';
import { checkProviders } from '@zekt/notifications';
import { checkIssuers } from './doctor/check-issuers.ts';
import { checkProxy } from './doctor/check-proxy.ts';
import { checkSignIn } from './doctor/check-sign-in.ts';
import { storageTrouble } from './doctor/storage-trouble.ts';
import type { Parts, Ports } from './parts.ts';
import type { Settings } from './settings.ts';

/** What is put together with the doctor's own parts. */
export interface Examined extends Ports {
  readonly app: GitHubApp;
  readonly counters: Counters;
}

/** The doctor of a server: what it looks at, beside the App and GitHub. */
export function composeDoctor(
  settings: Settings,
  { clock, secrets, publicUrl, log }: Pick<Parts, 'clock' | 'secrets' | 'publicUrl' | 'log'>,
  { store, bus, github, app, counters }: Examined,
): Doctor {
  const probes: readonly Probe[] = [
    { id: 'storage', look: () => lookAtStorage(() => checkStorage(store, bus, clock.now())) },
    { id: 'issuers', look: () => checkIssuers(settings.oidcIssuers) },
    { id: 'noticed', look: () => checkNoticed({ counters, store }, settings.oidcAudience) },
    { id: 'proxy', look: async () => [checkProxy(settings.githubApiUrl)] },
    { id: 'sign-in', look: async () => [checkSignIn(settings.chatops)] },
    { id: 'channels', look: () => checkChannels({ store, secrets }) },
    { id: 'providers', look: () => checkProviders({ store, clock }) },
    { id: 'access', look: () => checkAccess(store) },
  ];
  return new Doctor({
    store,
    github,
    issuer: settings.oidcIssuers[0],
    app,
    clock,
    log,
    ownHook: () => ({
      url: `${publicUrl()}${operations.receiveWebhook.path}`,
      isCertain: settings.publicUrl !== null,
    }),
    probes,
  });
}

async function lookAtStorage(look: () => ReturnType<typeof checkStorage>): ReturnType<typeof checkStorage> {
  try {
    return await look();
  } catch (error) {
    const trouble = storageTrouble(error);
    if (!trouble) throw error;
    return [broken('storage', trouble.sentence, trouble.fix)];
  }
}
