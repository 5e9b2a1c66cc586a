/** The meters as Prometheus reads them, on a port of their own that only this machine reaches. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { whyNotBodiless, whyNotMeantForUs } from './guards.js';
import type { Meters } from './meters.js';
import { refusal } from './refusal.js';
import { safetyHeaders, sendJson, sendRefusal } from './reply.js';

const named = (name: string) => `databricks_mcp_${name}`;

export interface Metrics extends Meters {
  /** Prometheus' text format. */
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: named(name), help, labelNames, registers });
  const requests = counter('http_requests_total', 'Requests answered.', ['route', 'status'] as const);
  const calls = counter('tool_calls_total', 'Tool calls ended.', ['tool', 'outcome'] as const);
  const signIns = counter('sign_ins_total', 'Tokens fetched from Databricks.');
  const approvals = counter('approvals_total', 'Questions to people, by what became of them.', ['event'] as const);
  const open = new Gauge({
    name: named('in_flight'),
    help: 'Calls and streams open now.',
    labelNames: ['kind'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: named('http_request_seconds'),
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['route'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  return {
    answered(route, status, milliseconds) {
      requests.inc({ route, status: `${Math.floor(status / 100)}xx` });
      seconds.observe({ route }, milliseconds / 1_000);
    },
    called: (tool, outcome) => calls.inc({ tool, outcome }),
    entered: (kind) => open.inc({ kind }),
    left: (kind) => open.dec({ kind }),
    signedIn: () => signIns.inc(),
    approval: (event) => approvals.inc({ event }),
    text: () => register.metrics(),
  };
}

/** Serves /metrics on the loopback address. Throws where the port is taken. */
export async function serveMetrics(metrics: Metrics, port: number): Promise<{ port: number; close(): void }> {
  let hosts: ReadonlySet<string> = new Set();
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 });
  server.maxConnections = 16;
  server.on('request', async (request, response) => {
    const head = { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders };
    const isRight = head.method === 'GET' && head.url === '/metrics';
    const refused =
      whyNotMeantForUs(head, { hosts, origins: new Set() }) ??
      whyNotBodiless(head) ??
      (isRight ? undefined : refusal(404, 'path', 'There is only GET /metrics here.'));
    if (refused !== undefined) return sendRefusal(request, response, refused, safetyHeaders);
    const text = await metrics.text();
    sendJson(response, 200, text, { ...safetyHeaders, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve());
  });
  const { port: own } = server.address() as AddressInfo;
  hosts = new Set(['127.0.0.1', 'localhost'].map((name) => `${name}:${own}`));
  return {
    port: own,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
