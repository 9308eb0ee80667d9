import type { ServiceBusClient } from '@azure/service-bus';
import { systemClock, type Clock } from '@zekt/core';
import { toWire, type Parcel } from './envelope.ts';
import { openServiceBus } from './open-service-bus.ts';
import { readBusSettings } from './settings.ts';

/** How long a host that could not start leaves a message alone, in milliseconds. */
export const restartDelayMs = 60_000;

export interface ReturnLaterOptions {
  /** Holds the bus's settings, as `readAzureSettings` knows them; looked at for the first parcel. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** @default the system's */
  readonly clock?: Clock;
}

/**
 * Puts parcels back into their queues, for a host that can't start because a setting is wrong or a secret can't be read: it needs nothing
 * but the bus. A message that was given back instead would come again at once, and after ten times be a dead letter.
 */
export class ReturnLater {
  readonly #environment: ReturnLaterOptions['environment'];
  readonly #clock: Clock;
  #client: Promise<ServiceBusClient> | null = null;

  constructor({ environment, clock = systemClock }: ReturnLaterOptions) {
    this.#environment = environment;
    this.#clock = clock;
  }

  /** @throws Error when the bus can't be reached either: then the parcel must be given back */
  async send(parcel: Parcel): Promise<void> {
    this.#client ??= this.#open();
    try {
      const sender = (await this.#client).createSender(parcel.queue);
      const notBefore = this.#clock.now() + restartDelayMs;
      await sender.sendMessages(toWire({ ...parcel, copy: parcel.copy + 1, notBefore }));
      await sender.close();
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await (await this.#client)?.close();
  }

  async #open(): Promise<ServiceBusClient> {
    const problems: string[] = [];
    const settings = readBusSettings(this.#environment, problems);
    if (!settings) throw new Error(problems.join('\n'));
    return openServiceBus(settings);
  }
}
