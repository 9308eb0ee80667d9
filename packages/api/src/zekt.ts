import type { Chatops } from '@zekt/chatops';
import type {
  Bus,
  Clock,
  DocumentStore,
  GitHubGateway,
  Log,
  Secrets,
  Telemetry,
  VerifyWorkflowToken,
} from '@zekt/core';
import type { Notifications } from '@zekt/notifications';
import type { Counters } from './counters.ts';
import type { Cursors } from './cursor.ts';

/** What the routes need. Each host (embedded server, Functions app) puts it together once. */
export interface Zekt {
  readonly store: DocumentStore;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly github: GitHubGateway;
  readonly verifyWorkflowToken: VerifyWorkflowToken;
  /** Whether a signature is of these very bytes. */
  readonly isSignedWebhook: (body: Uint8Array, signature: string) => boolean;
  readonly adminToken: string;
  readonly secrets: Secrets;
  readonly chatops: Chatops;
  readonly notifications: Notifications;
  /** Of the App's GitHub: what its ids mean, and whose workflows manage here. */
  readonly defaultIssuer: string;
  readonly cursors: Cursors;
  readonly counters: Counters;
  readonly log: Log;
  readonly telemetry: Telemetry;
}
