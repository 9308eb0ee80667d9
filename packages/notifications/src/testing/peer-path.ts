import { existsSync } from 'node:fs';
import { join } from 'node:path';

const places = ['/usr/local/bin', '/usr/sbin', '/usr/bin'];

/** Where a server that the tests talk to is on this machine; null: nowhere. */
export function peerPath(name: string): string | null {
  const { PATH: path = '' } = process.env;
  return [...path.split(':'), ...places].map((place) => join(place, name)).find((it) => existsSync(it)) ?? null;
}
