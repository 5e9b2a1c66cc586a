/** A collector for OTLP over HTTP in JSON on this machine, and what it was sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { atEnd } from '../mcp/server-process.js';

export interface Received {
  readonly path: string;
  readonly body: string;
}

export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly kind: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Point {
  readonly count: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Collector {
  readonly url: string;
  readonly received: Received[];
  spans(): ReceivedSpan[];
  /** Of the histogram of calls, as last reported. */
  points(): Point[];
}

/** `isSilent`: takes what it is sent and never answers. */
export async function collector({ isSilent = false } = {}): Promise<Collector> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', body: await text(request) });
    if (!isSilent) response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const bodies = (path: string) => received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    spans: () =>
      bodies('/v1/traces')
        .flatMap(({ resourceSpans }) => resourceSpans)
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map(({ status, attributes, ...span }) => ({
          ...span,
          failed: status.code === 2,
          attributes: attributesOf(attributes),
        })),
    points: () => {
      const [metric] = bodies('/v1/metrics').at(-1)?.resourceMetrics[0].scopeMetrics[0].metrics ?? [];
      return (metric?.histogram.dataPoints ?? []).map((point: { count: number; attributes: Pair[] }) => ({
        count: Number(point.count),
        attributes: attributesOf(point.attributes),
      }));
    },
  };
}

interface Pair {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const attributesOf = (pairs: readonly Pair[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, Object.values(value)[0]]));
