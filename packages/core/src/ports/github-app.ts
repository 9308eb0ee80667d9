/** The App as GitHub knows it ("Get the authenticated app", REST API). */
export interface AppFacts {
  readonly name: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  /** GitHub's clock minus ours, to the second (ms); null when its answer had no time. */
  readonly clockOffsetMs: number | null;
}

/** The App's webhook ("Get a webhook configuration for an app"). */
export interface HookFacts {
  /** Null: it has none, or is not active. */
  readonly url: string | null;
  readonly contentType: string;
}

/** One try of GitHub to deliver a webhook. */
export interface HookAttempt {
  readonly event: string;
  /** Null: there was no answer. */
  readonly statusCode: number | null;
  /** GitHub's word: `OK`, or why not. */
  readonly status: string;
  readonly hasArrived: boolean;
  /** Milliseconds. */
  readonly deliveredAtMs: number;
}

export interface AppInstallation {
  readonly account: string;
  /** Decimal. */
  readonly accountId: string;
  readonly suspended: boolean;
  readonly permissions: Readonly<Record<string, string>>;
}

/** Webhooks that GitHub is to send again: a page of its list. */
export interface WantedWebhooks {
  /** Delivered first at this time or later (ms). */
  readonly sinceMs: number;
  /** The `next` of the answer before. */
  readonly after: string | undefined;
  /** Only count them. */
  readonly isDryRun: boolean;
}

export interface WebhooksRedelivered {
  /** Webhooks that GitHub was asked for, or would have been. */
  readonly webhooks: number;
  /** For the next call; null when all since that time were. */
  readonly next: string | null;
}

/** Throws ZektError `github_unreachable` or `github_refused`. */
export type RedeliverWebhooks = (wanted: WantedWebhooks) => Promise<WebhooksRedelivered>;

/** What GitHub says of the App itself. Calls throw ZektError `github_unreachable` or `github_refused`. */
export interface GitHubApp {
  getApp(): Promise<AppFacts>;
  /** Null: GitHub knows of no webhook. */
  getHook(): Promise<HookFacts | null>;
  /** The last ones, newest first. */
  listHookAttempts(): Promise<readonly HookAttempt[]>;
  /** At most a thousand. */
  listInstallations(): Promise<readonly AppInstallation[]>;
}
