import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A port of its own in front of another, so that what one client has open can be cut. */
export interface Gate {
  readonly port: number;
  /** As if the process behind it had been killed: its connections are reset, and it gets no other. */
  cut(): void;
}

export async function openGate(target: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.setNoDelay());
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((socket) => {
    const upstream = keep(connect(target, '127.0.0.1'));
    keep(socket).pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      server.close();
      for (const socket of sockets) socket.resetAndDestroy();
    },
  };
}
