import type { AddressInfo } from 'node:net';
import { runCosmosTrigger } from './cosmos-trigger.ts';
import { readServiceBusOptions } from './host-json.ts';
import { serveHttp } from './http-trigger.ts';
import { runServiceBusTrigger } from './service-bus-trigger.ts';
import { Worker, type Registration } from './worker.ts';

export interface FunctionsHost {
  readonly url: string;
  readonly registrations: readonly Registration[];
  /** Takes no new work. What is in hand is cut off with the process, as a scale-in may do. */
  stop(): void;
  /** Stops, and lets the app close what it holds: for another app in the same process. */
  terminate(): Promise<void>;
}

const minuteMs = 60_000;

/** `*` seconds or minutes aside, schedules here are every so many minutes: `0 *\/5 * * * *`. */
const everyMs = (schedule: string): number => Number(/^\S+ \*\/(\d+) /.exec(schedule)?.[1] ?? 1) * minuteMs;

/**
 * A built function app, run as the Functions host would run it: HTTP, Service Bus and Cosmos DB triggers, timers, and
 * `POST /admin/functions/{name}` to start a timer's function by hand. Connections are those of emulators. With `FUNCTIONS_TIMERS_MS` in the
 * environment every timer runs that often.
 */
export async function startFunctionsHost(
  entryPoint: string,
  environment: Readonly<Record<string, string | undefined>>,
  port = 0,
): Promise<FunctionsHost> {
  const worker = new Worker(entryPoint);
  const registrations = worker.registrations;
  const triggerOf = ({ bindings }: Registration) => Object.values(bindings).find(({ type }) => /trigger$/i.test(type));
  const runTimer = async (name: string): Promise<void> => {
    await worker.invoke(name, { json: JSON.stringify({ IsPastDue: false }) });
  };

  const server = serveHttp(worker, runTimer);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const { port: taken } = server.address() as AddressInfo;
  // The host tells the app what it is called.
  process.env.WEBSITE_HOSTNAME ??= `127.0.0.1:${taken}`;
  const serviceBus = readServiceBusOptions(entryPoint);
  const stops: (() => void)[] = [];
  for (const registration of registrations) {
    const trigger = triggerOf(registration);
    const connection = environment[String(trigger?.connection)] ?? '';
    if (trigger?.type === 'serviceBusTrigger') {
      stops.push(runServiceBusTrigger(worker, registration, connection, serviceBus));
    } else if (trigger?.type === 'cosmosDBTrigger') {
      const [, endpoint = '', key = ''] = /AccountEndpoint=([^;]+);AccountKey=([^;]+)/.exec(connection) ?? [];
      stops.push(runCosmosTrigger(worker, registration, { endpoint, key }));
    } else if (trigger?.type === 'timerTrigger') {
      const run = (): void => void runTimer(registration.name).catch((error: unknown) => console.error(error));
      if (trigger.runOnStartup === true) run();
      const timer = setInterval(run, Number(environment.FUNCTIONS_TIMERS_MS ?? everyMs(String(trigger.schedule))));
      stops.push(() => clearInterval(timer));
    }
  }
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
    for (const end of stops) end();
  };
  return {
    url: `http://127.0.0.1:${taken}`,
    registrations,
    stop,
    async terminate() {
      stop();
      await worker.terminate();
    },
  };
}
