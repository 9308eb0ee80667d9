import {
  acceptMessage,
  acceptWebhook,
  applyResources,
  digest,
  findSubscription,
  getDelivery,
  manager,
  queues,
  redrive,
  sweepMessages,
  type Bus,
} from '@zekt/core';
import { ManualClock, type Loop } from '@zekt/core/testing';
import { deliveryIdIn, gitHub, issuer, messageOf, nameOf, resourcesOf, runWebhook } from '../one-run.ts';
import { openEmbedded } from '../open-embedded.ts';
import { deliveriesOf, eventTypeOf, type Answered } from './deliveries-of.ts';
import type { FailoverScenario } from './failover-scenarios.ts';
import { Region } from './region.ts';
import { ReplicatedStore } from './replicated-store.ts';
import { revocationOf } from './revocation-of.ts';
import { factsOf, runIdOf } from './runs.ts';

export interface FailoverOutcome {
  /** Of deliveries that never came: when the message was answered with 2xx (ms). Null: a completion without a message. */
  readonly lost: readonly (number | null)[];
  /** Deliveries that nobody should have had. */
  readonly foreign: readonly string[];
  readonly repeated: readonly Repeated[];
  /** When a right was taken back, as was answered (ms); null: it was not. */
  readonly revokedAt: number | null;
  /** That right is there. */
  readonly isRightBack: boolean;
  /** When it was used after that (ms). */
  readonly usedAt: readonly number[];
  /** When the region failed (ms). */
  readonly failedAt: number;
  readonly deadLetters: number;
}

/** A delivery that went out more than once. */
export interface Repeated {
  readonly times: number;
  /** When it went out first (ms). */
  readonly firstAt: number;
  /** Its record was in the store when the write region had moved, or no write region moved. */
  readonly wasRecorded: boolean;
  readonly regions: number;
}

/** How far the replica may be behind with session consistency (ms). */
export const lagMs = 3000;
/** How long the account takes to fail over (ms). */
const outageMs = 8000;
const subscriptions = [['*'], ['*'], ['built']];
const revocable = subscriptions.length - 1;
const retryMs = 500;
/** More than an outage takes. */
const maxTries = 60;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Plays a failover with the worker's real handlers, two buses, and time in our hands. Whoever is not answered tries again. */
export async function playFailover(scenario: FailoverScenario): Promise<FailoverOutcome> {
  const clock = new ManualClock();
  const opened: { close(): Promise<void> }[] = [];
  const open = () => {
    const embedded = openEmbedded(':memory:', clock);
    opened.push(embedded);
    return embedded;
  };
  const store = new ReplicatedStore(
    () => open().store,
    () => clock.now(),
  );
  const dispatched: { readonly id: string; readonly region: string; readonly at: number }[] = [];
  const completed = new Set<string>();
  const gateway = (region: string) => ({
    ...gitHub(async (request) => {
      dispatched.push({ id: deliveryIdIn(request), region, at: clock.now() });
      return { kind: 'accepted', status: 204 };
    }),
    findRun: async (_: unknown, runId: string) => factsOf(runId, completed.has(runId)),
  });
  await applyResources(
    { store, github: gateway('none'), issuer, nowMs: clock.now(), dryRun: false },
    resourcesOf(subscriptions),
    manager,
  );
  // What was set up long ago is everywhere.
  clock.advance(60_000);
  const regionOn = (name: string, bus: Bus): Region => new Region({ store, bus, clock, github: gateway(name) });
  let first = regionOn('first', open().bus);
  const second = regionOn('second', open().bus);

  const recorded = new Set<string>();
  let failedAt = Number.POSITIVE_INFINITY;
  let movesAt = Number.POSITIVE_INFINITY;
  /** What the runbook says: go over the runs again; have the webhooks sent again. */
  const recover = async ({ loop }: Region): Promise<void> => {
    const nowMs = clock.now();
    for (let after: string | undefined, page = 0; page === 0 || after !== undefined; page += 1) {
      const options = { sinceMs: failedAt - 60_000, nowMs, after, occasion: `recover-${page}` };
      after = (await redrive(loop, options)).next ?? undefined;
    }
    if (!scenario.redelivers) return;
    for (const runId of completed) await acceptWebhook(loop, runWebhook('completed', `guid-${runId}`, runId), nowMs);
  };
  const move = async (): Promise<void> => {
    movesAt = Number.POSITIVE_INFINITY;
    const behindOf = (partition: string): number =>
      scenario.behind[Number.parseInt(digest(partition).slice(0, 8), 16) % scenario.behind.length] ?? 0;
    await store.failOver((partition) =>
      scenario.consistency === 'Strong' ? clock.now() : failedAt - lagMs * behindOf(partition),
    );
    for (const { id } of dispatched) if (await getDelivery(store, id)) recorded.add(id);
    await recover(second);
    if (!scenario.returns || !first.isLost) return;
    first.comeBack();
  };
  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    for (let turns = 0; turns < 40; turns += 1) await turn();
    if (clock.now() >= movesAt) await move();
  };
  let requests = 0;
  /** As Front Door does: to the first region that answers; or to either. */
  const door = (): Loop => {
    requests += 1;
    const isUsed = !first.isLost && (failedAt > clock.now() || scenario.failure === 'bus');
    return isUsed && (scenario.traffic === 'first' || requests % 2 === 0) ? first.loop : second.loop;
  };
  const insist = async (send: (loop: Loop) => Promise<unknown>): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        await send(door());
        return;
      } catch (error) {
        if (tries >= maxTries) throw error;
        await advance(retryMs);
      }
    }
  };
  const fail = async (): Promise<void> => {
    if (scenario.failure === 'region') {
      first.endAt(scenario.end);
      // Somewhere in its work; or, where it has too little to do, now.
      for (let step = 0; step < 4 && !first.isLost; step += 1) await advance(100);
      await first.lose();
    }
    failedAt = clock.now();
    if (scenario.failure === 'bus') {
      await first.stop();
      first = regionOn('first', open().bus);
      await recover(first);
      return;
    }
    store.lose();
    movesAt = clock.now() + outageMs;
  };

  const answered = new Map<string, Answered>();
  let revokedAt: number | null = null;
  for (const [index, input] of scenario.inputs.entries()) {
    if (index === scenario.failsAt) await fail();
    if (input.kind === 'work') await advance(input.ms);
    else if (input.kind === 'revocation') {
      await insist(({ store: reached }) =>
        applyResources(
          { store: reached, github: gateway('none'), issuer, nowMs: clock.now(), dryRun: false },
          revocationOf(subscriptions, revocable),
          manager,
        ),
      );
      revokedAt ??= clock.now();
    } else if (input.kind === 'completion') {
      const runId = runIdOf(input.run);
      completed.add(runId);
      await insist((loop) => acceptWebhook(loop, runWebhook('completed', `guid-${runId}`, runId), clock.now()));
    } else {
      const { run, index: number } = input;
      const message = messageOf(number, eventTypeOf(number), runIdOf(run));
      await insist((loop) => acceptMessage(loop, message, clock.now()));
      const key = `${run}/${number}`;
      if (!answered.has(key)) answered.set(key, { run, index: number, at: clock.now() });
    }
  }
  if (failedAt === Number.POSITIVE_INFINITY) await fail();
  for (let step = 0; step < 40; step += 1) await advance(4000);
  // Past the time after which late messages are looked for, and that after which GitHub is asked for a completion.
  for (const ms of [130_000, 3_600_000]) {
    await advance(ms);
    await sweepMessages(second.loop, clock.now());
  }
  for (let step = 0; step < 20; step += 1) await advance(4000);

  const { expected, possible } = await deliveriesOf(
    store,
    subscriptions,
    completed,
    [...answered.values()],
    revokedAt === null ? null : revocable,
  );
  const right = await findSubscription(store, nameOf(revocable));
  const counts = Map.groupBy(dispatched, ({ id }) => id);
  const hasMoved = scenario.failure !== 'bus';
  await Promise.all([first.stop(), second.stop()]);
  const depths = await Promise.all([first, second].flatMap(({ loop }) => queues.map((queue) => loop.bus.depth(queue))));
  for (const embedded of opened) await embedded.close();
  return {
    lost: [...expected].filter(([id]) => !counts.has(id)).map(([, at]) => at),
    foreign: [...counts.keys()].filter((id) => !possible.has(id)),
    repeated: [...counts]
      .filter(([, times]) => times.length > 1)
      .map(([id, times]) => ({
        times: times.length,
        firstAt: times[0]?.at ?? 0,
        wasRecorded: !hasMoved || recorded.has(id),
        regions: new Set(times.map(({ region }) => region)).size,
      })),
    revokedAt,
    isRightBack: right?.body.state !== 'revoked',
    usedAt: dispatched
      .filter(({ id, at }) => possible.get(id) === revocable && at > (revokedAt ?? Number.POSITIVE_INFINITY))
      .map(({ at }) => at),
    failedAt,
    deadLetters: depths.reduce((sum, { dead }) => sum + dead, 0),
  };
}
