import { startHttpServer } from './start-http-server.ts';

/**
 * Threads that share a port would share it with another process, too, and take each other's requests.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function assertPortFree(host: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = await startHttpServer((_, outgoing) => outgoing.destroy(), { host, port });
  await server.stop(0);
}
