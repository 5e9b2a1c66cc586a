/** What stands between a request and the doors: who calls, what it may, how much at once. Then the doors answer. */
import type { IncomingMessage } from 'node:http';
import type { NamedArea } from '../guard/area-names.js';
import type { Authenticator } from './auth/authenticator.js';
import { scopeMissing } from './auth/challenge.js';
import type { ResourceMetadata } from './auth/metadata.js';
import { createBodyReader } from './body.js';
import { type Caller, type CallerScope, callerScopes } from './caller.js';
import type { Connections } from './connections.js';
import type { Doors } from './doors.js';
import type { Exchange } from './exchange.js';
import { valuesOf, whyNotBodiless, whyNotJson } from './guards.js';
import type { FrontLimits } from './limits.js';
import { type Messages, readMessages } from './messages.js';
import type { Meters } from './meters.js';
import { type RequestPins, readPins } from './pins.js';
import { isRefusal, type Refusal, refusal } from './refusal.js';
import { sendAnswer } from './reply.js';
import type { Door } from './routes.js';
import type { Admission, Throttle } from './throttle.js';

export interface AdmissionParts {
  readonly doors: Doors;
  readonly authenticator: Authenticator;
  readonly metadata: ResourceMetadata | undefined;
  readonly throttle: Throttle;
  readonly limits: FrontLimits;
  readonly meters: Meters;
  readonly areas: readonly NamedArea[];
  /** The scopes a call of this tool needs with these arguments; undefined where there is no such tool. */
  readonly scopesFor: (tool: string, args: unknown) => readonly CallerScope[] | undefined;
  /** What a call is called in the log, if not by its tool: the action inside it. */
  readonly nameOf?: (tool: string, args: unknown) => string;
  readonly date: () => number;
}

export interface Admitting {
  /** Sends the answer of the doors, or returns why there is none. */
  serve(exchange: Exchange, door: Door, words: readonly string[]): Promise<Refusal | undefined>;
  /** From now on no call begins, not even one whose body is on its way. */
  stop(): void;
  /** Resolves when no call is in flight. */
  idle(): Promise<void>;
  /** Ends the streams that are still open. */
  endStreams(): void;
}

/** Of a request's headers, those the doors see. Credentials are not among them. */
const shown = ['accept', 'content-type', 'last-event-id', 'user-agent', 'traceparent', 'tracestate'];
const isShown = (name: string) => shown.includes(name) || /^mcp-[a-z-]+$/.test(name);

export function createAdmission(parts: AdmissionParts, connections: Connections): Admitting {
  const { doors, authenticator, metadata, throttle, limits, meters, scopesFor } = parts;
  const read = createBodyReader(limits);
  const calls = new Set<Promise<void>>();
  const streams = new Set<AbortController>();
  let isStopped = false;
  // Some sockets are always left for calls.
  const mostStreams = Math.max(1, Math.floor(limits.connections * 0.75));

  /** Old clients came in by /sse and know no other address. */
  const entranceOf = ({ request }: Exchange) => pathOf(request).replace(/\/messages$/, '/sse');
  const documentFor = (exchange: Exchange) => metadata?.addressFor(entranceOf(exchange));

  const authenticate = async (exchange: Exchange): Promise<Caller | Refusal> => {
    const { request, facts } = exchange;
    const address = documentFor(exchange);
    const {
      caller,
      refusal: refused,
      why,
    } = await authenticator.authenticate(valuesOf(request, 'authorization'), entranceOf(exchange), address);
    if (why !== undefined) facts.why = why;
    if (caller === undefined) return refused ?? refusal(401, 'invalid_token', 'The token is not accepted.');
    facts.caller = caller.id;
    // Which one does not matter here, but with none of them there is nothing to see.
    return callerScopes.some((scope) => caller.scopes.has(scope)) ? caller : scopeMissing('dbx:read', address);
  };

  const missingScope = (messages: Messages, caller: Caller, exchange: Exchange): Refusal | undefined => {
    const missing = messages.calls
      .flatMap(({ tool, args }) => scopesFor(tool, args) ?? [])
      .find((scope) => !caller.scopes.has(scope));
    return missing && scopeMissing(missing, documentFor(exchange));
  };

  const note = ({ facts }: Exchange, { method, calls: [first] }: Messages) => {
    if (method !== undefined && /^[\w/]{1,64}$/.test(method)) facts.rpc = method;
    if (first === undefined) return;
    const { tool, args } = first;
    facts.tool = scopesFor(tool, args) === undefined ? 'unknown' : (parts.nameOf?.(tool, args) ?? tool);
  };

  const counted = (call: Promise<void>) => {
    calls.add(call);
    return call.finally(() => calls.delete(call));
  };

  /** Takes messages from the caller's bucket. */
  const charge = async (caller: Caller, messages: number): Promise<Refusal | undefined> => {
    if (messages === 0) return undefined;
    const admission = await throttle.enter(caller.id, messages, 'none');
    if ('refused' in admission) return tooMuch(admission);
    admission.leave();
    return undefined;
  };

  /** Lets the doors answer, and keeps the socket and the count of what is open while they do. */
  const pass = async (
    exchange: Exchange,
    door: Door,
    caller: Caller,
    pins: RequestPins,
    text?: string,
    isStream = false,
  ) => {
    const { request, response, headers } = exchange;
    // Gone while it was found out who calls.
    if (response.destroyed) return;
    const giveUp = new AbortController();
    const gone = () => giveUp.abort();
    response.once('close', gone);
    const release = connections.hold(request.socket);
    const kind = isStream ? 'stream' : 'call';
    const expiry =
      isStream && caller.expiresAt !== undefined ? endAt(caller.expiresAt - parts.date(), giveUp) : undefined;
    if (isStream) streams.add(giveUp);
    giveUp.signal.addEventListener('abort', () => response.destroy(), { once: true });
    meters.entered(kind);
    try {
      const answer = await doors.fetch(requestFor(exchange, door, text, giveUp.signal), caller, pins);
      await sendAnswer(response, answer, headers, limits);
    } finally {
      meters.left(kind);
      streams.delete(giveUp);
      clearTimeout(expiry);
      response.off('close', gone);
      release();
    }
  };

  const serveCall = async (exchange: Exchange, door: Door, caller: Caller, pins: RequestPins) => {
    // A place among the calls is taken only by a whole message: who sends slowly keeps no place from the others.
    const early = await charge(caller, 1);
    if (early !== undefined) return early;
    if (exchange.expectsContinue) exchange.response.writeContinue();
    const body = await read(exchange.request, caller.id);
    if (body === undefined) return undefined;
    if (!Buffer.isBuffer(body)) return body;
    const messages = readMessages(body, limits);
    if (isRefusal(messages)) return messages;
    note(exchange, messages);
    const refused = missingScope(messages, caller, exchange) ?? (await charge(caller, messages.count - 1));
    if (refused !== undefined) return refused;
    if (isStopped) return stopping();
    if (messages.isListening && streams.size >= mostStreams) return tooManyStreams();
    const admission = await throttle.enter(caller.id, 0, messages.isListening ? 'stream' : 'call');
    if ('refused' in admission) return tooMuch(admission);
    try {
      const passing = pass(exchange, door, caller, pins, messages.text, messages.isListening);
      if (messages.isListening) await passing;
      else await counted(passing);
      return undefined;
    } finally {
      admission.leave();
    }
  };

  /** A stream to read, or the end of a session: that must be possible for who has all streams open. */
  const serveBodiless = async (exchange: Exchange, door: Door, caller: Caller, pins: RequestPins) => {
    const isStream = exchange.request.method === 'GET';
    const admission = await throttle.enter(caller.id, 1, isStream ? 'stream' : 'none');
    if ('refused' in admission) return tooMuch(admission);
    try {
      if (isStream && streams.size >= mostStreams) return tooManyStreams();
      await pass(exchange, door, caller, pins, undefined, isStream);
      return undefined;
    } finally {
      admission.leave();
    }
  };

  return {
    async serve(exchange, door, words) {
      if (isStopped) return stopping();
      const { request } = exchange;
      const isCall = request.method === 'POST';
      const head = { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders };
      const unfit = isCall ? whyNotJson(head) : whyNotBodiless(head);
      if (unfit !== undefined) return unfit;
      const caller = await authenticate(exchange);
      if (isRefusal(caller)) return caller;
      const pins = readPins(words, head, parts.areas);
      if (isRefusal(pins)) return pins;
      return isCall ? serveCall(exchange, door, caller, pins) : serveBodiless(exchange, door, caller, pins);
    },
    stop() {
      isStopped = true;
    },
    async idle() {
      while (calls.size > 0) await Promise.allSettled(calls);
    },
    endStreams() {
      for (const stream of streams) stream.abort();
    },
  };
}

const stopping = () =>
  refusal(503, 'stopping', 'This server is stopping. Try again.', { headers: { 'retry-after': '5' }, close: true });

const reasons = {
  rate: 'Too many messages. Wait before the next one.',
  calls: 'Too many calls of yours are in flight. Wait until one has ended.',
  streams: 'Too many streams of yours are open. Close one first.',
} as const;

const tooMuch = ({ refused, retryAfterSeconds }: Extract<Admission, { refused: string }>) =>
  refusal(429, refused, reasons[refused], { headers: { 'retry-after': String(retryAfterSeconds) } });

const tooManyStreams = () =>
  refusal(503, 'streams', 'Too many streams are open. Try again later.', { headers: { 'retry-after': '30' } });

/** Longer than a timer can wait is as good as never. */
const endAt = (milliseconds: number, end: AbortController) =>
  setTimeout(() => end.abort(), Math.min(Math.max(0, milliseconds), 2 ** 31 - 1)).unref();

const pathOf = (request: IncomingMessage) => (request.url ?? '').split('?')[0] ?? '';

/** What the doors see: the path, a session where one is named, no credentials. */
function requestFor({ request, id }: Exchange, door: Door, body: string | undefined, signal: AbortSignal): Request {
  const url = new URL(`http://${valuesOf(request, 'host')[0] ?? 'localhost'}${pathOf(request)}`);
  const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
  const session = door === '/messages' ? (query.get('sessionId') ?? query.get('session_id')) : null;
  if (session !== null) url.searchParams.set('sessionId', session);
  const headers = new Headers({ 'x-request-id': id });
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && isShown(name)) headers.set(name, value);
  }
  return new Request(url, { method: request.method ?? 'GET', headers, signal, ...(body !== undefined && { body }) });
}
