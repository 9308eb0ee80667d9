import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = (dataDir: string): string => join(dataDir, 'urls');

/** Notes at which URLs the server of this data directory is, so that its admin token is sent to no other. */
export const noteServerUrls = (dataDir: string, urls: readonly string[]): void =>
  writeFileSync(file(dataDir), `${[...new Set(urls)].join('\n')}\n`, { mode: 0o600 });

/** Empty when no server has noted any. */
export function readServerUrls(dataDir: string): string[] {
  try {
    return readFileSync(file(dataDir), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
