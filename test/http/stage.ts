/** A front with doors that only say what reached them, and clients that write bytes to its socket. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { createAuthenticator } from '../../src/http/auth/authenticator.js';
import { createStaticTokens, digestOf } from '../../src/http/auth/static-tokens.js';
import { type Caller, type CallerScope, callerScopes } from '../../src/http/caller.js';
import type { Doors } from '../../src/http/doors.js';
import { createFront, type Front, type FrontParts, type McpParts } from '../../src/http/front.js';
import { type FrontLimits, frontLimits } from '../../src/http/limits.js';
import { noMeters } from '../../src/http/meters.js';
import { createThrottle } from '../../src/http/throttle.js';
import type { Log } from '../../src/log.js';

export const token = 'a-token-of-the-operator-with-all-scopes-1';
export const readToken = 'a-token-of-the-operator-that-only-reads-2';
export const noToken = 'a-token-of-the-operator-of-another-kind-3';

const tokens = [
  { name: 'ci', digest: digestOf(token), scopes: callerScopes },
  { name: 'viewer', digest: digestOf(readToken), scopes: ['dbx:read'] as const },
  { name: 'nobody', digest: digestOf(noToken), scopes: [] },
];

/** What reached the doors. */
export interface Arrival {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly caller: Caller;
  readonly pins: unknown;
}

export interface Line {
  readonly level: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Stage {
  readonly front: Front;
  readonly port: number;
  readonly arrivals: Arrival[];
  readonly lines: Line[];
  /** Lets the calls of `hang` answer. */
  release(): void;
  readonly host: string;
}

export interface StageOptions {
  readonly limits?: Partial<FrontLimits>;
  readonly parts?: Partial<FrontParts & McpParts>;
  readonly origins?: readonly string[];
  /** Without MCP. */
  readonly alone?: boolean;
  /** The answer of the doors instead of an echo. */
  readonly answer?: (arrival: Arrival, signal: AbortSignal) => Promise<Response> | Response;
}

const needs: Readonly<Record<string, readonly CallerScope[]>> = {
  look: ['dbx:read'],
  change: ['dbx:write'],
  remove: ['dbx:admin'],
  mint: ['dbx:secrets'],
};

export async function stage(t: TestContext, options: StageOptions = {}): Promise<Stage> {
  const arrivals: Arrival[] = [];
  const lines: Line[] = [];
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const running = new Set<Promise<unknown>>();
  const fetch: Doors['fetch'] = async (request, caller, pins) => {
    const { url, method, signal } = request;
    const arrival = {
      url,
      method,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
      caller,
      pins,
    };
    arrivals.push(arrival);
    if (options.answer !== undefined) return options.answer(arrival, signal);
    if (arrival.body.includes('"hang"')) {
      running.add(released);
      await released;
      running.delete(released);
    }
    return Response.json({ echo: arrival.body });
  };
  const limits = { ...frontLimits, checkEvery: 50, ...options.limits };
  const { doors, authenticator, metadata, throttle, areas, scopesFor, date, ...parts } = options.parts ?? {};
  const front = createFront({
    ...(options.alone !== true && {
      mcp: {
        doors: doors ?? {
          fetch,
          leave: () => {},
          idle: async () => void (await Promise.all(running)),
          close: async () => {},
        },
        authenticator: authenticator ?? createAuthenticator([createStaticTokens(async () => tokens)]),
        metadata,
        throttle: throttle ?? createThrottle(limits, () => performance.now()),
        areas: areas ?? [{ id: 'users' }, { id: 'groups', presets: ['identity'] }],
        scopesFor: scopesFor ?? ((tool) => needs[tool]),
        date: date ?? Date.now,
      },
    }),
    limits,
    meters: noMeters,
    rules: (port) => ({
      hosts: new Set([`127.0.0.1:${port}`, `localhost:${port}`, 'mcp.example.com']),
      origins: new Set(options.origins ?? []),
      own: new Set([`http://127.0.0.1:${port}`, `http://localhost:${port}`]),
    }),
    isReady: () => true,
    log: logInto(lines),
    now: () => performance.now(),
    ...parts,
  });
  const { port } = await front.listen('127.0.0.1', 0);
  t.after(async () => {
    release();
    await front.drain();
  });
  return { front, port, arrivals, lines, release, host: `127.0.0.1:${port}` };
}

const logInto = (lines: Line[]): Log => {
  const at =
    (level: string) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, event, facts });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

export const message = (method: string, params: unknown = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });

/** A call as a well-behaved client makes it. */
export const post = (
  { port }: { port: number },
  body: string,
  headers: Record<string, string> = {},
  path = '/mcp',
): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
  });

export interface Raw {
  readonly status: number;
  readonly text: string;
  /** Status lines in all that came back. */
  readonly answers: number;
}

/** Writes these bytes and reads until the server closes. */
export async function raw(port: number, bytes: string | Buffer, localAddress = '127.0.0.1'): Promise<Raw> {
  const socket = await open(port, localAddress);
  socket.write(bytes);
  const text = await restOf(socket);
  return { status: statusOf(text), text, answers: text.match(/HTTP\/1\.1 \d{3}/g)?.length ?? 0 };
}

export async function open(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  await once(socket, 'connect');
  return socket;
}

/** All that comes until the server closes; a reset ends it as well. */
export function restOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve(text));
  });
}

export const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);

/** A request as text, closed after its answer. */
export const requestText = (head: string, headers: readonly string[], body = '') =>
  [head, ...headers, 'Connection: close', '', body].join('\r\n');
