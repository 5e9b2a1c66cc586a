// Between Node's HTTP objects and the plain requests and replies of the sandbox. With faults/senders.ts and bomb.ts
// the only file that reads from or writes to sockets.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Inbound, Reply } from './reply.js';

const LARGEST_BODY = 8 * 1024 * 1024;

export async function readInbound(request: IncomingMessage): Promise<Inbound> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Error(`request body larger than ${LARGEST_BODY} bytes`);
    chunks.push(chunk);
  }
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
    // A dual-stack socket shows IPv4 callers as ::ffff:a.b.c.d.
    remoteAddress: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

/** How a request ends: what the record says of it, and the sending itself. */
export interface Outcome {
  /** 0: no answer. */
  readonly status: number;
  /** For the log, where there is no status. */
  readonly word?: string;
  send(response: ServerResponse): Promise<void> | void;
}

export const whole = (reply: Reply): Outcome => ({
  status: reply.status,
  send: (response) => writeReply(response, reply),
});

export const silence = (word: string, send: Outcome['send']): Outcome => ({ status: 0, word, send });

/** Chunked bodies go through a pipeline: rows are made as fast as the client takes them. */
export async function writeReply(response: ServerResponse, reply: Reply): Promise<void> {
  response.writeHead(reply.status, reply.headers);
  if (typeof reply.body === 'string') response.end(reply.body);
  else await pipeline(Readable.from(reply.body, { objectMode: false, highWaterMark: 64 * 1024 }), response);
}
