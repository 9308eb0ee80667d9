import type { Zekt } from '@zekt/api';
import type { SigningSecret } from '@zekt/chatops';
import type {
  Bus,
  Clock,
  DocumentStore,
  DoctorWatch,
  GitHubGateway,
  Log,
  Secrets,
  Telemetry,
  WorkerContext,
} from '@zekt/core';

/** What stands between the loop and the outside; tests put themselves in between. */
export interface Ports {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly github: GitHubGateway;
}

export interface Parts {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Of opaque ids: see `keepServerKey`. */
  readonly serverKey: Uint8Array;
  /** How long a provider's card is remembered (ms); 0 where reading costs nothing. */
  readonly rememberCardsMs: number;
  readonly adminToken: string;
  readonly secrets: Secrets;
  /** Of approvals; the current one first. */
  readonly signingSecrets: readonly [SigningSecret, ...SigningSecret[]];
  /** Where people find this server, asked for when it is needed. */
  readonly publicUrl: () => string;
  readonly log: Log;
  readonly telemetry?: Telemetry;
}

export interface Composition {
  /** For the routes. */
  readonly zekt: Zekt;
  /** For the worker. */
  readonly context: WorkerContext;
  /** Writes what this process has counted; every minute, and at the end. */
  readonly flush: () => Promise<void>;
  /** Tells the log what the doctor finds; every minute or few. */
  readonly watch: DoctorWatch;
  /** Asks GitHub to send webhooks again that never got an answer, going on where the last call ended; false: not all could be looked up. */
  readonly reconcile: () => Promise<boolean>;
  /** Looks for messages that wait for too long: see `sweepMessages`. By one process at a time is enough. */
  readonly sweep: () => Promise<number>;
}
