import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDoubles } from '@zekt/azure/testing';
import { createClient } from 'zekt';
import { GitHubSimulator, type WorkflowRun } from '@zekt/simulator';
import { startChild, type Child } from '../child.ts';
import { resources, workflow } from '../resources.ts';
import { crashPoints, type CrashPoint } from './crash-points.ts';

const consumers = 12;
const runsPerLife = 12;
const drainLimitMs = 60_000;

/** How one life of the server ends. */
type Death = { readonly kind: 'random' } | { readonly kind: 'point'; readonly point: CrashPoint; readonly nth: number };

export interface Account {
  readonly death: string;
  readonly lives: number;
  readonly messages: number;
  readonly expected: number;
  readonly delivered: number;
  /** Sent more than once under one delivery id: a receiver can tell. */
  readonly repeated: number;
  readonly lost: number;
  /** The same content under another delivery id: a receiver can't tell. */
  readonly doubled: number;
}

interface Sent {
  readonly eventId: string;
}

/**
 * A server that is killed again and again, with a GitHub that fails, breaks off and repeats itself; clients insist until they have an
 * answer. Then everything that was answered is accounted for.
 *
 * @param onAzure store and bus are on doubles of Cosmos DB and Service Bus, which outlive the server
 */
export async function torture(
  kind: CrashPoint | 'random',
  lives: number,
  random: () => number,
  onAzure: boolean,
): Promise<Account> {
  const doubles = onAzure ? await startDoubles() : null;
  const directory = mkdtempSync(join(tmpdir(), 'zekt-torture-'));
  const github = await GitHubSimulator.start({ random });
  const secret = randomBytes(12).toString('hex');
  const adminToken = randomBytes(16).toString('hex');
  const settings = {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'data'),
    ZEKT_OIDC_ISSUERS: github.issuer.url,
    ZEKT_OIDC_AUDIENCE: 'api://zekt',
    ZEKT_GITHUB_API_URL: github.url,
    ZEKT_GITHUB_APP_ID: github.appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: github.privateKey,
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_ADMIN_TOKEN: adminToken,
    ZEKT_DISPATCH_PER_MINUTE: '1000000',
    ZEKT_DISPATCH_BURST: '1000000',
    ZEKT_RETRY_SCHEDULE: Array.from({ length: 40 }, () => '50ms').join(','),
    ZEKT_RECONCILE_EVERY: '300ms',
    ZEKT_LOG_LEVEL: 'silent',
    ...doubles?.environment,
  };
  const sent: Sent[] = [];
  let server = null as Child | null;

  const live = async (death: Death | null): Promise<Child> => {
    server = await startChild(
      './torture/server.ts',
      death?.kind === 'point' ? [death.point, String(death.nth)] : [],
      settings,
    );
    github.sendWebhooksTo({ url: `${server.url}/api/github/webhooks`, secret });
    return server;
  };
  /** Sends until there is an answer, as the action does; the same key each time. */
  const insist = async (run: WorkflowRun, n: number): Promise<void> => {
    const body = JSON.stringify({
      eventType: 'ordered',
      repository: 'acme/requests',
      workflowRunId: String(run.id),
      payload: { n },
    });
    for (;;) {
      try {
        const token = await github.issuer.mint(run, 'api://zekt');
        const response = await fetch(`${server?.url ?? ''}/api/events/receive`, {
          method: 'POST',
          body,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': `${run.id}-${n}`,
          },
        });
        if (response.ok) {
          sent.push((await response.json()) as Sent);
          return;
        }
      } catch {
        // Dead, or dying: the next life answers.
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  const requests = github.repository('acme/requests');
  const installed = [
    requests,
    ...Array.from({ length: consumers }, (_, n) => github.repository(`consumer-${n}/platform`)),
  ];
  try {
    await live(null);
    for (const repository of installed) github.install([repository]);
    await github.webhooks.settled();
    await createClient({ ZEKT_URL: server?.url, ZEKT_ADMIN_TOKEN: adminToken })('applyResources', {
      body: { resources: resources(consumers) },
    });
    await kill(server);

    github.webhooks.weather = { duplicate: 0.2, lose: 0.1, reorder: 0.2 };
    for (let life = 0; life < lives; life += 1) {
      github.faults.clear();
      github.faults.add({ path: '/dispatches', times: 1e9, probability: 0.1, fault: { kind: 'resetAfter' } });
      github.faults.add({ path: '/dispatches', times: 1e9, probability: 0.1, fault: { kind: 'answer', status: 502 } });
      const nth = 1 + Math.floor(random() * 60);
      const child = await live(kind === 'random' ? { kind } : { kind: 'point', point: kind, nth });
      const work = Array.from({ length: runsPerLife }, async () => {
        const run = github.startRun(requests, { workflow });
        await insist(run, 1);
        if (random() < 0.5) await insist(run, 2);
        github.completeRun(run);
      });
      const ended = new Promise<void>((resolve) => child.process.once('close', () => resolve()));
      const limit = kind === 'random' ? 20 + random() * 400 : 3000;
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, limit))]);
      await kill(child);
      // Clients that were left without an answer go on with the next life.
      await live(null);
      await Promise.all(work);
      await kill(server);
    }

    github.faults.clear();
    github.webhooks.weather = {};
    const last = await live(null);
    // What the weather held back goes out at the end.
    await github.webhooks.settled();
    const account = await drain(github, sent);
    await last.stop();
    return { death: kind, lives, ...account };
  } finally {
    await kill(server);
    await github.stop();
    await doubles?.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function kill(child: Child | null): Promise<void> {
  if (child?.process.exitCode !== null || child.process.signalCode !== null) return;
  const closed = new Promise((resolve) => child.process.once('close', resolve));
  child.process.kill('SIGKILL');
  await closed;
}

/** Waits until everything has arrived, or nothing more does, and counts. */
async function drain(github: GitHubSimulator, sent: readonly Sent[]): Promise<Omit<Account, 'death' | 'lives'>> {
  const events = new Set(sent.map(({ eventId }) => eventId));
  const deadline = Date.now() + drainLimitMs;
  const count = () => {
    /** Delivery ids by what was delivered and to whom. */
    const contents = new Map<string, Set<string>>();
    let total = 0;
    for (const { repository, clientPayload } of github.world.dispatches) {
      const { eventId, deliveryId } = clientPayload._zekt as { eventId: string; deliveryId: string };
      const content = `${eventId} ${repository}`;
      contents.set(content, (contents.get(content) ?? new Set()).add(deliveryId));
      total += 1;
    }
    const wanted = [...events].flatMap((eventId) =>
      Array.from({ length: consumers }, (_, n) => `${eventId} consumer-${n}/platform`),
    );
    const lost = wanted.filter((content) => !contents.has(content)).length;
    const doubled = [...contents.values()].reduce((sum, ids) => sum + ids.size - 1, 0);
    const foreign = [...contents.keys()].filter((content) => !wanted.includes(content)).length;
    return {
      messages: events.size,
      expected: wanted.length,
      delivered: contents.size,
      repeated: total - contents.size - doubled,
      lost,
      doubled: doubled + foreign,
    };
  };
  while (count().lost > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
  // What should not come has a while to come.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return count();
}

export const deaths: readonly (CrashPoint | 'random')[] = ['random', ...crashPoints];
