/** Local servers, clocks and certificates for the tests of the network layers. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ActionError, type Failure } from '../../src/core/errors.js';
import type { Connection } from '../../src/databricks/config.js';
import type { Clock } from '../../src/databricks/session.js';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Local {
  readonly origin: string;
  readonly port: number;
  readonly seen: Seen[];
  /** Connections accepted so far. */
  connections: number;
  /** Open connections. */
  readonly sockets: ReadonlySet<Socket>;
}

function watch(server: Server, t: TestContext, scheme: string): Promise<Local> {
  const sockets = new Set<Socket>();
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const local: Local = { origin: `${scheme}://127.0.0.1:${port}`, port, seen: [], connections: 0, sockets };
      server.on('connection', (socket: Socket) => {
        local.connections += 1;
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => sockets.delete(socket));
      });
      resolve(local);
    });
  });
}

type Answer = (seen: Seen, res: ServerResponse, req: IncomingMessage) => void;

function listener(local: () => Local, answer: Answer): RequestListener {
  return (req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('error', () => {});
    req.on('end', () => {
      const seen = {
        method: req.method ?? '',
        url: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(parts).toString(),
      };
      local().seen.push(seen);
      answer(seen, res, req);
    });
  };
}

/** An HTTP server that keeps what it saw. Gone when the test is over. */
export async function httpServer(t: TestContext, answer: Answer): Promise<Local> {
  let local: Local | undefined;
  local = await watch(createServer(listener(() => local as Local, answer)), t, 'http');
  return local;
}

export async function tlsServer(t: TestContext, pair: KeyPair, answer: Answer): Promise<Local> {
  let local: Local | undefined;
  const options = { key: pair.key, cert: pair.cert };
  local = await watch(
    createTlsServer(
      options,
      listener(() => local as Local, answer),
    ),
    t,
    'https',
  );
  return local;
}

/** A server that speaks bytes. `answer` runs once a whole request head has come. */
export async function rawServer(t: TestContext, answer: (socket: Socket, head: string) => void): Promise<Local> {
  let local: Local | undefined;
  const server = createTcpServer((socket) => {
    let text = '';
    socket.on('data', (part) => {
      text += part.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      const head = text;
      text = '';
      local?.seen.push({ method: head.split(' ')[0] ?? '', url: head.split(' ')[1] ?? '', headers: {}, body: head });
      answer(socket, head);
    });
  });
  local = await watch(server, t, 'http');
  return local;
}

/** A proxy that knows CONNECT only and leads every host to `target`. */
export async function connectProxy(t: TestContext, target: number, options: { status?: number } = {}): Promise<Local> {
  let local: Local | undefined;
  const server = createServer((_req, res) => res.writeHead(405).end());
  server.on('connect', (req: IncomingMessage, socket: Socket) => {
    local?.seen.push({ method: 'CONNECT', url: req.url ?? '', headers: req.headers, body: '' });
    if (options.status !== undefined) {
      socket.end(`HTTP/1.1 ${options.status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    socket.on('close', () => upstream.destroy());
  });
  local = await watch(server, t, 'http');
  return local;
}

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
  readonly certFile: string;
}

/** Whatever runs something when it is done: a test, or a whole file. */
interface Ending {
  after(end: () => unknown): void;
}

/** A self-signed certificate for these names; undefined where there is no openssl. */
export function keyPair(t: Ending, names: readonly string[]): KeyPair | undefined {
  const directory = temporaryDirectory(t);
  const file = (name: string) => join(directory, name);
  try {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '30',
        '-subj',
        '/CN=Test only',
        '-keyout',
        file('key.pem'),
        '-out',
        file('cert.pem'),
        '-addext',
        `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')},IP:127.0.0.1`,
      ],
      { stdio: 'ignore' },
    );
  } catch {
    return undefined;
  }
  return {
    key: readFileSync(file('key.pem'), 'utf8'),
    cert: readFileSync(file('cert.pem'), 'utf8'),
    certFile: file('cert.pem'),
  };
}

export function temporaryDirectory(t: Ending): string {
  const directory = mkdtempSync(join(tmpdir(), 'actions-test-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function temporaryFile(t: TestContext, content: string): string {
  const file = join(temporaryDirectory(t), 'file');
  writeFileSync(file, content);
  return file;
}

export interface FakeClock extends Clock {
  readonly sleeps: number[];
  advance(milliseconds: number): void;
}

/** A clock that moves only when told to, or by sleeping. */
export function fakeClock(): FakeClock {
  let time = 1_000_000;
  const sleeps: number[] = [];
  return {
    now: () => time,
    date: () => Date.parse('2026-11-23T12:00:00Z') + time - 1_000_000,
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      time += milliseconds;
    },
    dice: () => 0.5,
    sleeps,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}

export const accountId = '11111111-2222-4333-8444-555555555555';
export const clientId = '99999999-8888-4777-8666-555555555555';
export const clientSecret = 'dose0123456789abcdef0123456789abcdef';

export const connectionTo = (host: string, over: Partial<Connection> = {}): Connection => ({
  host,
  cloud: 'aws',
  accountId,
  clientId,
  scopes: ['all-apis'],
  signIn: { method: 'oauth-m2m', readSecret: async () => clientSecret },
  ...over,
});

export const json = (res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** The failure a promise ends in. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  return (await errorOf(promise)).failure;
}

export async function errorOf(promise: Promise<unknown>): Promise<ActionError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in outcome) throw new Error(`It worked: ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof ActionError)) throw outcome.error;
  return outcome.error;
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  for (const started = performance.now(); !condition(); ) {
    if (performance.now() - started > 3_000) throw new Error(`Never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
