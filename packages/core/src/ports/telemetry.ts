export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanOptions {
  /** W3C `traceparent` of what caused it; default: what is under way here. */
  readonly parent?: string | null;
  /** W3C `traceparent` of a span of another trace that belongs to this one, such as the host's of the same invocation. */
  readonly link?: string | null;
  readonly kind: 'server' | 'consumer' | 'client' | 'internal';
  readonly attributes?: Attributes;
}

/** Traces and metrics. Names and attributes only: no payload, no secret. */
export interface Telemetry {
  /** Does the work as a span, which fails with it. */
  span<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T>;
  /** Does the work below a span of somebody else, such as the host's, by its W3C `traceparent`; null: below none. */
  below<T>(traceparent: string | null, work: () => Promise<T>): Promise<T>;
  /** W3C `traceparent` of the span under way, to be carried along; null when there is none. */
  traceparent(): string | null;
  count(name: string, attributes?: Attributes): void;
  /** One value of a distribution, such as an age in milliseconds. */
  record(name: string, value: number, attributes?: Attributes): void;
}

export const noTelemetry: Telemetry = {
  span: (_name, _options, work) => work(),
  below: (_traceparent, work) => work(),
  traceparent: () => null,
  count: () => undefined,
  record: () => undefined,
};

/** "Trace Context", W3C, section 3.2.2: version 00, and neither trace nor span all zero. */
export const isTraceparent = (text: string): boolean =>
  /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(text);
