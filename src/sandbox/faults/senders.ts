// Puts damaged answers on the wire: late, in part, twice or not at all. With wire.ts the only file that writes to sockets.

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../reply.js';

export type HeaderLine = readonly [name: string, value: string];

const bytesOf = ({ body }: Reply): Buffer => Buffer.from(typeof body === 'string' ? body : [...body].join(''));

export function reset(response: ServerResponse): void {
  if (response.socket) response.socket.resetAndDestroy();
  else response.destroy();
}

/** Until the client goes away. */
export async function stall(response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (!response.closed) await once(response, 'close', { signal });
}

export async function drip(
  response: ServerResponse,
  reply: Reply,
  delayMs: number,
  signal: AbortSignal,
): Promise<void> {
  const body = bytesOf(reply);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.flushHeaders();
  for (const byte of body) {
    await sleep(delayMs, undefined, { signal });
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
  }
  response.end();
}

export function truncate(response: ServerResponse, reply: Reply, chunked: boolean): void {
  const body = bytesOf(reply);
  const promise = chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length };
  response.writeHead(reply.status, { ...reply.headers, ...promise });
  response.flushHeaders();
  response.write(body.subarray(0, Math.ceil(body.length / 2) - 1), () => response.socket?.destroySoon());
}

/** Each line goes out as it is, also when the name is there already. */
export function withLines(response: ServerResponse, reply: Reply, lines: readonly HeaderLine[]): void {
  const body = bytesOf(reply);
  const usual: HeaderLine[] = [...Object.entries(reply.headers), ['content-length', String(body.length)]];
  response.writeHead(reply.status, [...usual, ...lines].flat());
  response.end(body);
}

export function contradictingLengths(reply: Reply): HeaderLine[] {
  const { length } = bytesOf(reply);
  return [
    ['Content-Length', String(length + 7)],
    ['Content-Length', String(length + 11)],
  ];
}

export function manyLines(count: number, bytes: number): HeaderLine[] {
  const each = Math.max(1, Math.floor(bytes / count));
  const names = Array.from({ length: count }, (_, index) => `x-filler-${index}`);
  // ': ' and the line break count as well.
  return names.map((name) => [name, 'x'.repeat(Math.max(1, each - name.length - 4))]);
}
