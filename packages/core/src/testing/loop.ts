import { Cards } from '../directory/card.ts';
import { RecentRuns } from '../dispatch/recent-runs.ts';
import { FairPace, getPace } from '../dispatch/pace.ts';
import { OpaqueIds } from '../identity/opaque.ts';
import { nobody } from '../journal/append.ts';
import { complete, type Bus } from '../ports/bus.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { GitHubGateway } from '../ports/github.ts';
import { silentLog } from '../ports/log.ts';
import type { ReceiveContext } from '../receive/accept.ts';
import { KeptBytes } from '../receive/kept-bytes.ts';
import { ReceiveLimits } from '../receive/limits.ts';
import { Order } from '../receive/message-document.ts';
import type { SweepContext } from '../track/sweep.ts';
import type { WebhookContext } from '../webhook/route-webhook.ts';
import type { WorkerContext } from '../worker.ts';

export interface LoopOptions {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly github: GitHubGateway;
  readonly issuer: string;
  /** @default one of the same value in every test */
  readonly ids?: OpaqueIds;
  /** @default nobody listens, an hour's wait for a completion and a minute's grace */
  readonly changes?: Partial<WorkerContext>;
}

/** The steps of the loop and what they need, without HTTP, approvals and notifications. */
export type Loop = WorkerContext & ReceiveContext & WebhookContext & SweepContext;

export const testIds = new OpaqueIds(new Uint8Array(32));

export function loopOn({ store, bus, clock, github, issuer, ids = testIds, changes = {} }: LoopOptions): Loop {
  const ignore = (): void => undefined;
  const nothing = async () => async () => ({ settlement: complete });
  const limits = { messagesPerHour: 1e9, keptBytesPerAccount: 1e15 };
  return {
    store,
    bus,
    clock,
    github,
    issuer,
    ids,
    cards: new Cards(store, 0, () => clock.now()),
    listeners: nobody,
    limits: new ReceiveLimits(limits, new KeptBytes(store), ignore),
    order: new Order(),
    recent: new RecentRuns(store),
    pace: new FairPace({ perMinute: 60_000, burst: 1000 }, (id) => getPace(store, id)),
    retry: { scheduleMs: [1000, 1000, 1000, 1000, 1000], random: () => 0.5 },
    waits: { completionWaitMs: 3_600_000, eventOnlyGraceMs: 60_000 },
    completionWaitMs: 3_600_000,
    log: silentLog,
    count: ignore,
    onDispatched: ignore,
    approvals: nothing,
    notifications: nothing,
    hooks: nothing,
    ...changes,
  };
}
