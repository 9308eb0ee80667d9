import type { App } from '@octokit/app';
import { RequestError } from '@octokit/request-error';
import type {
  AppFacts,
  AppInstallation,
  Clock,
  GitHubApp,
  HookAttempt,
  HookFacts,
  WantedWebhooks,
  WebhooksRedelivered,
} from '@zekt/core';
import { apiVersion } from './api-version.ts';
import { isUnknownApp } from './as-github-error.ts';
import { clockOffset } from './clock-offset.ts';
import { explain, type OnTrouble } from './explaining-gateway.ts';
import { redeliverSince } from './redelivery/redeliver-since.ts';

/** Beyond ten pages nobody reads the findings. */
const maxPages = 10;
const attemptsShown = 30;

/** The App itself, by GitHub's REST API. */
export class RestApp implements GitHubApp {
  readonly #app: App;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onTrouble: OnTrouble;

  constructor(app: App, clock: Pick<Clock, 'now'>, onTrouble: OnTrouble) {
    this.#app = app;
    this.#clock = clock;
    this.#onTrouble = onTrouble;
  }

  getApp(): Promise<AppFacts> {
    return this.#ask(async () => {
      const { data, headers } = await this.#app.octokit.request('GET /app', common);
      // Its schema lets an App be null: then nobody is signed in as one.
      if (!data) throw new Error('GitHub named no App');
      const permissions = Object.entries(data.permissions).filter((it): it is [string, string] => it[1] !== undefined);
      return {
        name: data.name,
        permissions: Object.fromEntries(permissions),
        events: data.events,
        clockOffsetMs: clockOffset(headers, this.#clock.now()),
      };
    });
  }

  getHook(): Promise<HookFacts | null> {
    return this.#ask(async () => {
      try {
        const { data } = await this.#app.octokit.request('GET /app/hook/config', common);
        return { url: data.url || null, contentType: data.content_type ?? 'form' };
      } catch (error) {
        if (error instanceof RequestError && error.status === 404 && !isUnknownApp(error)) return null;
        throw error;
      }
    });
  }

  listHookAttempts(): Promise<readonly HookAttempt[]> {
    return this.#ask(async () => {
      const { data } = await this.#app.octokit.request('GET /app/hook/deliveries', {
        per_page: attemptsShown,
        ...common,
      });
      return data.map(({ event, status, status_code: code, delivered_at: at }) => ({
        event,
        statusCode: code > 0 ? code : null,
        status: status.slice(0, 100),
        // By text, not by code: a connection that failed has no code.
        hasArrived: status === 'OK',
        deliveredAtMs: Date.parse(at),
      }));
    });
  }

  listInstallations(): Promise<readonly AppInstallation[]> {
    return this.#ask(async () => {
      const found: AppInstallation[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const { data } = await this.#app.octokit.request('GET /app/installations', { per_page: 100, page, ...common });
        found.push(
          ...data.map(({ account, suspended_at: suspendedAt, permissions }) => ({
            account: account && 'login' in account ? account.login : 'unknown',
            accountId: String(account?.id ?? ''),
            suspended: suspendedAt !== null,
            permissions,
          })),
        );
        if (data.length < 100) break;
      }
      return found;
    });
  }

  redeliverWebhooks(wanted: WantedWebhooks): Promise<WebhooksRedelivered> {
    return this.#ask(() => redeliverSince(this.#app, wanted));
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    return explain(this.#clock, this.#onTrouble, ask);
  }
}

const common = { headers: { 'x-github-api-version': apiVersion } };
