/**
 * The way to the web pages: forms of a bounded size from the pages themselves, so many requests from one address, and
 * headers that keep other sites out. What is on the pages is behind `Pages`; the front knows nothing of it.
 */
import type { IncomingMessage } from 'node:http';
import { createBodyReader } from './body.js';
import type { Connections } from './connections.js';
import type { Exchange } from './exchange.js';
import { valuesOf, whyNotBodiless, whyNotForm } from './guards.js';
import type { FrontLimits } from './limits.js';
import { type Refusal, refusal } from './refusal.js';
import { sendAnswer } from './reply.js';
import { createThrottle } from './throttle.js';

/** Pages as a web-standard handler. Every request it sees is meant for this server; a POST is from its own pages. */
export interface Pages {
  readonly fetch: (request: Request, from: Visit) => Promise<Response>;
}

/** What is known of a request besides what is in it. */
export interface Visit {
  readonly address: string;
  /** For the log. */
  readonly requestId: string;
}

export interface PageDoor {
  /** Sends the page, or returns why there is none. */
  serve(exchange: Exchange): Promise<Refusal | undefined>;
  /** Resolves when no page is being made. */
  idle(): Promise<void>;
}

export interface PageDoorParts {
  readonly pages: Pages;
  readonly limits: FrontLimits;
  readonly connections: Connections;
  readonly addressOf: (request: IncomingMessage) => string | undefined;
  readonly now: () => number;
  readonly isSecure: boolean;
}

/** From one address: a page brings a handful of files, and nobody reads ten pages a second. */
const pace = { rate: 10, burst: 80, calls: 16, streams: 0 };

const bodies = { bodyBytes: 64 * 1024, bodyBytesOfOne: 256 * 1024, bodyBytesInAll: 8 * 1024 * 1024 };

/** On every page. Referrer-Policy is not `no-referrer`: with it browsers send forms without their Origin. */
const pageHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** What pages may say about themselves. */
const passed = new Set(['content-type', 'content-disposition', 'location', 'retry-after']);

/** Of a request's headers, those the pages see. */
const shown = ['accept', 'content-type', 'cookie', 'origin', 'sec-fetch-site', 'user-agent'];

export function createPageDoor(parts: PageDoorParts): PageDoor {
  const { pages, limits, connections, addressOf, now } = parts;
  const throttle = createThrottle(pace, now);
  const read = createBodyReader(bodies);
  const making = new Set<Promise<unknown>>();

  const send = async (exchange: Exchange, address: string, body: string | undefined) => {
    const { request, response, headers, id } = exchange;
    if (response.destroyed) return;
    const giveUp = new AbortController();
    const gone = () => giveUp.abort();
    response.once('close', gone);
    const release = connections.hold(request.socket);
    try {
      const asked = requestFor(request, parts.isSecure, body, giveUp.signal);
      const answer = await pages.fetch(asked, { address, requestId: id });
      const keep = answer.headers.get('cache-control');
      const cookies = answer.headers.getSetCookie();
      const own = {
        ...headers,
        ...(keep !== null && { 'cache-control': keep }),
        ...(cookies.length > 0 && { 'set-cookie': cookies }),
      };
      await sendAnswer(response, answer, own, limits, passed);
    } finally {
      response.off('close', gone);
      release();
    }
  };

  return {
    async serve(exchange) {
      const { request, response, headers } = exchange;
      Object.assign(headers, pageHeaders);
      const head = { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders };
      const isForm = head.method === 'POST';
      const unfit = isForm ? whyNotForm(head) : whyNotBodiless(head);
      if (unfit !== undefined) return unfit;
      const address = addressOf(request) ?? 'unknown';
      const admission = await throttle.enter(address, 1, 'call');
      if ('refused' in admission) {
        const after = String(admission.retryAfterSeconds);
        return refusal(429, admission.refused, 'Too many requests. Wait a moment, then load the page again.', {
          headers: { 'retry-after': after },
        });
      }
      try {
        if (isForm && exchange.expectsContinue) response.writeContinue();
        const body = isForm ? await read(request, address) : undefined;
        if (body !== undefined && !Buffer.isBuffer(body)) return body;
        // Gone before the end of what it sent.
        if (isForm && body === undefined) return undefined;
        const sending = send(exchange, address, body?.toString('utf8'));
        making.add(sending);
        await sending.finally(() => making.delete(sending));
        return undefined;
      } finally {
        admission.leave();
      }
    },
    async idle() {
      while (making.size > 0) await Promise.allSettled(making);
    },
  };
}

function requestFor(request: IncomingMessage, isSecure: boolean, body: string | undefined, signal: AbortSignal) {
  // Never as the base of a relative address: `//evil.example` would be another host.
  const url = new URL(`${isSecure ? 'https' : 'http'}://${valuesOf(request, 'host')[0]}${request.url}`);
  const headers = new Headers();
  for (const name of shown) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  return new Request(url, { method: request.method ?? 'GET', headers, signal, ...(body !== undefined && { body }) });
}
