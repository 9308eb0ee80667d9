import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What GitHub gives for a registered App. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly htmlUrl: string;
  /** PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** For people who sign in. */
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Registration {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Where Zekt answers. */
  readonly zektUrl: string;
  /** The organisation that shall own the App; null for the person's own account. */
  readonly organisation: string | null;
  /** @default https://github.com */
  readonly githubUrl?: string;
  /** @default https://api.github.com */
  readonly apiUrl?: string;
  /** Told where the person must go. */
  readonly onUrl: (url: string) => void;
  /** @default 15 minutes */
  readonly limitMs?: number;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Registers the GitHub App from its manifest ("Registering a GitHub App from a manifest"): the person's browser takes the manifest to
 * GitHub and comes back with a code, which is exchanged for the App's id, key and secret.
 *
 * @throws Error when GitHub refuses, or nobody comes back in time
 */
export async function registerApp(registration: Registration): Promise<RegisteredApp> {
  const { githubUrl = 'https://github.com', apiUrl = 'https://api.github.com', limitMs = 15 * 60_000 } = registration;
  const state = randomBytes(16).toString('hex');
  let finish: (code: string) => void = () => undefined;
  const code = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/') {
      html(response, 200, formOf(registration, githubUrl, `${address()}/registered`, state));
    } else if (url.pathname === '/registered' && url.searchParams.get('state') === state) {
      html(response, 200, '<p>The App is registered. You can close this page and go back to the terminal.</p>');
      finish(url.searchParams.get('code') ?? '');
    } else {
      html(response, 400, '<p>This is not an answer to a question of ours.</p>');
    }
  });
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Nobody came back from GitHub in time. Start again.')), limitMs);
  });
  try {
    registration.onUrl(`${address()}/`);
    return await exchange(apiUrl, await Promise.race([code, late]));
  } finally {
    clearTimeout(timer);
    server.closeAllConnections();
    server.close();
  }
}

/** A form that takes the manifest along: GitHub wants a POST. */
function formOf(registration: Registration, githubUrl: string, redirectUrl: string, state: string): string {
  const { manifest, zektUrl, organisation } = registration;
  const own = {
    ...manifest,
    url: zektUrl,
    hook_attributes: { url: `${zektUrl}/api/github/webhooks`, active: true },
    callback_urls: [`${zektUrl}/chatops/sign-in/github/callback`],
    redirect_url: redirectUrl,
  };
  const path =
    organisation === null
      ? '/settings/apps/new'
      : `/organizations/${encodeURIComponent(organisation)}/settings/apps/new`;
  return `<h1>Register the Zekt App</h1>
<form action="${escapeHtml(`${githubUrl}${path}?state=${state}`)}" method="post">
<input type="hidden" name="manifest" value="${escapeHtml(JSON.stringify(own))}">
<button>Go on to GitHub</button>
</form>`;
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
  });
  response.end(`<!doctype html><html lang="en"><title>Zekt</title>${body}</html>`);
}

async function exchange(apiUrl: string, code: string): Promise<RegisteredApp> {
  const response = await fetch(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'zekt' },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status !== 201) throw new Error(`GitHub answered ${response.status} to the App's code. Start again.`);
  const app = (await response.json()) as {
    id: number;
    slug: string;
    html_url: string;
    pem: string;
    webhook_secret: string;
    client_id: string;
    client_secret: string;
  };
  return {
    id: app.id,
    slug: app.slug,
    htmlUrl: app.html_url,
    privateKey: app.pem,
    webhookSecret: app.webhook_secret,
    clientId: app.client_id,
    clientSecret: app.client_secret,
  };
}
