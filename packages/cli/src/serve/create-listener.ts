import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createApp, nodeDoor, type Zekt } from '@zekt/api';

/** Everything that Zekt answers: the two intakes by a door of their own, without a detour by Request and Response; the rest by the app. */
export function createListener(zekt: Zekt): RequestListener {
  const takeIn = nodeDoor(zekt);
  const answer = getRequestListener(createApp(zekt));
  return (incoming, outgoing) => {
    if (!takeIn(incoming, outgoing)) void answer(incoming, outgoing);
  };
}
