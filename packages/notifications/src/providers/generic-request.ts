import { canonicalJson, type NotificationEvent } from '../event/notification-event.ts';
import type { ProviderConfig, WireRequest } from './provider-type.ts';
import { jsonContent } from './request.ts';

/** What a header may hold: visible ASCII and spaces. Anything else would break the request, or be another header. */
export const headerValue = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').trim();

/** The event as it is, with the headers of the configuration after our own: they may replace them. */
export function genericRequest(
  event: NotificationEvent,
  { address, headers, componentHeader }: ProviderConfig,
): WireRequest {
  const all = new Map<string, readonly [string, string]>();
  const set = (name: string, value: string): void => {
    all.set(name.toLowerCase(), [name, headerValue(value)]);
  };
  set(...jsonContent);
  set(componentHeader, event.reportingController);
  for (const [name, value] of Object.entries(headers)) set(name, value);
  return { method: 'POST', url: address, headers: [...all.values()], body: canonicalJson(event) };
}
