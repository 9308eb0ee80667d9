import { hash } from 'node:crypto';
import { guidOf } from '@zekt/core';
import { isError } from '../event/describe.ts';
import { canonicalJson, sortedEntries, type NotificationEvent } from '../event/notification-event.ts';
import { shorten } from '../event/shorten.ts';
import type { ProviderConfig } from './provider-type.ts';

/** A span in words: what people see of a request, and what its bytes are made of. Times in milliseconds since the epoch. */
export interface SpanOfEvent {
  readonly service: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly isError: boolean;
  readonly message: string;
  readonly attributes: readonly (readonly [key: string, value: string])[];
}

export const mostSpanChars = 32_000;

/**
 * The span of an event. All events of one alert about one revision are one trace, as in notification-controller; the same event again is the
 * same span.
 */
export function spanOf(event: NotificationEvent, config: ProviderConfig, nowMs: number): SpanOfEvent {
  const { kind = '', namespace = '', name = '', uid = '' } = event.involvedObject;
  // A test is of no alert.
  const alert = config.alert ?? config;
  const alertUid = guidOf('alert', alert.namespace, alert.name);
  const at = Date.parse(event.timestamp ?? '');
  const startMs = Number.isNaN(at) ? nowMs : at;
  return {
    service: `${alert.namespace}/${alert.name}`,
    traceId: hash('sha256', `${alertUid}:${revisionOf(event)}`).slice(0, 32),
    spanId: hash('sha256', `${alertUid}:${canonicalJson(event)}`).slice(0, 16),
    name: `${kind}: ${namespace}/${name}`,
    startMs,
    endMs: Math.max(startMs, nowMs),
    isError: isError(event),
    message: config.truncate ? shorten(event.message, mostSpanChars) : event.message,
    attributes: [
      ['object.uid', uid],
      ['object.kind', kind],
      ['object.name', name],
      ['object.namespace', namespace],
      ...sortedEntries(event.metadata),
    ],
  };
}

/** What a trace is about: an image of an app, or whatever revision there is. */
function revisionOf({ metadata = {} }: NotificationEvent): string {
  const { 'app-version': version = '', 'oci-digest': digest = '', revision = '' } = metadata;
  if (version !== '' && digest !== '') return `${version}@${digest}`;
  return revision === '' ? 'unknown' : revision;
}
