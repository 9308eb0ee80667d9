import type { Delivery, DomainEvent, ErrorAnswer, Run } from '@zekt/contracts';
import type { Log } from '@zekt/core';
import {
  makeAppKey,
  makeSigningKey,
  type Installation,
  type NewRun,
  type Repository,
  type WorkflowRun,
} from '@zekt/simulator';
import { RefusedError } from '../client.ts';
import { openTestBackend } from './backends.ts';
import { createWorld, devTenant, type DevWorld, type WorldOptions } from '../dev/dev-world.ts';

export const workflow = '.github/workflows/order.yaml';

/** A world in which acme offers a service and contoso subscribes twice. Everything goes through the public doors. */
export interface Fixture extends DevWorld {
  readonly requests: Repository;
  readonly platform: Repository;
  readonly finance: Repository;
  readonly acme: Installation;
  readonly contoso: Installation;
  /** What the server logged. */
  readonly logged: string[];
  /** Sends a message as a job of the run would. */
  send(run: WorkflowRun, changes?: SendOptions): Promise<Answer>;
  /** POSTs as a job of the run. */
  post(run: WorkflowRun, path: string, body: object): Promise<Answer>;
  startRun(options?: Omit<NewRun, 'displayTitle'>): WorkflowRun;
  deliveries(): Promise<Delivery[]>;
  events(): Promise<DomainEvent[]>;
  run(run: WorkflowRun): Promise<Run>;
  /** Waits until GitHub has so many dispatches and Zekt has recorded each: it can be reported on and replayed. */
  recorded(dispatches: number): Promise<void>;
}

export interface SendOptions {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & Partial<ErrorAnswer>;
}

export const serviceResource = {
  apiVersion: 'zekt.dev/v1',
  kind: 'Service',
  metadata: { owner: 'acme', name: 'orders' },
  spec: {
    repository: 'acme/requests',
    workflow,
    eventType: 'order-run',
    eventTypes: ['ordered', 'cancelled', 'built'],
  },
};
/** Says which account octocat, who starts the runs, has at Entra: so people of the tenant can be asked. */
export const octocatIdentity = ({ github }: Pick<DevWorld, 'github'>) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Identity',
  metadata: { name: 'octocat' },
  spec: {
    github: { id: github.world.user('octocat').id },
    entra: { tenant: devTenant, objectId: '0c70ca70-0000-4000-8000-000000000001' },
  },
});
export const subscriptionResource = (name: string, repository: string, spec: object = {}) => ({
  apiVersion: 'zekt.dev/v1',
  kind: 'Subscription',
  metadata: { name },
  spec: { service: 'acme/orders', repository, state: 'approved', ...spec },
});

/** Made once for all worlds of a file: keys are slow to make, and no world meets another. */
const privateKey = makeAppKey();
const issuerKey = await makeSigningKey();
const microsoftKey = await makeSigningKey();

export async function openFixture(options: Partial<WorldOptions> = {}): Promise<Fixture> {
  const logged: string[] = [];
  const note = (fields: object, message: string): void => {
    logged.push(
      `${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? `${value.name}: ${value.message}` : value))} ${message}`,
    );
  };
  const backend = await openTestBackend((line) => logged.push(line));
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const world = await createWorld({
    log,
    ...(backend.start && { start: backend.start }),
    ...options,
    simulator: { privateKey, issuerKey, ...options.simulator },
    microsoft: { key: microsoftKey, ...options.microsoft },
    settings: {
      ZEKT_EVENT_ONLY_GRACE: '300ms',
      ZEKT_RETRY_SCHEDULE: '50ms,50ms,50ms',
      ZEKT_RECONCILE_EVERY: '0ms',
      ZEKT_DOCTOR_EVERY: '0ms',
      ZEKT_DISPATCH_PER_MINUTE: '6000',
      ZEKT_DISPATCH_BURST: '100',
      ...backend.settings,
      ...options.settings,
    },
  });
  const { github, zekt, client } = world;
  const requests = github.repository('acme/requests');
  const platform = github.repository('contoso/platform');
  const finance = github.repository('contoso/finance');
  const acme = github.install([requests]);
  const contoso = github.install([platform, finance]);
  await github.webhooks.settled();
  await client('applyResources', {
    body: {
      resources: [
        serviceResource,
        subscriptionResource('platform-orders', 'contoso/platform', { durable: true }),
        subscriptionResource('finance-orders', 'contoso/finance'),
      ],
    },
  });

  const post = async (
    token: string,
    path: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${zekt.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  return {
    ...world,
    requests,
    platform,
    finance,
    acme,
    contoso,
    logged,
    startRun: (run = {}) => github.startRun(requests, { workflow, ...run }),
    async send(run, { body, headers, token } = {}) {
      const repository = `${run.repository.owner.login}/${run.repository.name}`;
      return post(
        token ?? (await github.issuer.mint(run, zekt.url)),
        '/api/events/receive',
        { eventType: 'ordered', repository, workflowRunId: String(run.id), payload: { size: 'small' }, ...body },
        headers,
      );
    },
    post: async (run, path, body) => post(await github.issuer.mint(run, zekt.url), path, body),
    deliveries: async () => (await client('listDeliveries', { query: { limit: '100' } })).items,
    events: async () => (await client('listEvents', { query: { limit: '100' } })).items,
    async stop() {
      backend.hasten();
      await world.stop();
      await backend.stop();
    },
    async recorded(count) {
      const { dispatches } = github.world;
      await until(() => dispatches.length === count, `${count} dispatches`);
      for (const { clientPayload } of dispatches) {
        const { deliveryId } = clientPayload._zekt as { deliveryId: string };
        const delivery = () => client('getDelivery', { params: { deliveryId } });
        await until(async () => (await delivery()).dispatchedAt !== null, `the record of ${deliveryId}`);
      }
    },
    run: (run) => client('getRun', { params: { correlationId: `${run.repository.id}:${run.id}:${run.attempt}` } }),
  };
}

// Long, for a busy machine: whoever waits in vain waits as long.
const limitMs = 100_000;

/** Waits for something that another part of the world does in its own time. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await isSoFar(holds))) {
    if (Date.now() > deadline) throw new Error(`it did not happen within ${limitMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What does not exist yet does not hold yet. */
async function isSoFar(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'not_found') return false;
    throw error;
  }
}

/** Long enough for what must not happen to have happened. */
export const aMoment = (ms = 400): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
