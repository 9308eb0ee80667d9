import type { Socket } from 'node:net';
import type { Connection } from 'rhea';

interface Wire {
  readonly socket: Socket;
  /** Without a frame it sends an empty one. */
  _write_frame(): void;
}

/**
 * The SDK's sockets hold back what is small until all before it is acknowledged (Nagle's algorithm), and a kernel that has nothing to send
 * waits 40 ms with its acknowledgement. So whatever has no other answer gets an empty frame (AMQP 1.0, 2.4.5), which takes it along.
 */
export function answerAtOnce(connection: Connection): void {
  const wire = connection as unknown as Wire;
  const { socket } = wire;
  socket.on('data', () => {
    const { bytesWritten } = socket;
    setImmediate(() => {
      if (socket.writable && socket.bytesWritten === bytesWritten && connection.is_open()) wire._write_frame();
    });
  });
}
