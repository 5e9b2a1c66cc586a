/**
 * How `doctor` gets to a host, step by step, so that each step can fail by itself: a bare connection, the tunnel of a
 * proxy, the handshake of TLS. It sends nothing but what a proxy needs to open a tunnel.
 */
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { failed } from '../../core/errors.js';
import { proxyAuthorization } from '../../databricks/proxy.js';
import type { Trust } from '../../databricks/trust.js';

/** How long a step may take, and who may end it before. */
export interface Patience {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** The proxy answered, but opened no tunnel. */
export class TunnelRefused extends Error {
  override readonly name = 'TunnelRefused';
  readonly status: number;

  constructor(status: number) {
    super(`The proxy answered ${status}.`);
    this.status = status;
  }
}

/** An error names what failed in its `code`; `ETIMEDOUT` where nothing came in time. */
export const connectTo = ({ hostname, port }: Address, patience: Patience): Promise<net.Socket> =>
  inTime(patience, (resolve, reject) => {
    const socket = net.connect({ host: bare(hostname), port });
    socket.once('connect', () => resolve(socket)).once('error', reject);
    return socket;
  });

/** A connection to the target through the proxy. */
export function tunnelTo(target: Address, proxy: URL, trust: Trust, patience: Patience): Promise<net.Socket> {
  return inTime(patience, (resolve, reject) => {
    const authorization = proxyAuthorization(proxy);
    const path = `${target.hostname}:${target.port}`;
    const options = {
      method: 'CONNECT',
      host: bare(proxy.hostname),
      port: portOf(proxy),
      path,
      agent: false,
      headers: { host: path, ...(authorization !== undefined && { 'proxy-authorization': authorization }) },
    };
    const request = proxy.protocol === 'https:' ? https.request({ ...options, ...trust }) : http.request(options);
    request.once('error', reject);
    request.once('response', (response) => reject(new TunnelRefused(response.statusCode ?? 0)));
    request.once('connect', (response, socket) => {
      // Whoever takes it over listens to it, too; until then an error must not end the program.
      socket.on('error', () => {});
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new TunnelRefused(response.statusCode ?? 0));
    });
    request.end();
    return request;
  });
}

/** What a host showed of itself. */
export interface Shown {
  readonly protocol?: string;
  /** Undefined where it did not come as far as a certificate. */
  readonly certificate?: tls.DetailedPeerCertificate;
  /** Why it is not trusted, or why there was no handshake. */
  readonly error?: Error;
}

/** Never fails: a refused certificate is what is looked for. Takes the socket over and closes it. */
export async function handshake(
  socket: net.Socket,
  hostname: string,
  trust: Trust,
  patience: Patience,
): Promise<Shown> {
  const name = bare(hostname);
  let certificate: tls.DetailedPeerCertificate | undefined;
  try {
    return await inTime<Shown>(patience, (resolve, reject) => {
      const secure = tls.connect({ socket, host: name, ...(net.isIP(name) === 0 && { servername: name }), ...trust });
      // Before Node judges the certificate: one that it refuses is gone by the time the error comes.
      secure.prependListener('secure', () => {
        certificate = secure.getPeerCertificate(true);
      });
      secure.once('error', reject).once('secureConnect', () => {
        resolve({ protocol: secure.getProtocol() ?? '', ...(certificate && { certificate }) });
        secure.destroy();
      });
      return secure;
    });
  } catch (error) {
    if (patience.signal.aborted || !(error instanceof Error)) throw error;
    return { error, ...(certificate && { certificate }) };
  } finally {
    socket.destroy();
  }
}

export const addressOf = (url: URL): Address => ({ hostname: url.hostname, port: portOf(url) });

const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === 'https:' ? 443 : 80));

/** In addresses IPv6 stands in brackets, which sockets do not know. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

interface Attempt {
  destroy(error: Error): unknown;
}

function inTime<T>(
  { milliseconds, signal }: Patience,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => Attempt,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancelled = () => end(failed('cancelled', 'The check was cancelled.'));
    const late = setTimeout(
      () => end(Object.assign(new Error('Nothing came in time.'), { code: 'ETIMEDOUT' })),
      milliseconds,
    );
    const settle = () => {
      clearTimeout(late);
      signal.removeEventListener('abort', cancelled);
    };
    const attempt = start(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
    const end = (error: Error) => {
      settle();
      reject(error);
      attempt.destroy(error);
    };
    signal.addEventListener('abort', cancelled, { once: true });
    if (signal.aborted) cancelled();
  });
}
