import { Budget } from './budget.ts';
import { HttpFunction } from './http-function.ts';
import type { Instance } from './instance.ts';
import type { Load, Parameters } from './parameters.ts';
import { Random } from './random.ts';
import { SessionFunction } from './session-function.ts';
import { VirtualTime } from './virtual-time.ts';
import { Waits, type Limit } from './waits.ts';

export interface Simulated {
  /** Handled by the queues' functions, in a second of the load's time. */
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** From a run's completion until each of its dispatches was taken by GitHub. Those that are still to come are not in it. */
  readonly latenciesMs: readonly number[];
  /** From a webhook's arrival until its answer; GitHub waits ten seconds. */
  readonly answersMs: readonly number[];
  readonly stillToSend: number;
  readonly instances: { readonly http: number; readonly correlate: number; readonly dispatch: number };
  readonly receivers: number;
  readonly lostLocks: number;
  /** In the busiest second. */
  readonly credits: number;
  readonly units: number;
  readonly first: { readonly limit: Limit; readonly atMs: number } | null;
  readonly most: Limit | null;
}

interface CorrelateMessage {
  readonly completedAt: number | null;
}

interface DispatchMessage {
  readonly completedAt: number;
  readonly installation: number;
  /** Whether its turn has come. */
  readonly hasTurn: boolean;
}

/** A run completes so long after its message, at most. */
const longestRunMs = 30_000;

/** RU of each step: together what `npm run bench -- scaling` counts for a run by Microsoft's prices. */
const units = { receive: 8, look: 1, decide: 11.3, send: 18.7, wait: 1 };

/** The loop under a load, in virtual time: the same seed gives the same answer. */
export function simulate(parameters: Parameters, load: Load, seed = 1): Simulated {
  const time = new VirtualTime();
  const random = new Random(seed);
  const waits = new Waits();
  const { storeMs, busMs, premium, autoscale } = parameters;
  const credits = new Budget(premium ? Number.POSITIVE_INFINITY : parameters.creditsPerSecond);
  const requestUnits = new Budget(autoscale ? parameters.maxThroughput : parameters.serverlessUnits);
  const latenciesMs: number[] = [];
  const answersMs: number[] = [];
  let planned = 0;

  const pay = (budget: Budget, limit: Limit, amount: number, medianMs: number, then: () => void): void => {
    const at = budget.take(time.now, amount);
    waits.note(limit, time.now, at - time.now);
    time.at(at + random.around(medianMs), then);
  };
  const broker = (then: () => void): void => pay(credits, 'credits of Service Bus', 1, busMs, then);
  const store = (amount: number, then: () => void): void =>
    pay(requestUnits, 'RU/s of Cosmos DB', amount, storeMs, then);

  const http = new HttpFunction({ time, waits, parameters });
  const shared = { time, waits, parameters, broker };
  /** When each installation may be written to next, had it no burst to spare. */
  const turns = new Map<number, number>();

  const dispatch = new SessionFunction<DispatchMessage>({
    ...shared,
    alwaysReady: parameters.readyDispatch,
    handle(message, instance, done, isRepeated) {
      if (isRepeated) {
        store(units.look, done);
        return;
      }
      const at = message.hasTurn ? time.now : turnOf(message.installation);
      if (at > time.now) {
        waits.note("GitHub's pace for an installation", time.now, at - time.now);
        instance.compute(parameters.dispatchCpuMs / 2, () =>
          store(units.wait, () =>
            broker(() => {
              time.at(at, () => publishDispatch({ ...message, hasTurn: true }));
              done();
            }),
          ),
        );
        return;
      }
      instance.compute(parameters.dispatchCpuMs, () =>
        time.after(random.around(parameters.gitHubMs), () => {
          latenciesMs.push(time.now - message.completedAt);
          store(units.send, done);
        }),
      );
    },
  });
  const publishDispatch = (message: DispatchMessage): void =>
    dispatch.publish(`installation:${message.installation}`, message);

  function turnOf(installation: number): number {
    const everyMs = 60_000 / parameters.dispatchPerMinute;
    const spareMs = parameters.dispatchBurst * everyMs;
    const at = Math.max(turns.get(installation) ?? 0, time.now - spareMs);
    turns.set(installation, at + everyMs);
    return at;
  }

  const correlate = new SessionFunction<CorrelateMessage>({
    ...shared,
    alwaysReady: parameters.readyCorrelate,
    handle({ completedAt }, instance, done, isRepeated) {
      instance.compute(parameters.correlateCpuMs, () => {
        if (completedAt === null || isRepeated) store(units.look, done);
        else store(units.decide, () => tell(completedAt, done));
      });
    },
  });
  function tell(completedAt: number, done: () => void): void {
    planned += load.consumers;
    let sent = 0;
    for (let n = 0; n < load.consumers; n += 1) {
      const message = { completedAt, installation: random.below(load.installations), hasTurn: false };
      broker(() => {
        publishDispatch(message);
        sent += 1;
        if (sent === load.consumers) done();
      });
    }
  }

  const receive = (session: string, amount: number, completedAt: number | null): void =>
    http.ask((instance: Instance, done) =>
      instance.compute(parameters.requestCpuMs, () => {
        const hint = (): void =>
          broker(() => {
            correlate.publish(session, { completedAt });
            if (completedAt !== null) answersMs.push(time.now - completedAt);
            done();
          });
        if (amount === 0) hint();
        else store(amount, hint);
      }),
    );

  const lengthMs = load.minutes * 60_000;
  const runs = Math.round(load.runsPerMinute * load.minutes);
  for (let run = 0; run < runs; run += 1) {
    const minute = Math.floor(run / load.runsPerMinute) * 60_000;
    const within = load.inBursts ? minute + random.next() * 1000 : random.next() * lengthMs;
    const completesAt = longestRunMs + within;
    const session = `run-${random.below(parameters.runSessions)}`;
    time.at(completesAt - longestRunMs * random.next(), () => receive(session, units.receive, null));
    time.at(completesAt, () => receive(session, 0, time.now));
  }
  time.runUntil(longestRunMs + lengthMs);
  const seconds = lengthMs / 1000;
  return {
    messagesPerSecond: (correlate.handled + dispatch.handled) / seconds,
    deliveriesPerSecond: latenciesMs.length / seconds,
    latenciesMs,
    answersMs,
    stillToSend: planned - latenciesMs.length,
    instances: { http: http.instances, correlate: correlate.instances, dispatch: dispatch.instances },
    receivers: Math.max(correlate.mostPlaces, dispatch.mostPlaces),
    lostLocks: correlate.lostLocks + dispatch.lostLocks,
    credits: credits.highest,
    units: requestUnits.highest,
    first: waits.first,
    most: waits.most,
  };
}
