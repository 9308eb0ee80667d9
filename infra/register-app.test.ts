import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { neededEvents, neededPermissions } from '@zekt/core';
import { parse } from 'yaml';
import { registerApp, type RegisteredApp } from './register-app.ts';

const manifest = JSON.parse(readFileSync(new URL('github-app-manifest.json', import.meta.url), 'utf8')) as Record<
  string,
  unknown
>;
let api: Server;
let apiUrl: string;
let exchanged: string[];

/** GitHub's end: gives an App for a code. */
beforeEach(async () => {
  exchanged = [];
  api = createServer((request, response) => {
    exchanged.push(`${request.method} ${request.url}`);
    const isGood = request.url === '/app-manifests/good/conversions';
    response.writeHead(isGood ? 201 : 404, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isGood
          ? {
              id: 42,
              slug: 'zekt',
              html_url: 'https://github.com/apps/zekt',
              pem: 'pem',
              webhook_secret: 'hook',
              client_id: 'Iv23',
              client_secret: 'client',
            }
          : {},
      ),
    );
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterEach(() => {
  api.closeAllConnections();
  api.close();
});

/** Starts a registration and plays the browser. */
async function register(browse: (page: string, url: string) => Promise<void>, organisation: string | null = null) {
  let open: (url: string) => void = () => undefined;
  const opened = new Promise<string>((resolve) => {
    open = resolve;
  });
  const result: Promise<RegisteredApp | Error> = registerApp({
    manifest,
    zektUrl: 'https://zekt.example',
    organisation,
    apiUrl,
    onUrl: open,
    limitMs: 5000,
  }).catch((error: unknown) => error as Error);
  const url = await opened;
  await browse(await (await fetch(url)).text(), url);
  return result;
}
const stateIn = (page: string): string => /state=([0-9a-f]+)/.exec(page)?.[1] ?? '';
const manifestIn = (page: string): Record<string, unknown> => {
  const text = /name="manifest" value="([^"]*)"/.exec(page)?.[1] ?? '';
  return JSON.parse(text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))) as Record<
    string,
    unknown
  >;
};

test('the manifest goes to GitHub with the webhook of this deployment, and its code becomes an App', async () => {
  let sent: Record<string, unknown> = {};
  const app = await register(async (page, url) => {
    sent = manifestIn(page);
    expect(page).toContain('https://github.com/organizations/acme/settings/apps/new?state=');
    await fetch(`${url}registered?code=good&state=${stateIn(page)}`);
  }, 'acme');
  expect(sent).toMatchObject({
    hook_attributes: { url: 'https://zekt.example/api/github/webhooks', active: true },
    callback_urls: ['https://zekt.example/chatops/sign-in/github/callback'],
  });
  expect(app).toEqual({
    id: 42,
    slug: 'zekt',
    htmlUrl: 'https://github.com/apps/zekt',
    privateKey: 'pem',
    webhookSecret: 'hook',
    clientId: 'Iv23',
    clientSecret: 'client',
  });
  expect(exchanged).toEqual(['POST /app-manifests/good/conversions']);
});

test('an answer with another state is not ours', async () => {
  await register(async (page, url) => {
    expect((await fetch(`${url}registered?code=evil&state=wrong`)).status).toBe(400);
    expect(exchanged).toEqual([]);
    await fetch(`${url}registered?code=good&state=${stateIn(page)}`);
  });
});

test('a code that GitHub does not know is an error that says so', async () => {
  const error = await register(async (page, url) => {
    await fetch(`${url}registered?code=old&state=${stateIn(page)}`);
  });
  expect(error).toEqual(new Error("GitHub answered 404 to the App's code. Start again."));
});

test('the App asks for what the code needs, which doctor checks, and for no more', () => {
  expect(manifest.default_permissions).toEqual(neededPermissions);
  expect(manifest.default_events).toEqual(neededEvents);
});

test.each(['infra/azure.yaml', 'infra/workflows/deploy.yaml', '.github/workflows/bicep.yaml'])(
  '%s is YAML and names files that exist',
  (name) => {
    const text = readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
    expect(parse(text)).toBeTruthy();
    for (const [path] of text.matchAll(/\b(bicep|infra)\/[\w/.-]+\.(bicep|bicepparam|ts|json)\b/g)) {
      expect(readFileSync(new URL(`../${path}`, import.meta.url)).length).toBeGreaterThan(0);
    }
  },
);
