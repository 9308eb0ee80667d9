import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from 'zekt';
import { startChild, type Child } from './child.ts';
import { secret } from './webhook-bodies.ts';

const adminToken = 'bench-admin-token-0123456789';

interface Ready {
  readonly appId: string;
  readonly privateKey: string;
  readonly repositoryId: number;
  readonly ownerId: number;
}

/** Zekt, and a GitHub that takes its dispatches, in a process each. */
export interface DeliveryWorld {
  readonly zekt: Child;
  readonly apply: (resources: readonly object[]) => Promise<void>;
  /** Tells Zekt that a run of a workflow of acme/requests completed; resolves with its answer. */
  readonly complete: (runId: number, workflow: string) => Promise<void>;
  /** Dispatches that GitHub has taken. */
  readonly taken: () => Promise<number>;
  /** Resolves when GitHub has taken so many. */
  readonly until: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param consumers so many repositories, `consumer-0/platform` and so on, each in an organisation of its own */
export async function startDeliveryWorld(consumers: number): Promise<DeliveryWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'zekt-bench-'));
  const simulator = fork(fileURLToPath(new URL('./servers/simulator.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await once(simulator.stdout ?? simulator, 'data')) as [Buffer];
  const githubUrl = /http:\S+/.exec(line.toString())?.[0] ?? '';
  const ask = async <T>(message: object): Promise<T> => {
    simulator.send(message);
    const [answer] = (await once(simulator, 'message')) as [T];
    return answer;
  };
  const { appId, privateKey, repositoryId, ownerId } = await ask<Ready>({ kind: 'set-up', count: consumers });
  const zekt = await startChild('../../packages/cli/bin/zekt.js', ['serve'], {
    ZEKT_PORT: '0',
    ZEKT_DATA_DIR: join(directory, 'zekt'),
    ZEKT_GITHUB_APP_ID: appId,
    ZEKT_GITHUB_APP_PRIVATE_KEY: privateKey,
    ZEKT_GITHUB_API_URL: githubUrl,
    ZEKT_GITHUB_WEBHOOK_SECRET: secret,
    ZEKT_ADMIN_TOKEN: adminToken,
    ZEKT_DISPATCH_PER_MINUTE: '1000000',
    ZEKT_DISPATCH_BURST: '1000000',
    ZEKT_EVENT_ONLY_GRACE: '0ms',
    ZEKT_RECONCILE_EVERY: '0ms',
    ZEKT_DOCTOR_EVERY: '0ms',
    ZEKT_LOG_LEVEL: 'error',
  });
  const client = createClient({ ZEKT_URL: zekt.url, ZEKT_ADMIN_TOKEN: adminToken });
  const taken = async (): Promise<number> => (await ask<{ taken: number }>({ kind: 'count' })).taken;
  return {
    zekt,
    taken,
    async apply(resources) {
      await client('applyResources', { body: { resources } });
    },
    async complete(runId, workflow) {
      const body = completion(runId, workflow, { repositoryId, ownerId });
      const response = await fetch(`${zekt.url}/api/github/webhooks`, {
        method: 'POST',
        body,
        headers: {
          'x-github-event': 'workflow_run',
          'x-github-delivery': randomUUID(),
          'x-github-hook-id': '1',
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
      });
      if (!response.ok) throw new Error(`A webhook was answered ${response.status}: ${await response.text()}`);
      await response.arrayBuffer();
    },
    async until(count) {
      while ((await taken()) < count) await new Promise((resolve) => setTimeout(resolve, 1));
    },
    async stop() {
      await zekt.stop();
      simulator.kill('SIGTERM');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const completion = (
  runId: number,
  workflow: string,
  { repositoryId, ownerId }: Pick<Ready, 'repositoryId' | 'ownerId'>,
): string =>
  JSON.stringify({
    action: 'completed',
    workflow_run: {
      id: runId,
      run_attempt: 1,
      path: workflow,
      conclusion: 'success',
      event: 'push',
      head_repository: { id: repositoryId },
      head_sha: 'a'.repeat(40),
    },
    repository: { id: repositoryId, full_name: 'acme/requests', owner: { id: ownerId, login: 'acme' } },
  });
