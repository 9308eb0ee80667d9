import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What an endpoint answers; `never`: nothing at all. */
export type Reply =
  { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> } | 'never';

/** Somebody's hooks, on loopback: each path answers as it was told. */
export class HookEndpoint {
  readonly calls: ReceivedCall[] = [];
  readonly replies = new Map<string, Reply>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<HookEndpoint> {
    const server = createServer();
    const endpoint = new HookEndpoint(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        endpoint.calls.push({ path, headers: request.headers, body: Buffer.concat(chunks) });
        const reply = endpoint.replies.get(path) ?? { status: 200 };
        if (reply === 'never') return;
        response.writeHead(reply.status, reply.headers).end(reply.body ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** What came to a path, as JSON. */
  bodiesAt(path: string): unknown[] {
    return this.calls.filter((it) => it.path === path).map(({ body }) => JSON.parse(body.toString()) as unknown);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
