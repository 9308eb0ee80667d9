import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commitDecided, silentLog, systemClock, type Secrets } from '@zekt/core';
import { AddressGuard, createTransport, readExceptions } from '@zekt/egress';
import { openEmbedded } from '@zekt/embedded';
import { createNotifications } from '@zekt/notifications';
import { testInfo } from '@zekt/notifications/testing';
import { rate } from './rate.ts';

export const wholeWayDestinations = 20;
/** That events of one destination are about. */
const objects = 10;

/** Notifications from the event to what was sent and written down, through the store and the bus of one file. */
export interface WholeWay {
  /** Accepts so many events, some at once; notifications a second, until the last of them was sent and noted. */
  send(events: number, atOnce: number): Promise<number>;
  /** What the file was asked to do since it was opened, with `isCounting`. */
  counts(): { readonly statements: number; readonly transactions: number };
  close(): Promise<void>;
}

const issuer = 'https://token.actions.example';
const noSecrets: Secrets = {
  get: async () => null,
  set: async () => undefined,
  remove: async () => undefined,
  names: async () => [],
};

/** @param url of a server that takes everything; each destination is a path of it */
export function openWholeWay(url: string, { isCounting = false } = {}): WholeWay {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  let [statements, transactions] = [0, 0];
  const observer = {
    onStatement: () => void (statements += 1),
    onTransaction: () => void (transactions += 1),
  };
  const embedded = openEmbedded(directory, systemClock, isCounting ? observer : {});
  const { store, bus } = embedded;
  const exceptions = readExceptions(['127.0.0.1']);
  let isPut = false;
  let [raised, sent] = [0, 0];
  const notifications = createNotifications({
    store,
    issuer,
    clock: systemClock,
    secrets: noSecrets,
    transport: createTransport(exceptions),
    guard: new AddressGuard(exceptions),
    proxyFor: () => '',
    log: silentLog,
    count: (name) => {
      if (name === 'notifications.sent') sent += 1;
    },
    retry: { scheduleMs: [1000], random: Math.random },
    dedupeWindowMs: 300_000,
  });
  const worker = bus.consume('notifications', notifications.handler, { sessions: 128 });

  /** Each destination has an alert for the objects of a namespace of its own. */
  async function putDestinations(): Promise<void> {
    const context = { store, github: null as never, issuer, nowMs: 0, dryRun: false };
    for (let index = 0; index < wholeWayDestinations; index += 1) {
      const [apiVersion, metadata] = ['zekt.dev/v1', { name: `d${index}` }] as const;
      const provider = { type: 'generic', address: `${url}/${index}` } as const;
      await notifications.putProvider(context, { apiVersion, kind: 'Provider', metadata, spec: provider });
      const spec = {
        providerRef: { name: `d${index}` },
        eventSources: [{ kind: '*', name: '*', namespace: `team-${index}` }],
      };
      await notifications.putAlert(context, { apiVersion, kind: 'Alert', metadata, spec });
    }
  }

  async function accept(): Promise<void> {
    const index = raised++;
    const involvedObject = {
      ...testInfo.involvedObject,
      namespace: `team-${index % wholeWayDestinations}`,
      name: `object-${Math.floor(index / wholeWayDestinations) % objects}`,
    };
    const event = { ...testInfo, message: `event ${index}`, involvedObject };
    await commitDecided(bus, () => notifications.take(event, String(index)));
  }

  return {
    async send(events, atOnce) {
      if (!isPut) await putDestinations();
      isPut = true;
      const started = performance.now();
      await rate(events, atOnce, accept);
      // What is counted as sent is noted when its message is gone.
      while (sent < raised || (await bus.depth('notifications')).waiting > 0)
        await new Promise((resolve) => setTimeout(resolve, 1));
      return (events / (performance.now() - started)) * 1000;
    },
    counts: () => ({ statements, transactions }),
    async close() {
      await worker.stop();
      await embedded.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
