import { join } from 'node:path';
import type { GitHubSimulator, Repository } from '@zekt/simulator';
import { createClient } from 'zekt';
import { startChild, type Child } from './child.ts';
import { messageRequests, webhookRequests, type NextRequest } from './requests.ts';
import { resources } from './resources.ts';
import { secret } from './webhook-bodies.ts';

/** A server, and what it is sent. */
export interface Started {
  readonly child: Child;
  readonly next: NextRequest;
}

export interface Contender {
  readonly name: string;
  readonly start: (directory: string) => Promise<Started>;
}

/** The one that the others are compared with. */
export const own = 'Zekt (durable, queued)';

/** Runs that send messages; together they send some ten thousand. */
const tokens = 2000;
const adminToken = 'bench-admin-token-0123456789';

/** Zekt, and those it is compared with; all are sent the news of one repository, which offers a service on Zekt. */
export async function contendersOn(github: GitHubSimulator, repository: Repository): Promise<readonly Contender[]> {
  const webhooks = webhookRequests(github.world, repository);
  const messages = await messageRequests(github, repository, tokens);
  const zekt = (settings: Readonly<Record<string, string>> = {}) => startZekt(github, webhooks, settings);
  const other = (name: string, file: string): Contender => ({
    name,
    start: async (directory) => ({
      child: await startChild(file, [join(directory, 'data')], { WEBHOOK_SECRET: secret }),
      next: webhooks,
    }),
  });
  return [
    { name: own, start: zekt() },
    { name: 'Zekt, one thread that listens', start: zekt({ ZEKT_ACCEPTORS: '1' }) },
    {
      name: 'Zekt, messages with an OIDC token',
      start: async (directory) => ({ ...(await zekt()(directory)), next: messages }),
    },
    other('Probot (stores nothing)', './servers/probot.ts'),
    other('@octokit/webhooks (stores nothing)', './servers/octokit.ts'),
    other('floor: HTTP + HMAC + one fsynced insert', './servers/floor.ts'),
  ];
}

const startZekt =
  (github: GitHubSimulator, webhooks: NextRequest, settings: Readonly<Record<string, string>>): Contender['start'] =>
  async (directory) => {
    const child = await startChild('../../packages/cli/bin/zekt.js', ['serve'], {
      ZEKT_PORT: '0',
      ZEKT_DATA_DIR: join(directory, 'zekt'),
      ZEKT_GITHUB_APP_ID: github.appId,
      ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
      ZEKT_GITHUB_API_URL: github.url,
      ZEKT_GITHUB_WEBHOOK_SECRET: secret,
      ZEKT_OIDC_ISSUERS: github.issuer.url,
      ZEKT_OIDC_AUDIENCE: 'api://zekt',
      ZEKT_ADMIN_TOKEN: adminToken,
      ZEKT_RECONCILE_EVERY: '0ms',
      ZEKT_DOCTOR_EVERY: '0ms',
      ZEKT_MESSAGES_PER_HOUR: '1000000000',
      ZEKT_KEPT_MB_PER_ACCOUNT: '1000000',
      ZEKT_LOG_LEVEL: 'error',
      ...settings,
    });
    const client = createClient({ ZEKT_URL: child.url, ZEKT_ADMIN_TOKEN: adminToken });
    // Runs of a repository that offers nothing are dropped, and cost nothing.
    await client('applyResources', { body: { resources: resources(0) } });
    await assertQueued(child, webhooks);
    return { child, next: webhooks };
  };

/** What is measured is that a webhook is on disk when it is answered: as a message in the queue. */
async function assertQueued({ url }: Child, next: NextRequest): Promise<void> {
  const [head = '', body = ''] = next().toString().split('\r\n\r\n');
  const headers = [...head.matchAll(/^(x-[^:]+): (.*)$/gm)].map(([, name = '', value = '']): [string, string] => [
    name,
    value.trim(),
  ]);
  const response = await fetch(`${url}/api/github/webhooks`, { method: 'POST', headers, body });
  const { outcome } = (await response.json()) as { outcome?: string };
  if (outcome !== 'queued') throw new Error(`A webhook was answered ${response.status}, and not queued: '${outcome}'.`);
}
