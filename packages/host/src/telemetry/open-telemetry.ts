import {
  context,
  metrics,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from '@opentelemetry/api';
import type { Context, Counter, Histogram, SpanContext } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { version } from '@zekt/contracts';
import type { Telemetry } from '@zekt/core';
import type { TelemetrySettings } from '../settings.ts';
import { logRecords } from './log-records.ts';
import type { RunningTelemetry } from './running-telemetry.ts';

interface Exporters {
  readonly spans: SpanExporter;
  readonly metrics: PushMetricExporter;
  readonly logs: LogRecordExporter;
}

const exportEveryMs = 30_000;
const spanKinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/** OTLP over HTTP, to where the standard `OTEL_EXPORTER_OTLP_…` variables say. */
async function otlpExporters(): Promise<Exporters> {
  const [{ OTLPTraceExporter }, { OTLPMetricExporter }, { OTLPLogExporter }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/exporter-logs-otlp-http'),
  ]);
  return { spans: new OTLPTraceExporter(), metrics: new OTLPMetricExporter(), logs: new OTLPLogExporter() };
}

/** Application Insights, as the app's identity: its keys are disabled. */
async function azureMonitorExporters(connectionString: string, clientId: string | null): Promise<Exporters> {
  const [
    { AzureMonitorTraceExporter, AzureMonitorMetricExporter, AzureMonitorLogExporter },
    { DefaultAzureCredential },
  ] = await Promise.all([import('@azure/monitor-opentelemetry-exporter'), import('@azure/identity')]);
  const credential = new DefaultAzureCredential(clientId === null ? {} : { managedIdentityClientId: clientId });
  const options = { connectionString, credential };
  return {
    spans: new AzureMonitorTraceExporter(options),
    metrics: new AzureMonitorMetricExporter(options),
    logs: new AzureMonitorLogExporter(options),
  };
}

/** Traces, metrics and logs by OpenTelemetry. */
export async function openTelemetry(settings: Exclude<TelemetrySettings, { kind: 'off' }>): Promise<RunningTelemetry> {
  const exporters =
    settings.kind === 'otlp'
      ? await otlpExporters()
      : await azureMonitorExporters(settings.connectionString, settings.clientId);
  const resource = resourceFromAttributes({ 'service.name': 'zekt', 'service.version': version });
  const tracing = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporters.spans)] });
  const metering = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter: exporters.metrics, exportIntervalMillis: exportEveryMs })],
  });
  const logging = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: exporters.logs })],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  return {
    telemetry: new OpenTelemetry(tracing, metering),
    logLines: logRecords(logging.getLogger('zekt', version)),
    async shutdown() {
      await Promise.allSettled([tracing.shutdown(), metering.shutdown(), logging.shutdown()]);
      contexts.disable();
      context.disable();
      propagation.disable();
      metrics.disable();
    },
  };
}

class OpenTelemetry implements Telemetry {
  readonly #tracer;
  readonly #meter;
  readonly #counters = new Map<string, Counter>();
  readonly #histograms = new Map<string, Histogram>();

  constructor(tracing: TracerProvider, metering: MeterProvider) {
    this.#tracer = tracing.getTracer('zekt', version);
    this.#meter = metering.getMeter('zekt', version);
  }

  span: Telemetry['span'] = async (name, { parent = null, link = null, kind, attributes = {} }, work) => {
    const from = parent === null ? context.active() : withRemoteParent(parent);
    const links = link === null ? [] : [{ context: spanContextOf(link) }];
    const span = this.#tracer.startSpan(name, { kind: spanKinds[kind], attributes: { ...attributes }, links }, from);
    try {
      return await context.with(trace.setSpan(from, span), work);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'failed' });
      throw error;
    } finally {
      span.end();
    }
  };

  below: Telemetry['below'] = (traceparent, work) =>
    traceparent === null ? work() : context.with(withRemoteParent(traceparent), work);

  traceparent(): string | null {
    const span = trace.getSpanContext(context.active());
    if (!span) return null;
    return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
  }

  count(name: string, attributes: Readonly<Record<string, string | number>> = {}): void {
    const counter = this.#counters.get(name) ?? this.#meter.createCounter(name);
    this.#counters.set(name, counter);
    counter.add(1, { ...attributes });
  }

  record(name: string, value: number, attributes: Readonly<Record<string, string | number>> = {}): void {
    const histogram = this.#histograms.get(name) ?? this.#meter.createHistogram(name);
    this.#histograms.set(name, histogram);
    histogram.record(value, { ...attributes });
  }
}

/** A trace that began elsewhere. */
const withRemoteParent = (traceparent: string): Context =>
  trace.setSpanContext(context.active(), spanContextOf(traceparent));

function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
