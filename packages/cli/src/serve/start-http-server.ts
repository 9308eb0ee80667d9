import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { Server, type AddressInfo } from 'node:net';

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new connection from now on. */
  refuse(): void;
  /**
   * Takes no new connection, lets the requests in hand finish for at most `graceMs`, and tells every client to close its connection.
   *
   * @param quietMs for so long connections without a request stay open, so that a request that is on its way is answered and not reset
   */
  stop(graceMs: number, quietMs?: number): Promise<void>;
}

export interface Address {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  /** Whether several servers of this process share the port. Only where the system can (Linux; see `reusePort` of Node's `server.listen`). */
  readonly reusePort?: boolean;
}

/** @throws the error of `listen`, such as EADDRINUSE */
export async function startHttpServer(listener: RequestListener, address: Address): Promise<HttpServer> {
  const inHand = new Set<ServerResponse>();
  let isStopping = false;
  let isQuiet = false;
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 32_768 },
    (incoming, outgoing) => {
      inHand.add(outgoing);
      outgoing.shouldKeepAlive &&= !isStopping;
      outgoing.once('close', () => {
        inHand.delete(outgoing);
        if (isQuiet) server.closeIdleConnections();
      });
      listener(incoming, outgoing);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...address }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { address: ip, family, port } = server.address() as AddressInfo;
  const closed = new Promise((resolve) => server.once('close', resolve));
  const refuse = (): void => {
    // Only this leaves connections alone: the HTTP server's own `close` also closes those without a request.
    if (server.listening) Server.prototype.close.call(server);
  };
  return {
    url: `http://${family === 'IPv6' ? `[${ip}]` : ip}:${port}`,
    port,
    refuse,
    async stop(graceMs, quietMs = 0) {
      refuse();
      isStopping = true;
      // Or a client that always has a next request would be served until the end of the grace.
      for (const outgoing of inHand) outgoing.shouldKeepAlive = false;
      const beQuiet = (): void => {
        isQuiet = true;
        server.closeIdleConnections();
      };
      if (quietMs === 0) beQuiet();
      const timers = [setTimeout(beQuiet, quietMs), setTimeout(() => server.closeAllConnections(), graceMs)];
      await closed;
      for (const timer of timers) clearTimeout(timer);
      // It listens no more: this ends its looking for connections that take too long.
      server.close();
    },
  };
}
