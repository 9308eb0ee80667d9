import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is on this machine; null: nowhere. */
export function chromiumPath(): string | null {
  const { CHROMIUM_PATH: given } = process.env;
  return [...(given ? [given] : []), ...places].find((path) => existsSync(path)) ?? null;
}
