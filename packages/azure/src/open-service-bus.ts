import type { RetryOptions, ServiceBusClient } from '@azure/service-bus';
import { credentialOf } from './credential-of.ts';
import type { BusSettings } from './settings.ts';

/** Each step of the loop must end well before a lock would be lost. */
const retries: RetryOptions = { maxRetries: 4, retryDelayInMs: 250, maxRetryDelayInMs: 5000, timeoutInMs: 10_000 };

/** A client of the namespace: with an emulator's key on loopback, with Entra ID everywhere else. The SDK is loaded here and not with the module. */
export async function openServiceBus(
  settings: BusSettings,
  retryOptions: RetryOptions = retries,
): Promise<ServiceBusClient> {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const options = { retryOptions };
  const { serviceBus } = settings;
  if ('connectionString' in serviceBus) return new ServiceBusClient(serviceBus.connectionString, options);
  return new ServiceBusClient(serviceBus.namespace, await credentialOf(settings), options);
}
