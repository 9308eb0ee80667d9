import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressGuard, createTransport, readExceptions, type Verdict } from '@zekt/egress';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { sendEvent } from '../sending/send-event.ts';

/** The event of the wire reference; the second as it would be had the upgrade failed. */
export const info: NotificationEvent = {
  involvedObject: {
    kind: 'HelmRelease',
    namespace: 'retail',
    name: 'shop',
    uid: 'a1b2c3d4-0000-4000-8000-000000000001',
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    resourceVersion: '77',
  },
  severity: 'info',
  timestamp: '2031-02-03T04:05:06Z',
  message: 'Upgrade done',
  reason: 'UpgradeSucceeded',
  metadata: { env: 'prod', revision: '6.2.0' },
  reportingController: 'helm-controller',
  reportingInstance: 'helm-controller-5d4',
};
export const error: NotificationEvent = {
  ...info,
  severity: 'error',
  message: 'Upgrade failed: timed out',
  reason: 'UpgradeFailed',
};
/** Their canonical JSON, byte for byte. */
export const canonical = {
  info: '{"involvedObject":{"kind":"HelmRelease","namespace":"retail","name":"shop","uid":"a1b2c3d4-0000-4000-8000-000000000001","apiVersion":"helm.toolkit.fluxcd.io/v2","resourceVersion":"77"},"severity":"info","timestamp":"2031-02-03T04:05:06Z","message":"Upgrade done","reason":"UpgradeSucceeded","metadata":{"env":"prod","revision":"6.2.0"},"reportingController":"helm-controller","reportingInstance":"helm-controller-5d4"}',
  error:
    '{"involvedObject":{"kind":"HelmRelease","namespace":"retail","name":"shop","uid":"a1b2c3d4-0000-4000-8000-000000000001","apiVersion":"helm.toolkit.fluxcd.io/v2","resourceVersion":"77"},"severity":"error","timestamp":"2031-02-03T04:05:06Z","message":"Upgrade failed: timed out","reason":"UpgradeFailed","metadata":{"env":"prod","revision":"6.2.0"},"reportingController":"helm-controller","reportingInstance":"helm-controller-5d4"}',
} as const;

export const sha = '0123456789abcdef0123456789abcdef01234567';
/** As commit statuses need them. */
export const onCommit = (event: NotificationEvent): NotificationEvent => ({
  ...event,
  involvedObject: { ...event.involvedObject, kind: 'Kustomization', name: 'web' },
  metadata: { revision: `main@sha1:${sha}` },
});

export const providerUid = '0c9c2e41-1111-4222-8333-444455556666';
/** 2031-02-03T04:05:10Z. */
export const nowMs = 1_927_857_910_000;

export const config = (type: string, changes: Partial<ProviderConfig> = {}): ProviderConfig => ({
  namespace: 'flux-system',
  name: 'it',
  type,
  uid: providerUid,
  address: '',
  channel: '',
  username: '',
  password: '',
  token: '',
  headers: {},
  extra: {},
  truncate: true,
  componentHeader: 'Gotk-Component',
  statusId: null,
  alert: null,
  remembered: { get: () => undefined, set: () => undefined },
  ...changes,
});

export interface Recorded {
  readonly method: string;
  /** As the provider made it. */
  readonly url: string;
  /** As they came over the wire, without what every connection has. */
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Played {
  readonly requests: readonly Recorded[];
  readonly verdict: Verdict;
}

const ofConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

/** A server on loopback that stands for all destinations: whatever the host of a request, it arrives here. */
export class Recorder {
  readonly #server: Server;
  #arrived: Omit<Recorded, 'url'>[] = [];
  #replies: Reply[] = [];

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = request.rawHeaders;
        const headers = raw.flatMap((name, index) =>
          index % 2 === 0 && !ofConnection.has(name.toLowerCase()) ? [`${name}: ${raw[index + 1] ?? ''}`] : [],
        );
        this.#arrived.push({ method: request.method ?? '', headers, body: Buffer.concat(chunks).toString('utf8') });
        const { status, body = '', headers: own = {} } = this.#replies.shift() ?? { status: 200 };
        response.writeHead(status, own).end(body);
      });
    });
  }

  static async start(): Promise<Recorder> {
    const recorder = new Recorder();
    await new Promise<void>((resolve) => recorder.#server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Sends an event, and tells what arrived. */
  async play(event: NotificationEvent, settings: ProviderConfig, replies: readonly Reply[] = []): Promise<Played> {
    const type = providerTypes.get(settings.type);
    if (!type) throw new Error(`there is no type ${settings.type}`);
    this.#arrived = [];
    this.#replies = [...replies];
    const urls: string[] = [];
    const exceptions = readExceptions(['127.0.0.1']);
    const send = createTransport(exceptions);
    const { port } = this.#server.address() as AddressInfo;
    const { verdict } = await sendEvent(
      {
        clock: { now: () => nowMs },
        guard: new AddressGuard(exceptions),
        transport: (request, route) => {
          urls.push(request.url);
          const { origin } = new URL(request.url);
          return send({ ...request, url: `http://127.0.0.1:${port}${request.url.slice(origin.length)}` }, route);
        },
      },
      { type, config: settings, route: { timeoutMs: 60_000 } },
      event,
    );
    return { verdict, requests: this.#arrived.map((it, index) => ({ ...it, url: urls[index] ?? '' })) };
  }
}
