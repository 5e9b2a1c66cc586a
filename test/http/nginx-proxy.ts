/** Debian's nginx with the configuration of deploy/nginx.conf, in front of the `http` command on a sandbox account. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, fetch as undiciFetch } from 'undici';
import { type KeyPair, keyPair } from '../databricks/servers.js';
import { atEnd, environment, program, settingsFor, temporaryHome } from '../mcp/server-process.js';
import { type World, world } from '../trust/world.js';
import { freePort } from './serving.js';

const example = join(import.meta.dirname, '../../../deploy/nginx.conf');

export const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));

export const token = 'a-token-of-one-behind-the-proxy-0123456789';

export interface Proxied extends World {
  /** How clients reach it: https, by the proxy. */
  readonly url: string;
  /** Trusts the proxy's certificate. */
  readonly fetch: typeof fetch;
  /** The lines the server has logged so far. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was logged
  log(): any[];
  /** What the proxy has logged so far. */
  proxyLog(): string;
  /** SIGTERM to the server; its exit code. */
  stop(): Promise<number | null>;
}

export async function proxied(): Promise<Proxied> {
  const here = await world();
  const tls = keyPair({ after: atEnd }, ['localhost']);
  if (tls === undefined) throw new Error('openssl is needed.');
  const [port, inside] = await Promise.all([freePort(), freePort()]);
  const url = `https://localhost:${port}`;
  const server = startServer(here, inside, url);
  const folder = startNginx(tls, port, inside);
  const dispatcher = new Agent({ connect: { ca: tls.cert } });
  atEnd(() => dispatcher.destroy());
  const viaProxy = ((target: string | URL, init: object = {}) =>
    undiciFetch(target, { ...init, dispatcher })) as unknown;
  await Promise.all([answering(inside), answering(port)]);
  return {
    ...here,
    url,
    fetch: viaProxy as typeof fetch,
    log: () =>
      server
        .said()
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line)),
    proxyLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    stop() {
      server.child.kill('SIGTERM');
      return server.ended;
    },
  };
}

function startServer({ home, sandbox }: World, port: number, url: string) {
  const tokenFile = join(home, 'tokens.json');
  const scopes = ['dbx:read', 'dbx:write', 'dbx:admin'];
  writeFileSync(tokenFile, JSON.stringify([{ name: 'ann', token, scopes }]), { mode: 0o600 });
  // One caller makes all calls of the file, faster than people do.
  const flags = [
    `--port=${port}`,
    '--behind-tls-proxy',
    `--public-url=${url}`,
    `--token-file=${tokenFile}`,
    '--rate=1000',
  ];
  const child = spawn(process.execPath, [program, 'http', ...flags], {
    env: environment(home, settingsFor(sandbox, 'all-apis')),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  return { child, said: () => said, ended: endedAtEnd(child) };
}

/** The example with names, ports and paths of this test; nothing else is changed. */
function startNginx(tls: KeyPair, port: number, inside: number): string {
  const folder = temporaryHome();
  const file = (name: string) => join(folder, name);
  writeFileSync(file('key.pem'), tls.key, { mode: 0o600 });
  writeFileSync(file('cert.pem'), tls.cert);
  const changes = [
    ['server server:8787;', `server 127.0.0.1:${inside};`],
    ['listen 8443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['server_name mcp.example.com;', 'server_name localhost;'],
    ['/etc/nginx/tls/fullchain.pem', file('cert.pem')],
    ['/etc/nginx/tls/privkey.pem', file('key.pem')],
    ['/dev/stdout', file('access.log')],
  ] as const;
  const text = changes.reduce(
    (changed, [old, other]) => {
      if (!changed.includes(old)) throw new Error(`deploy/nginx.conf has no "${old}".`);
      return changed.replace(old, other);
    },
    readFileSync(example, 'utf8'),
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
    mkdirSync(file(kind));
    return `${kind}_temp_path ${file(kind)};`;
  });
  const head = ['daemon off;', 'master_process off;', `pid ${file('pid')};`, 'error_log stderr crit;', 'events {}'];
  writeFileSync(file('nginx.conf'), [...head, 'http {', ...temporary, text, '}'].join('\n'));
  const child = spawn(nginx ?? '', ['-p', folder, '-e', 'stderr', '-c', file('nginx.conf')], { stdio: 'ignore' });
  endedAtEnd(child);
  return folder;
}

function endedAtEnd(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  atEnd(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return ended;
}

/** Waits until something listens there. */
async function answering(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await wait(20);
  }
}
