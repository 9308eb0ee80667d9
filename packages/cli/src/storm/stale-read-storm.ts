import { openAzure, readAzureSettings, type Azure } from '@zekt/azure';
import { staleReads, startDoubles, type Doubles } from '@zekt/azure/testing';
import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  digest,
  findSubscription,
  handlers,
  manager,
  queues,
  silentLog,
  sweepMessages,
  type GitHubGateway,
  type RunKey,
} from '@zekt/core';
import { eventually, loopOn, ManualClock, testIds, type Loop } from '@zekt/core/testing';
import {
  deliveryIdIn,
  gitHub,
  issuer,
  keyOf,
  messageOf,
  nameOf,
  resourcesOf,
  run,
  runWebhook,
} from '@zekt/embedded/testing';
import { openGate } from './gate.ts';
import { weatherOf, type Weather } from './storm-weather.ts';

export interface Storm {
  readonly runs: number;
  readonly seed: number;
  /** Workers that are killed on the way, one after another. */
  readonly kills: number;
}

/** What became of the deliveries, and what happened meanwhile. */
export interface StormAccount extends Omit<Weather, 'calm' | 'random'> {
  readonly expected: number;
  /** Never sent. */
  readonly lost: number;
  /** Sent under an id that nobody expected: the receiver can't tell it from new. */
  readonly doubled: number;
  /** Sent again under the same id. */
  readonly repeated: number;
  readonly deadLetters: number;
  readonly staleAnswers: number;
  /** Physical partitions at the end, of two at the start. */
  readonly physicalPartitions: number;
  readonly killed: number;
}

/** A process: its own clients, so its own session. */
interface Worker {
  readonly azure: Azure;
  readonly loop: Loop;
  /** As with `kill -9`: nothing that it has in hand goes on, and its connections are closed. */
  kill(): void;
  stop(): Promise<void>;
}

const subscriptions = [['*'], ['built'], ['tested']];
/** At once in the loop. */
const abreast = 20;
const stepMs = 100;
const sweepEveryMs = 150_000;
/** Far below the two minutes after which the sweep takes what it sees for all there is: time passes faster than handlers work. */
const staleForMs = 10_000;
/** Far above the time in which a message becomes visible, and in which a sender who meets bad weather gets through. */
const graceMs = 300_000;
/** Each of `stepMs` on the clock: for every completion that saw no message at first, and then some. */
const drainSteps = 10_000;
const workerCount = 2;
const sessions = 6;

/**
 * Runs through the whole loop on Azure doubles while replicas are behind, physical partitions split, store and bus throttle, tokens expire
 * and workers are killed. Whoever sends a message or webhook insists, as the action and GitHub's redelivery do.
 */
export async function storm({ runs, seed, kills }: Storm): Promise<StormAccount> {
  const clock = new ManualClock();
  const doubles = await startDoubles({ clock, seed, partitionCount: 2 });
  doubles.cosmos.lag = null;
  const dispatched: string[] = [];
  const github = gitHub(async (request) => {
    dispatched.push(deliveryIdIn(request));
    return { kind: 'accepted', status: 204 };
  });
  const open = (isWorker: boolean): Promise<Worker> => openWorker(doubles, clock, github, isWorker);
  const doors = await open(false);
  await applyResources(
    { store: doors.azure.store, github, issuer, nowMs: clock.now(), dryRun: false },
    resourcesOf(subscriptions),
    manager,
  );
  const workers = await Promise.all(Array.from({ length: workerCount }, () => open(true)));
  // A right that was given a moment ago may miss a run: these are older.
  await eventually(async () => (await doors.azure.bus.depth('directory')).waiting === 0, 'the card is made');
  await doors.azure.outbox.settled();
  clock.advance(staleForMs);
  doubles.cosmos.lag = staleReads(seed, { share: 0.9, most: 100 });
  doubles.cosmos.staleForMs = staleForMs;
  const weather = weatherOf(doubles, seed);
  const expected = new Set<string>();
  const dead: Worker[] = [];
  let isOver = false;
  const passing = letTimePass(clock, async (nowMs) => {
    if (nowMs % sweepEveryMs < stepMs)
      await Promise.allSettled([sweepMessages(doors.loop, nowMs), doors.azure.outbox.sweep()]);
    return !isOver;
  });

  const idOf = await deliveryIds(doors.azure);
  let begun = 0;
  const play = async (): Promise<void> => {
    while (begun < runs) {
      begun += 1;
      const key: RunKey = { ...run, runId: String(1_000_000 + begun) };
      const types = ['built', 'tested'].filter(() => weather.random() < 0.7);
      const eventTypes = types.length > 0 ? types : ['built'];
      const inputs = [
        ...eventTypes.map(
          (type, index) => () => acceptMessage(doors.loop, messageOf(index, type, key.runId), clock.now()),
        ),
        () => acceptWebhook(doors.loop, runWebhook('completed', `guid-${key.runId}`, key.runId), clock.now()),
      ];
      if (weather.random() < 0.3) inputs.reverse();
      for (const send of inputs) await insist(send);
      eventTypes.forEach((type, index) => {
        for (const id of idOf(key, type, index)) expected.add(id);
      });
      if (dead.length < kills && begun >= ((dead.length + 1) * runs) / (kills + 1)) {
        const index = dead.length % workerCount;
        const victim = workers[index];
        if (!victim) continue;
        dead.push(victim);
        victim.kill();
        workers[index] = await open(true);
      }
    }
  };
  await Promise.all(Array.from({ length: abreast }, play));
  weather.calm();
  const lostNow = (): string[] => [...expected].filter((id) => !dispatched.includes(id));
  for (let step = 0; step < drainSteps && lostNow().length > 0; step += 1) await aMoment();
  isOver = true;
  await passing;
  const depths = await Promise.all(queues.map((queue) => doors.azure.bus.depth(queue)));
  const once = new Set(dispatched);
  const account: StormAccount = {
    expected: expected.size,
    lost: lostNow().length,
    doubled: [...once].filter((id) => !expected.has(id)).length,
    repeated: dispatched.length - once.size,
    deadLetters: depths.reduce((sum, { dead }) => sum + dead, 0),
    staleAnswers: doubles.cosmos.staleAnswers,
    physicalPartitions: doubles.cosmos.physicalPartitions('zekt', 'state'),
    killed: dead.length,
    throttled: weather.throttled,
    failed: weather.failed,
    expired: weather.expired,
  };
  doubles.serviceBus.hasten();
  await Promise.all([doors, ...workers, ...dead].map((worker) => worker.stop()));
  await doubles.stop();
  return account;
}

async function openWorker(
  doubles: Doubles,
  clock: ManualClock,
  github: GitHubGateway,
  isWorker: boolean,
): Promise<Worker> {
  const { ServiceBus: namespace } = doubles.environment;
  const port = /127\.0\.0\.1:(\d+)/.exec(namespace)?.[1] ?? '';
  const gate = await openGate(Number(port));
  const settings = readAzureSettings(
    { ...doubles.environment, ServiceBus: namespace.replace(`:${port}`, `:${gate.port}`) },
    [],
  );
  if (!settings) throw new Error('the doubles have no settings');
  const azure = await openAzure(settings, silentLog, clock);
  let isDead = false;
  const burial = Promise.withResolvers<never>();
  burial.promise.catch(() => undefined);
  const effect = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = isDead ? null : { value: await work() };
    return isDead || result === null ? burial.promise : result.value;
  };
  const commit = azure.store.commit.bind(azure.store);
  azure.store.commit = (batch) => effect(() => commit(batch));
  const send = azure.bus.send.bind(azure.bus);
  azure.bus.send = (parcels) => effect(() => send(parcels));
  const loop = loopOn({
    ...azure,
    clock,
    issuer,
    github: { ...github, dispatch: (request) => effect(() => github.dispatch(request)) },
    changes: { waits: { completionWaitMs: 36_000_000, eventOnlyGraceMs: graceMs } },
  });
  const own = handlers(loop);
  const consumers = isWorker ? queues.map((queue) => azure.bus.consume(queue, own[queue], { sessions })) : [];
  return {
    azure,
    loop,
    kill() {
      isDead = true;
      gate.cut();
    },
    async stop() {
      burial.reject(new Error('killed'));
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await azure.close();
      gate.cut();
    },
  };
}

/** The ids under which a message goes to the subscriptions that take its type. */
async function deliveryIds({ store }: Azure): Promise<(key: RunKey, type: string, index: number) => string[]> {
  const found = await Promise.all(
    subscriptions.map(async (types, index) => ({ types, id: (await findSubscription(store, nameOf(index)))?.body.id })),
  );
  return (key, type, index) =>
    found
      .filter(({ types }) => types.includes('*') || types.includes(type))
      .map(({ id = '' }) => testIds.delivery(key, digest('key', keyOf(index)), id));
}

const aMoment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function letTimePass(clock: ManualClock, onStep: (nowMs: number) => Promise<boolean>): Promise<void> {
  do {
    clock.advance(stepMs);
    await aMoment();
  } while (await onStep(clock.now()));
}

async function insist(send: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await send();
      return;
    } catch {
      await aMoment();
    }
  }
}
