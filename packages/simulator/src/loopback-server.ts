import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

export interface LoopbackServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves an app on any free port of this machine. */
export async function serveOnLoopback(makeApp: (url: string) => Hono | Promise<Hono>): Promise<LoopbackServer> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const listener = getRequestListener((await makeApp(url)).fetch);
  server.on('request', (request, response) => void listener(request, response));
  return {
    url,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
