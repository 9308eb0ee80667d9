import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server on loopback for protocols that are not HTTP, which does the same with each connection. */
export interface IllSocket {
  readonly port: number;
  readonly connections: () => number;
  stop(): void;
}

export async function openIllSocket(greet: (socket: Socket) => void): Promise<IllSocket> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
