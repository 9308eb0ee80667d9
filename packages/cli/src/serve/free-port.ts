import { assertPortFree } from './assert-port-free.ts';

/** The port when nobody listens on it; 0, which is any free one, when somebody does. */
export async function freePort(host: string, port: number): Promise<number> {
  try {
    await assertPortFree(host, port);
    return port;
  } catch {
    return 0;
  }
}
