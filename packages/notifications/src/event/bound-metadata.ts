import { sortedEntries, type NotificationEvent } from './notification-event.ts';
import { bytesOf, fit } from './shorten.ts';

/** Of one key or value of a metadata that is too long, in bytes of JSON. */
const mostOfOne = 300;
/** Destinations look for these; they are short. */
const needed = new Set(['change_request', 'commit', 'originRevision', 'revision', 'summary']);

/** Control characters have six times as many in JSON. */
const sizeOf = (text: string): number => bytesOf(JSON.stringify(text));
/** No character has more than six bytes in JSON: for most events this says already that there is room. */
const mostSizeOf = (metadata: Readonly<Record<string, string>>): number => {
  let units = 0;
  for (const key in metadata) units += key.length + (metadata[key]?.length ?? 0) + 1;
  return units * 6;
};
const short = (text: string): string => fit(text, sizeOf, mostOfOne);

/** The event with metadata of at most so many bytes of JSON: where it has more, values are shortened, and the last pairs left out. */
export function boundMetadata(event: NotificationEvent, mostBytes: number): NotificationEvent {
  if (event.metadata === undefined || mostSizeOf(event.metadata) <= mostBytes) return event;
  const pairs = sortedEntries(event.metadata);
  const size = pairs.reduce((sum, [key, value]) => sum + sizeOf(key) + sizeOf(value), 0);
  if (size <= mostBytes) return event;
  let left = mostBytes;
  const inOrder = [...pairs.filter(([key]) => needed.has(key)), ...pairs.filter(([key]) => !needed.has(key))];
  const kept = inOrder.flatMap(([key, value]): [string, string][] => {
    const pair: [string, string] = [short(key), short(value)];
    left -= sizeOf(pair[0]) + sizeOf(pair[1]);
    return left >= 0 ? [pair] : [];
  });
  return { ...event, metadata: Object.fromEntries(kept) };
}
