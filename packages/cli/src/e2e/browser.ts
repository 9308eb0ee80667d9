import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumPath } from './chromium-path.ts';

/** Whatever would look for hosts of the wide world is off. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('There is no Chromium: node scripts/ensure-debian-packages.ts');
  return chromium.launch({ executablePath, args: quiet });
}

/** Keeps a picture where `SCREENSHOTS` says, for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const { SCREENSHOTS: directory } = process.env;
  if (!directory) return;
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
