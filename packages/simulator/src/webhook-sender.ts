import { createHmac } from 'node:crypto';
import { goodSettings, isSent, type AppSettings } from './app-settings.ts';

/** One try to deliver a webhook, as GitHub's delivery list shows it. */
export interface HookDelivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  readonly durationMs: number;
  /** `OK`, or what went wrong. */
  readonly status: string;
  /** 0 when there was no answer. */
  readonly statusCode: number;
}

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** Bad weather on the way. Probabilities, 0 to 1. */
export interface WebhookWeather {
  readonly duplicate?: number;
  readonly lose?: number;
  /** Held back until the next ones are sent. */
  readonly reorder?: number;
}

const answerLimitMs = 10_000;

/** Sends the App's webhooks: signed, in the background, not repeated by itself. Keeps the list of deliveries. */
export class WebhookSender {
  readonly #settings: AppSettings;
  readonly #appId: string;
  readonly #random: () => number;
  readonly deliveries: HookDelivery[] = [];
  readonly #underway = new Set<Promise<void>>();
  #held: (() => void)[] = [];
  #lastId = 1_000_000;
  target: WebhookTarget | null = null;
  weather: WebhookWeather = {};

  constructor(appId: string, random: () => number = Math.random, settings: AppSettings = goodSettings()) {
    this.#settings = settings;
    this.#appId = appId;
    this.#random = random;
  }

  send(event: string, payload: Readonly<Record<string, unknown>>): void {
    if (!isSent(this.#settings, event)) return;
    const guid = crypto.randomUUID();
    const { duplicate = 0, lose = 0, reorder = 0 } = this.weather;
    if (this.#random() < lose) {
      this.#note(guid, event, payload, false, 0, 'timed out', 0);
      return;
    }
    const post = (): void => {
      this.#start(guid, event, payload, false);
      if (this.#random() < duplicate) this.#start(guid, event, payload, true);
    };
    if (this.#random() < reorder) {
      this.#held.push(post);
      return;
    }
    post();
    this.#releaseHeld();
  }

  /** Sends a delivery once more: the same GUID, a new id. False when there is none of this id. */
  redeliver(id: number): boolean {
    const found = this.deliveries.find((it) => it.id === id);
    if (found) this.#start(found.guid, found.event, found.payload, true);
    return found !== undefined;
  }

  /** Until everything on its way has been answered. */
  async settled(): Promise<void> {
    this.#releaseHeld();
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  #releaseHeld(): void {
    const held = this.#held;
    this.#held = [];
    held.forEach((post) => post());
  }

  #start(guid: string, event: string, payload: Readonly<Record<string, unknown>>, redelivery: boolean): void {
    const post = this.#post(guid, event, payload, redelivery).finally(() => this.#underway.delete(post));
    this.#underway.add(post);
  }

  async #post(
    guid: string,
    event: string,
    payload: Readonly<Record<string, unknown>>,
    redelivery: boolean,
  ): Promise<void> {
    if (!this.target) return;
    const json = JSON.stringify(payload);
    const isForm = this.#settings.hook.contentType === 'form';
    const body = isForm ? `payload=${encodeURIComponent(json)}` : json;
    const started = Date.now();
    try {
      const response = await fetch(this.target.url, {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(answerLimitMs),
        headers: {
          'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
          'user-agent': 'GitHub-Hookshot/simulated',
          'x-github-event': event,
          'x-github-delivery': guid,
          'x-github-hook-id': '1',
          'x-github-hook-installation-target-type': 'integration',
          'x-github-hook-installation-target-id': this.#appId,
          'x-hub-signature-256': `sha256=${createHmac('sha256', this.target.secret).update(body).digest('hex')}`,
        },
      });
      await response.arrayBuffer();
      this.#note(
        guid,
        event,
        payload,
        redelivery,
        response.status,
        response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
        Date.now() - started,
      );
    } catch {
      this.#note(guid, event, payload, redelivery, 0, 'failed to connect to host', Date.now() - started);
    }
  }

  #note(
    guid: string,
    event: string,
    payload: Readonly<Record<string, unknown>>,
    redelivery: boolean,
    statusCode: number,
    status: string,
    durationMs: number,
  ): void {
    this.#lastId += 1;
    this.deliveries.push({
      id: this.#lastId,
      guid,
      event,
      payload,
      deliveredAt: new Date().toISOString(),
      redelivery,
      durationMs,
      status,
      statusCode,
    });
  }
}
