/** Raw bytes instead of an HTTP answer: each request ends in an answer or a failure, and the next one is not affected. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { ActionError } from '../../src/core/errors.js';
import { createHttp, type Limits } from '../../src/databricks/http.js';
import { rawServer } from '../databricks/servers.js';
import { cut, cuts, hostileBytes, hostileText, runs } from './arbitraries.js';

const limits: Limits = { firstByte: 1_000, idle: 1_000, attempt: 2_000, maxBytes: 64 * 1024 };
const request = { method: 'GET', path: '/x', headers: {} } as const;

const line = fc.oneof(
  hostileText,
  fc.constantFrom(
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked, chunked',
    'Content-Encoding: gzip',
    'Content-Encoding: deflate',
    'Content-Encoding: br',
    'Content-Encoding: gzip, gzip, gzip',
    'Connection: close',
    'Connection: upgrade',
    'Upgrade: h2c',
    'Retry-After: 1',
    'Location: //evil.test',
    'Set-Cookie: a=b',
  ),
);
const start = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((status) => `HTTP/1.1 ${String(status).padStart(3, '0')} X`),
  fc.constantFrom(
    'HTTP/1.0 200 OK',
    'HTTP/1.1 100 Continue',
    'HTTP/1.1 101 Switching',
    'HTTP/2 200',
    'HTTP/1.1 200',
    '',
  ),
);
const body = fc.oneof(
  hostileBytes,
  hostileBytes.map((bytes) => gzipSync(bytes)),
  hostileBytes.map((bytes) => deflateSync(bytes)),
  hostileBytes.map((bytes) => Buffer.from(`${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`)),
);
const answer = fc.oneof(
  { weight: 1, arbitrary: hostileBytes },
  {
    weight: 5,
    arbitrary: fc
      .tuple(start, fc.array(line, { maxLength: 5 }), body)
      .map(([first, lines, rest]) => Buffer.concat([Buffer.from(`${[first, ...lines].join('\r\n')}\r\n\r\n`), rest])),
  },
);

// S063, S064, S071, S072
test('any bytes end as an answer or a failure, and the next request gets its own answer', {
  timeout: 60_000,
}, async (t) => {
  let next: readonly Buffer[] | undefined;
  const server = await rawServer(t, (socket) => {
    if (next === undefined) {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nmine');
      return;
    }
    for (const part of next) socket.write(part);
    // Whoever promised more than it sent stays silent no longer than this.
    socket.end();
  });
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  await fc.assert(
    fc.asyncProperty(answer, cuts, async (bytes, at) => {
      next = cut(bytes, at);
      const outcome = await http.request(request, limits).catch((error: unknown) => error);
      if (outcome instanceof Error) assert.ok(outcome instanceof ActionError, outcome.stack);
      else assert.equal(typeof (outcome as { text: unknown }).text, 'string');
      next = undefined;
      assert.equal((await http.request(request, limits)).text, 'mine');
    }),
    runs(500),
  );
});
