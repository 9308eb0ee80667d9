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
export const sortedEntries = (map: Readonly<Record<string, string>> | undefined): [string, string][] =>
  Object.entries(map ?? {}).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Whole seconds; null when it is no time. */
export function wholeSeconds(timestamp: string | null): string | null {
  const ms = Date.parse(timestamp ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The event as an object whose keys are in the order of the canonical form. */
export function orderedEvent(event: NotificationEvent): Record<string, unknown> {
  const { involvedObject, metadata, reportingInstance = '' } = event;
  const entries = sortedEntries(metadata);
  return {
    involvedObject: Object.fromEntries(
      objectFields.flatMap((field) => (involvedObject[field] ? [[field, involvedObject[field]]] : [])),
    ),
    severity: event.severity,
    timestamp: wholeSeconds(event.timestamp),
    message: event.message,
    reason: event.reason,
    ...(entries.length > 0 && { metadata: Object.fromEntries(entries) }),
    reportingController: event.reportingController,
    ...(reportingInstance !== '' && { reportingInstance }),
  };
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
