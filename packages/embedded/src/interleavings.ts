import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  complete,
  deliveryIdOf,
  handlers,
  manager,
  MemoryPace,
  queues,
  silentLog,
  type DispatchRequest,
  type GitHubGateway,
  type IncomingMessage,
  type Webhook,
} from '@zekt/core';
import { CrashError, crashing, Crashes, ManualClock, type Crash } from '@zekt/core/testing';
import { openEmbedded } from './open-embedded.ts';

/** One thing that reaches Zekt, or a moment in which its worker gets on. */
export type Input =
  | { readonly kind: 'message'; readonly index: number }
  | { readonly kind: 'completion'; readonly guid: number }
  | { readonly kind: 'progress'; readonly status: 'requested' | 'in_progress' }
  | { readonly kind: 'work'; readonly ms: number };

export interface Scenario {
  /** Event type of each message, in no order but that of their arrival. */
  readonly messages: readonly string[];
  readonly inputs: readonly Input[];
  readonly crashes: readonly Crash[];
  /** Event types that each subscription takes. */
  readonly subscriptions: readonly (readonly string[])[];
}

export interface Outcome {
  /** Delivery ids in the order that GitHub took them; repetitions included. */
  readonly dispatched: readonly string[];
  /** What should have been, each delivery once. */
  readonly expected: readonly string[];
  /** For each subscription, delivery ids in the order in which they should first arrive. */
  readonly lanes: readonly (readonly string[])[];
  readonly deadLetters: number;
}

const provider = {
  id: '101',
  ownerId: '11',
  fullName: 'acme/requests',
  owner: 'acme',
  installationId: '1',
  archived: false,
  defaultBranch: 'main',
};
const consumers = [0, 1, 2].map((n) => ({
  id: String(200 + n),
  ownerId: '22',
  fullName: `contoso/consumer-${n}`,
  owner: 'contoso',
  // Two share an installation.
  installationId: n === 2 ? '3' : '2',
  archived: false,
  defaultBranch: 'main',
}));
const workflow = '.github/workflows/order.yaml';
const correlationId = '101:4242:1';
const nameOf = (index: number): string => `subscription-${index}`;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Plays a scenario on a store of its own, with the worker's real handlers and time in our hands. Whoever sends a message or webhook
 * and sees a crash sends it again, as the action and GitHub's redelivery do.
 */
export async function play(scenario: Scenario): Promise<Outcome> {
  const clock = new ManualClock();
  const embedded = openEmbedded(':memory:', clock);
  const crashes = new Crashes(scenario.crashes);
  const dispatched: string[] = [];
  const github: GitHubGateway = {
    dispatch: (request) =>
      crashes.effect(async () => {
        dispatched.push(deliveryIdIn(request));
        return { kind: 'accepted', status: 204 };
      }),
    findRun: async () => null,
    findRepository: async (name) => [provider, ...consumers].find(({ fullName }) => fullName === name) ?? null,
    findUser: async () => null,
    isTeamMember: async () => false,
    findInstallation: async () => null,
  };
  await applyResources(
    { store: embedded.store, github, nowMs: clock.now(), dryRun: false },
    resourcesOf(scenario),
    manager,
    'https://issuer.example',
  );

  const { store, bus } = crashing(embedded.store, embedded.bus, crashes);
  const work = handlers({
    store,
    bus,
    clock,
    github,
    log: silentLog,
    count: () => undefined,
    pace: new MemoryPace({ perMinute: 60_000, burst: 1000 }),
    approvals: async () => complete,
    notifications: async () => complete,
    tell: async () => undefined,
    retry: { scheduleMs: [1000, 1000, 1000, 1000, 1000], random: () => 0.5 },
    waits: { completionWaitMs: 3_600_000, eventOnlyGraceMs: 60_000 },
  });
  const workers = queues.map((queue) => embedded.bus.consume(queue, work[queue], { sessions: 4 }));
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < 12; turns += 1) await turn();
  };

  const arrived: number[] = [];
  const insist = async (send: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await send();
        return;
      } catch (error) {
        if (!(error instanceof CrashError)) throw error;
      }
    }
  };
  for (const input of scenario.inputs) {
    switch (input.kind) {
      case 'work':
        await advance(input.ms);
        break;
      case 'message': {
        await insist(() => acceptMessage(store, messageOf(input.index, scenario), clock.now()));
        if (!arrived.includes(input.index)) arrived.push(input.index);
        break;
      }
      case 'completion':
        await insist(() => acceptWebhook(store, runWebhook('completed', `guid-${input.guid}`), clock.now()));
        break;
      case 'progress':
        await insist(() => acceptWebhook(store, runWebhook(input.status, `guid-${input.status}`), clock.now()));
        break;
    }
  }
  // Past the grace, and past every wait after a crash.
  for (let step = 0; step < 30; step += 1) await advance(4000);
  await Promise.all(workers.map((worker) => worker.stop()));
  const depths = await Promise.all(queues.map((queue) => embedded.bus.depth(queue)));
  await embedded.close();
  const lanes = lanesOf(scenario, arrived);
  return { dispatched, expected: lanes.flat(), lanes, deadLetters: depths.reduce((sum, { dead }) => sum + dead, 0) };
}

/** Straight from the rules: every message to every subscription that takes it, or the run alone where there was none. */
function lanesOf({ messages, inputs, subscriptions }: Scenario, arrived: readonly number[]): string[][] {
  if (!inputs.some(({ kind }) => kind === 'completion')) return subscriptions.map(() => []);
  return subscriptions.map((eventTypes, index) => {
    const takes = (eventType: string): boolean => eventTypes.includes('*') || eventTypes.includes(eventType);
    const consumer = consumers[index % consumers.length]?.id ?? '';
    const idOf = (item: string): string => deliveryIdOf(correlationId, item, nameOf(index), consumer);
    if (arrived.length === 0) return takes('ordered') ? [idOf('run')] : [];
    return arrived
      .filter((message) => takes(messages[message] ?? ''))
      .map((message) => idOf(eventIds.get(message) ?? ''));
  });
}

/** Event ids are digests of what was sent, so they are the same in every scenario. */
const eventIds = new Map<number, string>();

/** Finds out, once, which id each message index gets. */
export async function learnEventIds(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    if (eventIds.has(index)) continue;
    const embedded = openEmbedded(':memory:', new ManualClock());
    const scenario = {
      messages: Array.from({ length: count }, () => 'any'),
      inputs: [],
      crashes: [],
      subscriptions: [],
    };
    const { nowMs } = { nowMs: Date.UTC(2026, 10, 22) };
    const github = { findRepository: async (): Promise<typeof provider> => provider, findUser: async () => null };
    await applyResources(
      { store: embedded.store, github, nowMs, dryRun: false },
      resourcesOf(scenario),
      manager,
      'https://issuer.example',
    );
    eventIds.set(index, (await acceptMessage(embedded.store, messageOf(index, scenario), nowMs)).eventId);
    await embedded.close();
  }
}

function deliveryIdIn({ clientPayload }: DispatchRequest): string {
  return (clientPayload as { _zekt: { deliveryId: string } })._zekt.deliveryId;
}

function messageOf(index: number, { messages }: Scenario): IncomingMessage {
  return {
    idempotencyKey: `key-${index}`,
    identity: {
      issuer: 'https://issuer.example',
      repositoryId: provider.id,
      repositoryOwnerId: provider.ownerId,
      runId: '4242',
      runAttempt: 1,
      workflow,
      repository: provider.fullName,
      repositoryOwner: provider.owner,
      eventName: 'workflow_dispatch',
      actor: 'octocat',
      actorId: '1',
      ref: 'refs/heads/main',
      tokenId: `token-${index}`,
    },
    request: {
      eventType: messages[index] ?? 'any',
      repository: provider.fullName,
      workflowRunId: '4242',
      payload: { index },
    },
  };
}

function runWebhook(action: string, guid: string): Webhook {
  return {
    hook: 'integration-1',
    guid,
    event: 'workflow_run',
    payload: {
      action,
      workflow_run: {
        id: 4242,
        run_attempt: 1,
        run_number: 7,
        path: workflow,
        status: action,
        conclusion: action === 'completed' ? 'success' : null,
        event: 'workflow_dispatch',
      },
      repository: {
        id: Number(provider.id),
        full_name: provider.fullName,
        owner: { id: Number(provider.ownerId), login: 'acme' },
      },
    },
  };
}

function resourcesOf({ subscriptions }: Scenario): object[] {
  const service = {
    apiVersion: 'zekt.dev/v1',
    kind: 'Service',
    metadata: { owner: 'acme', name: 'ordered' },
    spec: { repository: provider.fullName, workflow },
  };
  const rights = subscriptions.map((eventTypes, index) => ({
    apiVersion: 'zekt.dev/v1',
    kind: 'Subscription',
    metadata: { name: nameOf(index) },
    spec: {
      service: 'acme/ordered',
      repository: consumers[index % consumers.length]?.fullName ?? '',
      state: 'approved',
      eventTypes: [...eventTypes],
    },
  }));
  return [service, ...rights];
}
