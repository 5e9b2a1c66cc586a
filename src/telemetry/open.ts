/** Loads OpenTelemetry where the settings ask for it, and only then: its packages are optional. */
import type { Histogram, Tracer } from '@opentelemetry/api';
import { failed } from '../core/errors.js';
import { errorCode } from '../core/paths.js';
import { noTracing, type Tracing } from '../core/tracing.js';
import type { Log } from '../log.js';
import { product } from '../version.js';
import { within } from '../within.js';
import type { TelemetrySettings } from './settings.js';
import { createTracing } from './spans.js';

export interface Telemetry {
  readonly tracing: Tracing;
  /** Sends what is left, for three seconds at most. */
  close(): Promise<void>;
}

export const noTelemetry: Telemetry = { tracing: noTracing, close: async () => {} };

/** What has to be installed beside this server, in the versions it is tested with. */
export const packages: Readonly<Record<string, string>> = {
  '@opentelemetry/api': '1.9.1',
  '@opentelemetry/exporter-metrics-otlp-http': '0.223.0',
  '@opentelemetry/exporter-trace-otlp-http': '0.223.0',
  '@opentelemetry/resources': '2.12.0',
  '@opentelemetry/sdk-metrics': '2.12.0',
  '@opentelemetry/sdk-trace': '2.12.0',
};

/** Milliseconds for one export, and for all that is left at the end: a silent collector holds nothing up. */
const patience = 3_000;

/** Those of the conventions, in seconds. */
const buckets = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** Throws a `configuration` failure where the packages are not installed. */
export async function openTelemetry(
  settings: TelemetrySettings,
  log: Log,
  load: () => Promise<Loaded> = loadPackages,
): Promise<Telemetry> {
  const { api, resources, traces, metrics } = await load().catch(notInstalled);
  const resource = resources
    .resourceFromAttributes({ 'service.name': product.name, 'service.version': product.version })
    .merge(resources.detectResources({ detectors: [resources.envDetector] }));
  const endings: (() => Promise<void>)[] = [];

  const tracerAt = (url: string): Tracer => {
    const exporter = reporting(new traces.OTLPTraceExporter({ url, timeoutMillis: patience }), 'traces', log);
    const provider = new traces.TracerProvider({
      resource,
      spanProcessors: [new traces.BatchSpanProcessor({ exporter })],
    });
    endings.push(() => provider.shutdown());
    return provider.getTracer(product.name, product.version);
  };

  const durationAt = (url: string): Histogram => {
    const exporter = reporting(new metrics.OTLPMetricExporter({ url, timeoutMillis: patience }), 'metrics', log);
    const provider = new metrics.MeterProvider({
      resource,
      readers: [new metrics.PeriodicExportingMetricReader({ exporter })],
    });
    endings.push(() => provider.shutdown());
    return provider.getMeter(product.name, product.version).createHistogram('mcp.server.operation.duration', {
      description: 'Time of a tool call, from its arguments to its result.',
      unit: 's',
      advice: { explicitBucketBoundaries: buckets },
    });
  };

  return {
    tracing: createTracing({
      api,
      tracer: settings.traces === undefined ? undefined : tracerAt(settings.traces),
      duration: settings.metrics === undefined ? undefined : durationAt(settings.metrics),
      now: () => performance.now(),
    }),
    async close() {
      await within(patience, Promise.allSettled(endings.map((end) => end())));
    },
  };
}

interface Loaded {
  readonly api: typeof import('@opentelemetry/api');
  readonly resources: typeof import('@opentelemetry/resources');
  readonly traces: typeof import('@opentelemetry/sdk-trace') & typeof import('@opentelemetry/exporter-trace-otlp-http');
  readonly metrics: typeof import('@opentelemetry/sdk-metrics') &
    typeof import('@opentelemetry/exporter-metrics-otlp-http');
}

async function loadPackages(): Promise<Loaded> {
  const [api, resources, trace, traceExporter, metric, metricExporter] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/sdk-metrics'),
    import('@opentelemetry/exporter-metrics-otlp-http'),
  ]);
  return { api, resources, traces: { ...trace, ...traceExporter }, metrics: { ...metric, ...metricExporter } };
}

function notInstalled(error: unknown): never {
  if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  throw failed('configuration', 'Traces or metrics are asked for, but the OpenTelemetry packages are not installed.', {
    next: `Install them beside this server (npm install ${names.join(' ')}), or set OTEL_SDK_DISABLED=true.`,
  });
}

interface Exporter<T> {
  export(items: T, done: (result: { code: number; error?: Error }) => void): void;
}

/** Logs when exports begin to fail and when they work again: by code alone, for errors may hold headers. */
function reporting<T, E extends Exporter<T>>(exporter: E & Exporter<T>, signal: string, log: Log): E {
  let isFailing = false;
  const send = exporter.export.bind(exporter);
  exporter.export = (items, done) =>
    send(items, (result) => {
      const fails = result.code !== 0;
      if (fails && !isFailing) log.warn('telemetry_not_sent', { signal, code: codeOf(result.error) });
      if (!fails && isFailing) log.info('telemetry_sent_again', { signal });
      isFailing = fails;
      done(result);
    });
  return exporter;
}

/** The status the collector answered with, or Node's name for why there is no answer. */
const codeOf = (error: Error | undefined): string =>
  String((error as { code?: unknown } | undefined)?.code ?? 'unknown');
