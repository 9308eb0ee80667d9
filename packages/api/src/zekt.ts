import type { Chatops } from '@zekt/chatops';
import type {
  Bus,
  Cards,
  Clock,
  Counters,
  Doctor,
  DocumentStore,
  FairUse,
  GitHubGateway,
  Listeners,
  Log,
  Notices,
  OpaqueIds,
  Order,
  ReceiveLimits,
  RedeliverWebhooks,
  Secrets,
  Telemetry,
  VerifyWorkflowToken,
} from '@zekt/core';
import type { Hooks } from '@zekt/hooks';
import type { Notifications } from '@zekt/notifications';
import type { BodyBudget } from './body-budget.ts';
import type { Cursors } from './cursor.ts';
import type { StoreProbe } from './store-probe.ts';

/** What the routes need. Each host (embedded server, Functions app) puts it together once. */
export interface Zekt {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly github: GitHubGateway;
  /** Providers, as receive and webhook need them. */
  readonly cards: Cards;
  readonly ids: OpaqueIds;
  readonly listeners: Listeners;
  readonly limits: ReceiveLimits;
  readonly fairUse: FairUse;
  readonly order: Order;
  readonly verifyWorkflowToken: VerifyWorkflowToken;
  /** Whether a signature is of these very bytes. */
  readonly isSignedWebhook: (body: Uint8Array, signature: string) => boolean;
  readonly adminTokens: readonly string[];
  readonly secrets: Secrets;
  readonly chatops: Chatops;
  readonly notifications: Notifications;
  readonly hooks: Hooks;
  /** Of the App's GitHub: what its ids mean, and whose workflows manage here. */
  readonly issuer: string;
  readonly cursors: Cursors;
  /** How long a consumer has to confirm a durable delivery before that counts as a failure (ms). */
  readonly confirmWithinMs: number;
  /** Of this process. */
  readonly bodies: BodyBudget;
  readonly counters: Counters;
  /** Logs what goes wrong, at most once a minute for each kind. */
  readonly notices: Notices;
  /** A hundred at most in a call. */
  readonly redeliverWebhooks: RedeliverWebhooks;
  readonly doctor: Pick<Doctor, 'examine'>;
  readonly probe: StoreProbe;
  readonly log: Log;
  readonly telemetry: Telemetry;
}
