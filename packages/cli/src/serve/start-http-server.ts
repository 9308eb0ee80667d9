import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no new connection, lets the requests in hand finish for at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
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
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 32_768 },
    (incoming, outgoing) => {
      inHand.add(outgoing);
      outgoing.shouldKeepAlive &&= !isStopping;
      outgoing.once('close', () => {
        inHand.delete(outgoing);
        if (isStopping) server.closeIdleConnections();
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
  return {
    url: `http://${family === 'IPv6' ? `[${ip}]` : ip}:${port}`,
    port,
    async stop(graceMs) {
      isStopping = true;
      // Or a client that always has a next request would be served until the end of the grace.
      for (const outgoing of inHand) outgoing.shouldKeepAlive = false;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
