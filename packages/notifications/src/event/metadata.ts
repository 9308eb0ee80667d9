import type { NotificationEvent } from './notification-event.ts';

/** Metadata under this prefix was set by people at the object. */
export const eventPrefix = 'event.toolkit.fluxcd.io/';

/** Metadata under `<group of the object>/` was set by the controller. The core group is empty, so its prefix is a slash. */
export function groupPrefix({ involvedObject: { apiVersion = '' } }: NotificationEvent): string {
  const slash = apiVersion.indexOf('/');
  return `${slash < 0 ? '' : apiVersion.slice(0, slash)}/`;
}

/** Keeps what belongs to the event; checksums and what others put there is dropped. Keys keep their prefix. */
export function ownMetadata(event: NotificationEvent): Record<string, string> {
  const group = groupPrefix(event);
  const dropped = new Set([`${group}checksum`, `${group}digest`].map((key) => key.toLowerCase()));
  return Object.fromEntries(
    Object.entries(event.metadata ?? {}).filter(
      ([key]) => !dropped.has(key.toLowerCase()) && (key.startsWith(eventPrefix) || key.startsWith(group)),
    ),
  );
}

/** What an alert adds. */
export interface AlertMetadata {
  readonly eventMetadata: Readonly<Record<string, string>>;
  /** Deprecated at its source: the same as `eventMetadata.summary`, and stronger. */
  readonly summary: string | null;
}

export interface MergedMetadata {
  readonly metadata: Record<string, string>;
  /** Keys that came from more than one source. */
  readonly conflicts: readonly string[];
}

/** The metadata that a provider sees: later sources win. */
export function mergeMetadata(event: NotificationEvent, alert: AlertMetadata): MergedMetadata {
  const group = groupPrefix(event);
  const own = Object.entries(ownMetadata(event)).filter(([key]) => key !== `${group}token`);
  const stripped = (prefix: string): [string, string][] =>
    own.flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : []));
  const sources: readonly (readonly (readonly [string, string])[])[] = [
    stripped(eventPrefix),
    Object.entries(alert.eventMetadata),
    alert.summary === null || alert.summary === '' ? [] : [['summary', alert.summary]],
    group === eventPrefix ? [] : stripped(group),
  ];
  const keys = sources.flatMap((source) => source.map(([key]) => key));
  return {
    metadata: Object.fromEntries(sources.flat()),
    conflicts: [...new Set(keys.filter((key, index) => keys.indexOf(key) !== index))].sort(),
  };
}
