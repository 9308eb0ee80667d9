import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServiceBusTriggerOptions } from './service-bus-trigger.ts';

interface HostJson {
  readonly extensions?: {
    readonly serviceBus?: { readonly maxConcurrentSessions?: number; readonly sessionIdleTimeout?: string };
  };
}

/** A .NET TimeSpan, `[days.]hours:minutes:seconds[.fraction]`, in milliseconds. */
export function timeSpanMs(text: string): number {
  const found = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(text);
  if (!found) throw new Error(`'${text}' is no time span`);
  const [, days = '0', hours, minutes, seconds] = found;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** What the host.json beside an app says, or else what the host does without it ("Azure Service Bus bindings: host.json settings"). */
export function readServiceBusOptions(entryPoint: string): ServiceBusTriggerOptions {
  const path = join(dirname(entryPoint), 'host.json');
  const { extensions }: HostJson = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as HostJson) : {};
  const { maxConcurrentSessions = 8, sessionIdleTimeout = '00:01:00' } = extensions?.serviceBus ?? {};
  return { maxConcurrentSessions, sessionIdleMs: timeSpanMs(sessionIdleTimeout) };
}
