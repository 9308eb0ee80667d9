import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createApp, discardRest, nodeDoor, type Zekt } from '@zekt/api';

/** Everything that Zekt answers: the two intakes by a door of their own, without a detour by Request and Response; the rest by the app. */
export function createListener(zekt: Zekt): RequestListener {
  const takeIn = nodeDoor(zekt);
  // What is left of a refused body is this server's to deal with, the same way for every route.
  const answer = getRequestListener(createApp(zekt), { autoCleanupIncoming: false });
  return (incoming, outgoing) => {
    if (takeIn(incoming, outgoing)) return;
    discardRest(outgoing);
    void answer(incoming, outgoing);
  };
}
