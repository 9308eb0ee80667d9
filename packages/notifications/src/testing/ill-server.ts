import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AddressGuard, createTransport, readExceptions, type Verdict } from '@zekt/egress';
import type { NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig } from '../providers/provider-type.ts';
import { providerTypes } from '../providers/table.ts';
import { sendEvent } from '../sending/send-event.ts';
import { nowMs } from './play.ts';

const json = { 'content-type': 'application/json' };
const page = '<!doctype html><html><title>Sign in</title></html>';
const no = {
  ok: false,
  success: false,
  result: 'error',
  code: 19001,
  error: 'channel_not_found',
  msg: 'no such group',
};

/** How a server may answer that is not well, or is not the one that was meant. */
const illnesses = {
  /** The connection is reset before anything is said. */
  broken: (response: ServerResponse) => response.socket?.resetAndDestroy(),
  /** It begins a body without a length, and is gone. */
  cut: (response: ServerResponse) => {
    response.writeHead(200, json).write('{"ok":tr', () => response.destroy());
  },
  html: (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page),
  redirecting: (response: ServerResponse) =>
    response.writeHead(302, { location: 'https://elsewhere.example/login', 'content-type': 'text/html' }).end(page),
  'redirecting to this machine': (response: ServerResponse) =>
    response.writeHead(307, { location: `http://${response.req.headers.host ?? ''}/private` }).end(),
  /** It never answers. */
  slow: () => undefined,
  /** It promises more than there is, and is gone. */
  'lying about its length': (response: ServerResponse) => {
    response.writeHead(200, { ...json, 'content-length': '1000' }).write('{"ok":true}', () => response.destroy());
  },
  'lying about its form': (response: ServerResponse) => response.writeHead(200, json).end('[1,"two"]'),
  'saying no': (response: ServerResponse) => response.writeHead(200, json).end(JSON.stringify(no)),
} as const;

export type Illness = keyof typeof illnesses;
export const allIllnesses = Object.keys(illnesses) as readonly Illness[];

/** For the one answer that never comes. */
const shortMs = 20;
const longMs = 10_000;

export interface IllPlayed {
  readonly verdict: Verdict;
  /** Method and address of each request, as the provider made them. */
  readonly requests: readonly string[];
}

/** A server on loopback that stands for all services: it answers well until it is asked for the answer that it is ill at. */
export class IllServer {
  readonly #http = createServer((request, response) => {
    request.resume().on('end', () => this.#answer(request.url ?? '', response));
  });
  readonly #transport = createTransport(readExceptions(['127.0.0.1']));
  /** Of each play, what it may still answer well, and how it answers then. */
  readonly #plays = new Map<string, { readonly healthy: string[]; readonly illness: Illness; arrived: number }>();

  static async start(): Promise<IllServer> {
    const it = new IllServer();
    await new Promise<void>((resolve) => it.#http.listen(0, '127.0.0.1', resolve));
    return it;
  }

  stop(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }

  /** @param healthy bodies of the answers before the one that it is ill at; `404` is none */
  async play(
    event: NotificationEvent,
    settings: ProviderConfig,
    illness: Illness,
    healthy: readonly string[],
  ): Promise<IllPlayed> {
    const type = providerTypes.get(settings.type);
    if (!type) throw new Error(`there is no type ${settings.type}`);
    const name = String(this.#plays.size);
    const play = { healthy: [...healthy], illness, arrived: 0 };
    this.#plays.set(name, play);
    const requests: string[] = [];
    const { port } = this.#http.address() as AddressInfo;
    const { verdict } = await sendEvent(
      {
        clock: { now: () => nowMs },
        guard: new AddressGuard(readExceptions([])),
        transport: (request, route) => {
          const isSlow = requests.length === healthy.length && illness === 'slow';
          requests.push(`${request.method} ${request.url}`);
          const { origin } = new URL(request.url);
          const url = `http://127.0.0.1:${port}/${name}${request.url.slice(origin.length)}`;
          return this.#transport({ ...request, url }, { timeoutMs: isSlow ? shortMs : route.timeoutMs });
        },
      },
      { type, config: settings, route: { timeoutMs: longMs } },
      event,
    );
    // What was given up may not have arrived yet.
    if (illness !== 'slow' && play.arrived !== requests.length)
      throw new Error(`${requests.length} requests were made, ${play.arrived} arrived`);
    return { verdict, requests };
  }

  #answer(path: string, response: ServerResponse): void {
    const play = this.#plays.get(path.split('/')[1] ?? '');
    if (!play) throw new Error(`somebody asks for ${path}`);
    play.arrived += 1;
    const body = play.healthy.shift();
    if (body === undefined) illnesses[play.illness](response);
    else if (body === '404') response.writeHead(404).end();
    else response.writeHead(200, json).end(body);
  }
}
