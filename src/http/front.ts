/**
 * The HTTP server in front of the MCP doors and the pages, either of which may be missing. Closed unless a rule opens it:
 * every request passes the guards, and what is no health check, page or public document passes the admission too. Knows
 * nothing of MCP's sessions and of what is on the pages.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { withRequestId } from '../databricks/request-id.js';
import type { Log } from '../log.js';
import { within } from '../within.js';
import { clientAddress } from './address.js';
import { type AdmissionParts, createAdmission } from './admission.js';
import { watchConnections } from './connections.js';
import { createReporter, type Exchange, openExchange } from './exchange.js';
import { type GuardRules, valuesOf, whyNotBodiless, whyNotForPages, whyNotMeantForUs } from './guards.js';
import type { FrontLimits } from './limits.js';
import type { Meters } from './meters.js';
import { createPageDoor, type Pages } from './pages.js';
import { type Refusal, refusal } from './refusal.js';
import { sendJson, sendRefusal } from './reply.js';
import { type Route, routeOf } from './routes.js';

/** The doors of MCP, and who may pass them. */
export type McpParts = Omit<AdmissionParts, 'limits' | 'meters'>;

export interface FrontParts {
  /** Without them MCP is not served here. */
  readonly mcp?: McpParts;
  readonly pages?: Pages;
  readonly limits: FrontLimits;
  readonly meters: Meters;
  /** Needs the port, which is known only then. */
  readonly rules: (port: number) => GuardRules;
  /** Configured well enough to serve. Asks nobody. */
  readonly isReady: () => boolean;
  /** Whether the store that replicas share can be reached, where there is one. Reads go on without it. */
  readonly isStoreUp?: () => boolean;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly isBehindProxy?: boolean;
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface Front {
  listen(host: string, port: number): Promise<{ readonly port: number }>;
  /** Takes no new calls, lets those in flight finish, ends the streams and closes. */
  drain(): Promise<void>;
}

export function createFront(parts: FrontParts): Front {
  const { mcp, limits, meters, log, now } = parts;
  const server = createServerFor(parts);
  const connections = watchConnections(server, {
    connections: limits.connections,
    perAddress: parts.isBehindProxy ? undefined : limits.connectionsPerAddress,
  });
  const admission = mcp && createAdmission({ ...mcp, limits, meters }, connections);
  const addressOf = (request: IncomingMessage) =>
    clientAddress(request.socket.remoteAddress, valuesOf(request, 'x-forwarded-for'), parts.isBehindProxy === true);
  const isSecure = parts.tls !== undefined || parts.isBehindProxy === true;
  const pages = parts.pages && createPageDoor({ pages: parts.pages, limits, connections, addressOf, now, isSecure });
  const reporter = createReporter({ info: log.info, debug: log.debug, meters, now, addressOf });
  let rules: GuardRules = { hosts: new Set(), origins: new Set() };
  let isDraining = false;

  const answer = async (exchange: Exchange): Promise<Refusal | undefined> => {
    const { request, response, headers } = exchange;
    const head = { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders };
    const route = routeOf(head.url.split('?')[0] ?? '');
    if (route.to === 'pages' && pages !== undefined) {
      exchange.route = 'pages';
      return whyNotForPages(head, rules) ?? notTaken(head.method, route.allow) ?? pages.serve(exchange);
    }
    const foreign = whyNotMeantForUs(head, rules);
    if (foreign !== undefined) return foreign;
    const [origin] = valuesOf(head, 'origin');
    if (origin !== undefined) Object.assign(headers, corsHeaders(origin));
    if (route.to === 'nowhere' || route.to === 'pages' || ('words' in route && admission === undefined)) {
      return refusal(404, 'path', `There is nothing here. ${mcp ? 'MCP is served at /mcp and /sse.' : 'See /hub.'}`);
    }
    exchange.route = route.to;
    if (origin !== undefined && head.method === 'OPTIONS') return preflight(response, headers, route);
    const refused = notTaken(head.method, route.allow);
    if (refused !== undefined) return refused;
    if ('words' in route) return admission?.serve(exchange, route.to, route.words);
    return whyNotBodiless(head) ?? tell(exchange, route);
  };

  const storeState = () => {
    if (parts.isStoreUp === undefined) return {};
    return { store: parts.isStoreUp() ? 'reachable' : 'unreachable: risky calls are refused' };
  };

  /** The addresses anybody may read. */
  const tell = ({ request, response, headers }: Exchange, { to }: Route): Refusal | undefined => {
    if (to === 'livez') sendJson(response, 200, '{"status":"alive"}', headers);
    else if (to === 'readyz') {
      const status = isDraining ? 'stopping' : parts.isReady() ? 'ready' : 'not configured';
      sendJson(response, status === 'ready' ? 200 : 503, JSON.stringify({ status, ...storeState() }), headers);
    } else {
      const document = mcp?.metadata?.at((request.url ?? '').split('?')[0] ?? '');
      if (document === undefined) return refusal(404, 'path', 'There is no such document.');
      sendJson(response, 200, JSON.stringify(document), headers);
    }
    return undefined;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean) => {
    const started = now();
    const exchange = openExchange(request, response, expectsContinue, randomUUID);
    // A client that resets its connection is no error of ours.
    request.on('error', () => {});
    response.on('error', () => {});
    try {
      const refused = await withRequestId(exchange.ownId, () => answer(exchange));
      if (refused !== undefined) {
        exchange.facts.refused = refused.reason;
        await sendRefusal(request, response, refused, exchange.headers, exchange.route === 'pages');
      }
    } catch (error) {
      log.error('bug', { request_id: exchange.id, error: error instanceof Error ? error.stack : String(error) });
      const failure = refusal(500, 'bug', 'This server failed on an error of its own. It is in its log.', {
        close: true,
      });
      await sendRefusal(request, response, failure, exchange.headers, exchange.route === 'pages');
      response.destroy();
    }
    reporter.report(exchange, started);
  };
  server.on('request', (request, response) => void handle(request, response, false));
  server.on('checkContinue', (request, response) => void handle(request, response, true));

  return {
    async listen(host, port) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(port, host, () => resolve(void server.off('error', reject)));
      });
      const { port: own } = server.address() as AddressInfo;
      rules = parts.rules(own);
      return { port: own };
    },
    async drain() {
      isDraining = true;
      admission?.stop();
      mcp?.doors.leave();
      await within(limits.drainTime, Promise.allSettled([admission?.idle(), mcp?.doors.idle(), pages?.idle()]));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await within(1_000, Promise.allSettled([mcp?.doors.close()]));
      admission?.endStreams();
      server.closeIdleConnections();
      await within(1_000, closed);
      server.closeAllConnections();
      await closed;
    },
  };
}

function createServerFor({ limits, tls }: FrontParts): Server {
  const options = {
    headersTimeout: limits.headersTime,
    requestTimeout: limits.requestTime,
    connectionsCheckingInterval: limits.checkEvery,
    keepAliveTimeout: limits.keepAlive,
    maxHeaderSize: limits.headerBytes,
    // The one word that would let malformed requests through, whatever Node was started with.
    insecureHTTPParser: false,
    requireHostHeader: true,
    noDelay: true,
  };
  const server =
    tls === undefined
      ? createServer(options)
      : createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTime });
  // Bounded by their bytes. Beyond a count Node drops headers unseen, and the last are those a proxy has added.
  server.maxHeadersCount = 0;
  return server;
}

function notTaken(method: string, allowed: readonly string[]): Refusal | undefined {
  if (allowed.includes(method)) return undefined;
  const allow = allowed.join(', ');
  return refusal(405, 'method', `This address takes ${allow}.`, { headers: { allow } });
}

/** The origin is one the operator named; never a wildcard, and no cookies. */
const corsHeaders = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': 'mcp-session-id, mcp-protocol-version, www-authenticate, retry-after, x-request-id',
  vary: 'origin',
});

function preflight(response: ServerResponse, headers: Record<string, string>, route: Route): undefined {
  response.writeHead(204, {
    ...headers,
    'access-control-allow-methods': 'allow' in route ? route.allow.join(', ') : '',
    'access-control-allow-headers':
      'authorization, content-type, last-event-id, mcp-method, mcp-name, mcp-protocol-version, mcp-session-id, ' +
      'x-databricks-mcp-areas, x-databricks-mcp-readonly, x-databricks-mcp-tools, x-request-id',
    'access-control-max-age': '600',
  });
  response.end();
}
