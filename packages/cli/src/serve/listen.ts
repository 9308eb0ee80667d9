import { takeOver, type Zekt } from '@zekt/api';
import type { Settings } from '@zekt/host';
import { assertPortFree } from './assert-port-free.ts';
import { createListener } from './create-listener.ts';
import { listenError } from './listen-error.ts';
import { startAcceptor } from './start-acceptor.ts';
import { startAcceptors, type SharedPort } from './start-acceptors.ts';
import { startHttpServer } from './start-http-server.ts';

export type ListenSettings = Pick<
  Settings,
  'host' | 'port' | 'acceptors' | 'publicUrl' | 'webhookSecrets' | 'oidcIssuers' | 'oidcAudiences'
>;

/**
 * Answers on one port: in this thread, or in several that share the port and pass on what only this one can do.
 *
 * @throws Error with a sentence that names ZEKT_HOST or ZEKT_PORT when they can't be listened on
 */
export async function listen(zekt: Zekt, settings: ListenSettings): Promise<SharedPort> {
  try {
    return await listenOn(zekt, settings);
  } catch (error) {
    throw listenError(error, settings);
  }
}

async function listenOn(zekt: Zekt, settings: ListenSettings): Promise<SharedPort> {
  const { host, port, acceptors, publicUrl, webhookSecrets, oidcIssuers, oidcAudiences } = settings;
  const listener = createListener(zekt);
  if (acceptors === 0) return startHttpServer(listener, { host, port });
  await assertPortFree(host, port);
  const own = await startHttpServer(listener, { host: '127.0.0.1', port: 0 });
  const proofs = { webhookSecrets, oidcIssuers, oidcAudiences };
  const start = async (on: number) => {
    const bodies = zekt.bodies.lend();
    const address = { host, port: on, reusePort: true };
    try {
      const acceptor = await startAcceptor({ proofs, publicUrl, bodies, address, forwardTo: own.port }, (handed) =>
        takeOver(zekt, handed),
      );
      void acceptor.crashed.then(() => zekt.bodies.takeBack(bodies));
      return acceptor;
    } catch (error) {
      zekt.bodies.takeBack(bodies);
      throw error;
    }
  };
  try {
    const shared = await startAcceptors(acceptors, port, start, zekt.log);
    return {
      url: shared.url,
      port: shared.port,
      async stop(graceMs, quietMs) {
        await shared.stop(graceMs, quietMs);
        await own.stop(graceMs);
      },
    };
  } catch (error) {
    await own.stop(0);
    throw error;
  }
}
