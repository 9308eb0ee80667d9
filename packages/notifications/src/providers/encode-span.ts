import type { SpanOfEvent } from './otel-span.ts';

const hrTime = (ms: number): [seconds: number, nanoseconds: number] => [
  Math.floor(ms / 1000),
  (ms - Math.floor(ms / 1000) * 1000) * 1_000_000,
];

/** An ExportTraceServiceRequest of one span in protobuf ("OTLP/HTTP", OpenTelemetry specification). Its library is loaded where there is a span to send. */
export async function encodeSpan(span: SpanOfEvent): Promise<Uint8Array> {
  const [{ SpanKind, SpanStatusCode, TraceFlags }, { ProtobufTraceSerializer }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/otlp-transformer'),
      import('@opentelemetry/resources'),
    ]);
  const { traceId, spanId, startMs, endMs } = span;
  const bytes = ProtobufTraceSerializer.serializeRequest([
    {
      name: span.name,
      kind: SpanKind.INTERNAL,
      spanContext: () => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED }),
      startTime: hrTime(startMs),
      endTime: hrTime(endMs),
      duration: hrTime(endMs - startMs),
      ended: true,
      status: { code: span.isError ? SpanStatusCode.ERROR : SpanStatusCode.OK, message: span.message },
      attributes: Object.fromEntries(span.attributes),
      resource: resourceFromAttributes({ 'service.name': span.service }),
      instrumentationScope: { name: 'zekt' },
      links: [],
      events: [],
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    },
  ]);
  if (!bytes) throw new TypeError('the span could not be encoded');
  return bytes;
}
