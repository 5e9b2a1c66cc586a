/**
 * The bare upstream, a process of its own: answers from memory what the measured calls ask for, and tells what it saw.
 * Prints its port. The first argument is the size of the usage file.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { silentUser, usageParts, user, userPage } from './accounts.js';

const json = (body: unknown) => Buffer.from(JSON.stringify(body));
const oneUser = json(user(7));
const wholePage = json(userPage());
const token = json({ access_token: 'bench-token', token_type: 'Bearer', expires_in: 3600, scope: 'all-apis' });
/** Sending it takes a moment, as a token endpoint does: calls that come meanwhile could each ask for their own. */
const tokenTime = 20;

const seen = { tokens: 0, requests: 0, hanging: 0, closed: [] as number[] };
let usageBytes = 1_000_000;

function send(response: ServerResponse, body: Buffer): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** Milliseconds on a clock that all processes of this machine share. */
const now = () => Number(process.hrtime.bigint()) / 1e6;

function hang(response: ServerResponse): void {
  seen.hanging += 1;
  response.once('close', () => {
    seen.hanging -= 1;
    seen.closed.push(now());
  });
}

const server = createServer((request, response) => {
  const url = request.url ?? '';
  if (url.startsWith('/bench/')) {
    const size = url.match(/^\/bench\/usage\/(\d+)/)?.[1];
    if (size !== undefined) usageBytes = Number(size);
    if (url === '/bench/reset') Object.assign(seen, { tokens: 0, requests: 0, closed: [] });
    send(response, json(seen));
    return;
  }
  seen.requests += 1;
  if (url.endsWith('/v1/token')) {
    seen.tokens += 1;
    request.resume();
    setTimeout(() => send(response, token), tokenTime);
    return;
  }
  if (url.includes(silentUser)) hang(response);
  else if (url.includes('/usage/download')) {
    response.writeHead(200, { 'content-type': 'text/plain' });
    pipeline(Readable.from(usageParts(usageBytes), { objectMode: false }), response).catch(() => response.destroy());
  } else if (/\/Users\/\d+/.test(url)) send(response, oneUser);
  else if (url.includes('/Users')) {
    const attributes = new URL(url, 'http://upstream').searchParams.get('attributes');
    send(response, attributes === null ? wholePage : json(userPage(attributes.split(','))));
  } else {
    response.writeHead(404, { 'content-type': 'application/json' });
    response.end('{"error_code":"NOT_FOUND","message":"The bare upstream has no such thing."}');
  }
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
// It ends with the bench, however that ends.
process.stdin.resume().once('end', () => process.exit());
