/** What something happened to. Keys are left out when they are empty. */
export interface InvolvedObject {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

/** An event in the model of Flux's notification-controller. */
export interface NotificationEvent {
  readonly involvedObject: InvolvedObject;
  readonly severity: 'trace' | 'info' | 'error';
  /** RFC 3339; null when it was not given. */
  readonly timestamp: string | null;
  readonly message: string;
  /** A code in CamelCase. */
  readonly reason: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly reportingController: string;
  readonly reportingInstance?: string;
}

const objectFields = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

/** In the order of their bytes, so that the same map always reads the same. */
export function sortedEntries(map: Readonly<Record<string, string>> | undefined): [string, string][] {
  return map === undefined ? [] : Object.entries(map).sort(([a], [b]) => compareBytes(a, b));
}

/** The order of UTF-8 is that of code points; in UTF-16, surrogates stand before what comes after them. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x !== y) return inOrder(x) - inOrder(y);
  }
  return a.length - b.length;
}

const inOrder = (unit: number): number => (unit < 0xd800 ? unit : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);

/** A time as it must be, which most are. */
const isWhole = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Whole seconds; null when it is no time. */
export function wholeSeconds(timestamp: string | null): string | null {
  if (timestamp === null || isWhole.test(timestamp)) return timestamp;
  const ms = Date.parse(timestamp);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The event as an object whose keys are in the order of the canonical form. */
export function orderedEvent(event: NotificationEvent): Record<string, unknown> {
  const { involvedObject, metadata, reportingInstance = '' } = event;
  const object: Record<string, string> = {};
  for (const field of objectFields) {
    const value = involvedObject[field];
    if (value) object[field] = value;
  }
  const ordered: Record<string, unknown> = {
    involvedObject: object,
    severity: event.severity,
    timestamp: wholeSeconds(event.timestamp),
    message: event.message,
    reason: event.reason,
  };
  const entries = sortedEntries(metadata);
  if (entries.length > 0) ordered.metadata = Object.fromEntries(entries);
  ordered.reportingController = event.reportingController;
  if (reportingInstance !== '') ordered.reportingInstance = reportingInstance;
  return ordered;
}

const escapes: Readonly<Record<string, string>> = {
  '<': String.raw`\u003c`,
  '>': String.raw`\u003e`,
  '&': String.raw`\u0026`,
  '\u2028': String.raw`\u2028`,
  '\u2029': String.raw`\u2029`,
};

/** Compact JSON with what HTML or JavaScript could take for their own escaped: what is signed, hashed and forwarded. */
export const escapedJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? character);

export const canonicalJson = (event: NotificationEvent): string => escapedJson(orderedEvent(event));
