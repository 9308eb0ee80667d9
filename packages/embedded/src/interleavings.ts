import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  digest,
  findSubscription,
  handlers,
  manager,
  queues,
  runItem,
  sweepMessages,
  type Bus,
  type DocumentStore,
} from '@zekt/core';
import {
  busOn,
  CrashError,
  crashing,
  Crashes,
  crashingInSteps,
  loopOn,
  ManualClock,
  StaleReads,
  testIds,
  type Crash,
  type Loop,
} from '@zekt/core/testing';
import { deliveryIdIn, gitHub, issuer, keyOf, messageOf, nameOf, resourcesOf, run, runWebhook } from './one-run.ts';
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
  readonly place: Place;
}

/** Where an outcome takes effect: at once, step by step, or step by step where others' writes may be seen late. */
export type Place =
  | { readonly kind: 'one file' }
  | { readonly kind: 'in steps' }
  | { readonly kind: 'stale reads'; readonly coins: readonly boolean[] };

export interface Outcome {
  /** Delivery ids in the order that GitHub took them; repetitions included. */
  readonly dispatched: readonly string[];
  /** What should have been, each delivery once. */
  readonly expected: readonly string[];
  /** For each subscription, delivery ids in the order in which they should first arrive. */
  readonly lanes: readonly (readonly string[])[];
  readonly deadLetters: number;
}

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
  const github = gitHub((request) =>
    crashes.effect(async () => {
      dispatched.push(deliveryIdIn(request));
      return { kind: 'accepted', status: 204 };
    }),
  );
  await applyResources(
    { store: embedded.store, github, issuer, nowMs: clock.now(), dryRun: false },
    resourcesOf(scenario.subscriptions),
    manager,
  );
  const open = opener(scenario.place, embedded, crashes, clock);
  const loop = (client: string): Loop => loopOn({ ...open(client), clock, github, issuer });
  const workers = queues.map((queue) => {
    const { bus, ...context } = loop(queue);
    return bus.consume(queue, handlers({ ...context, bus })[queue], { sessions: 4 });
  });
  const [receive, webhook, sweeper] = [loop('receive'), loop('webhook'), loop('sweep')];
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < turnsOf[scenario.place.kind]; turns += 1) await turn();
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
        await insist(() => acceptMessage(receive, messageOf(input.index, scenario.messages[input.index]), clock.now()));
        if (!arrived.includes(input.index)) arrived.push(input.index);
        break;
      }
      case 'completion':
        await insist(() => acceptWebhook(webhook, runWebhook('completed', `guid-${input.guid}`), clock.now()));
        break;
      case 'progress':
        await insist(() => acceptWebhook(webhook, runWebhook(input.status, `guid-${input.status}`), clock.now()));
        break;
    }
  }
  // Past the grace, and past every wait after a crash.
  for (let step = 0; step < 30; step += 1) await advance(4000);
  if (scenario.place.kind === 'stale reads') {
    // Past the time after which everybody sees everything.
    for (let step = 0; step < 3; step += 1) {
      await advance(130_000);
      await insist(() => sweepMessages(sweeper, clock.now()));
    }
    for (let step = 0; step < 30; step += 1) await advance(4000);
  }
  await Promise.all(workers.map((worker) => worker.stop()));
  const depths = await Promise.all(queues.map((queue) => embedded.bus.depth(queue)));
  const lanes = await lanesOf(embedded.store, scenario, arrived);
  await embedded.close();
  return { dispatched, expected: lanes.flat(), lanes, deadLetters: depths.reduce((sum, { dead }) => sum + dead, 0) };
}

/** Turns of the event loop in which the workers get on: each step of an outcome takes some. */
const turnsOf: Readonly<Record<Place['kind'], number>> = { 'one file': 12, 'in steps': 40, 'stale reads': 40 };
/** After this everybody sees a write. */
const lagMs = 1500;

/** Store and bus as each client has them. */
function opener(
  place: Place,
  { store, bus }: { readonly store: DocumentStore; readonly bus: Bus },
  crashes: Crashes,
  clock: ManualClock,
): (client: string) => { readonly store: DocumentStore; readonly bus: Bus } {
  if (place.kind === 'one file') return () => crashing(store, bus, crashes);
  if (place.kind === 'in steps') return () => crashingInSteps(store, bus, crashes);
  let coin = 0;
  const isStale = (): boolean => {
    coin += 1;
    return place.coins[coin % place.coins.length] ?? false;
  };
  const replicas = new StaleReads(store, { isStale, now: () => clock.now(), lagMs });
  return (client) => {
    const whole = crashing(replicas.client(client), bus, crashes);
    return { store: whole.store, bus: busOn(whole.store, whole.bus) };
  };
}

/** Straight from the rules: every message to every subscription that takes it, or the run alone where there was none. */
async function lanesOf(
  store: DocumentStore,
  { messages, inputs, subscriptions }: Scenario,
  arrived: readonly number[],
): Promise<string[][]> {
  if (!inputs.some(({ kind }) => kind === 'completion')) return subscriptions.map(() => []);
  return Promise.all(
    subscriptions.map(async (eventTypes, index) => {
      const takes = (eventType: string): boolean => eventTypes.includes('*') || eventTypes.includes(eventType);
      const subscription = await findSubscription(store, nameOf(index));
      const idOf = (item: string): string => testIds.delivery(run, item, subscription?.body.id ?? '');
      if (arrived.length === 0) return takes('ordered') ? [idOf(runItem)] : [];
      return arrived
        .filter((message) => takes(messages[message] ?? ''))
        .map((message) => idOf(digest('key', keyOf(message))));
    }),
  );
}
