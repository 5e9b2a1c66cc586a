// An HTTP client that hides nothing: the bytes of the answer, the time of each, and how the connection ended.

import { connect } from 'node:net';
import type { Client } from './client.js';

export interface Bytes {
  readonly head: string;
  readonly body: string;
  /** Milliseconds since the request, one per piece that arrived. */
  readonly times: readonly number[];
  /** An error code such as ECONNRESET, or 'end' for a polite close. */
  readonly ending: string;
}

/** `path` starts after /accounts/{account_id}; needs a client that has signed in with a call. */
export async function raw(client: Client, method: string, path: string, body = ''): Promise<Bytes> {
  const { sandbox } = client;
  const { hostname, port } = new URL(sandbox.url);
  const request = [
    `${method} /api/2.0/accounts/${sandbox.accountId}${path} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${await client.token()}`,
    'content-type: application/json',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
  return new Promise((resolve) => {
    const began = performance.now();
    const times: number[] = [];
    let received = '';
    const finish = (ending: string) => {
      const [head = '', ...rest] = received.split('\r\n\r\n');
      resolve({ head, body: rest.join('\r\n\r\n'), times, ending });
    };
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket
      .on('data', (piece) => {
        times.push(performance.now() - began);
        received += piece.toString('latin1');
      })
      .on('end', () => finish('end'))
      .on('error', (error: NodeJS.ErrnoException) => finish(error.code ?? 'error'));
  });
}
