import type { StoreProbe } from '@zekt/api';
import { checkChannels } from '@zekt/chatops';
import { operations } from '@zekt/contracts';
import {
  checkAccess,
  checkNoticed,
  Doctor,
  type Counters,
  type DocumentStore,
  type GitHubApp,
  type GitHubGateway,
  type Probe,
} from '@zekt/core';
import { checkProviders } from '@zekt/notifications';
import { checkIssuers } from './doctor/check-issuers.ts';
import { checkProxy } from './doctor/check-proxy.ts';
import { checkSignIn } from './doctor/check-sign-in.ts';
import { checkStorage } from './doctor/check-storage.ts';
import type { Parts } from './parts.ts';
import type { Settings } from './settings.ts';

/** What is put together with the doctor's own parts. */
export interface Examined {
  readonly store: DocumentStore;
  readonly github: GitHubGateway;
  /** What `GET /api/ready` asks. */
  readonly probe: StoreProbe;
  readonly app: GitHubApp;
  readonly counters: Counters;
}

/** The doctor of a server: what it looks at, beside the App and GitHub. */
export function composeDoctor(
  settings: Settings,
  { clock, secrets, publicUrl, log }: Pick<Parts, 'clock' | 'secrets' | 'publicUrl' | 'log'>,
  { store, probe, github, app, counters }: Examined,
): Doctor {
  const probes: readonly Probe[] = [
    { id: 'storage', look: () => checkStorage(probe) },
    { id: 'issuers', look: () => checkIssuers(settings.oidcIssuers) },
    { id: 'noticed', look: () => checkNoticed({ counters, store }, publicUrl()) },
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
