/** One request and its answer, and what the log and the metrics will say about them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { valuesOf } from './guards.js';
import type { Meters } from './meters.js';
import { safetyHeaders } from './reply.js';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client waits for a word before it sends the body. */
  readonly expectsContinue: boolean;
  /** In the log and on the answer: the client's own, where it gave one that is safe there. */
  readonly id: string;
  /** Made here, whatever the client gave: what Databricks is told. */
  readonly ownId: string;
  /** On the answer, whatever it is. */
  readonly headers: Record<string, string>;
  /** For the log: who, what and why not. */
  readonly facts: Facts;
  /** Label of the metrics. */
  route: string;
}

export interface Facts {
  caller?: string;
  rpc?: string;
  tool?: string;
  refused?: string;
  why?: string;
}

/** An id of the client's is kept where it can do no harm in a log or a header. */
const safeId = /^[\w.-]{8,128}$/;

export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
  newId: () => string,
): Exchange {
  const [given = '', ...more] = valuesOf(request, 'x-request-id');
  const ownId = newId();
  const id = more.length === 0 && safeId.test(given) ? given : ownId;
  const headers = { ...safetyHeaders, 'x-request-id': id };
  return { request, response, expectsContinue, id, ownId, headers, facts: {}, route: 'other' };
}

export interface Reporter {
  report(exchange: Exchange, started: number): void;
}

export interface ReporterParts {
  readonly info: (event: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly debug: (event: string, facts: Readonly<Record<string, unknown>>) => void;
  readonly meters: Meters;
  readonly now: () => number;
  readonly addressOf: (request: IncomingMessage) => string | undefined;
}

/** Probes come every few seconds and say nothing new. */
const quiet = new Set(['livez', 'readyz', 'metadata']);

/** One line for each request. Neither its query nor its body is in it. */
export const createReporter = ({ info, debug, meters, now, addressOf }: ReporterParts): Reporter => ({
  report({ request, response, id, ownId, facts, route }, started) {
    const milliseconds = Math.round(now() - started);
    // Nothing was answered to a client that went away.
    const status = response.headersSent ? response.statusCode : 499;
    meters.answered(route, status, milliseconds);
    (quiet.has(route) ? debug : info)('http', {
      request_id: id,
      ...(ownId !== id && { sent_as: ownId }),
      method: request.method,
      route,
      ...facts,
      status,
      ms: milliseconds,
      address: addressOf(request),
    });
  },
});
