/** Nobody takes more of the front than is given to one: time, sockets, bytes, calls. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { memoryUsage } from 'node:process';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createThrottle, type Throttle } from '../../src/http/throttle.js';
import {
  message,
  open,
  post,
  raw,
  readToken,
  requestText,
  restOf,
  type Stage,
  stage,
  statusOf,
  token,
} from './stage.js';

const head = ({ host }: Stage, ...more: string[]) =>
  [
    'POST /mcp HTTP/1.1',
    `Host: ${host}`,
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    ...more,
    '',
    '',
  ].join('\r\n');

const keep = (t: TestContext, socket: Socket) => {
  socket.on('error', () => {});
  t.after(() => socket.destroy());
  return socket;
};

// S122
test('a client that is slow with its headers, or sends nothing, is cut off', async (t) => {
  const { port, host } = await stage(t, { limits: { headersTime: 150, requestTime: 60_000 } });
  const slow = keep(t, await open(port));
  slow.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\nX-Slow:`);
  const silent = keep(t, await open(port));
  assert.equal(statusOf(await restOf(slow)), 408);
  await restOf(silent);
});

test('a client that is slow with its body is cut off', async (t) => {
  const front = await stage(t, { limits: { headersTime: 100, requestTime: 200 } });
  const slow = keep(t, await open(front.port));
  slow.write(`${head(front, 'Content-Length: 100')}{`);
  assert.equal(statusOf(await restOf(slow)), 408);
  assert.equal(front.arrivals.length, 0);
});

/** An answer that never ends; resolves when its reader is gone. */
function endless(chunk: Uint8Array) {
  let gone = () => {};
  const cancelled = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(chunk),
      cancel: () => gone(),
    });
  return { cancelled, answer: () => new Response(body(), { headers: { 'content-type': 'text/event-stream' } }) };
}

test('a reader that takes less than is sent to it is cut off before it fills the memory', async (t) => {
  const { cancelled, answer } = endless(new Uint8Array(64 * 1024));
  const front = await stage(t, { answer, limits: { unreadBytes: 1024 * 1024 } });
  const reader = keep(t, await open(front.port)).pause();
  reader.write(requestText('GET /mcp HTTP/1.1', [`Host: ${front.host}`, `Authorization: Bearer ${token}`]));
  await cancelled;
});

test('a reader that has stopped is cut off, whatever waits for it', async (t) => {
  let gone = () => {};
  const cancelled = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const answer = (_: unknown, signal: AbortSignal) => {
    signal.addEventListener('abort', gone);
    return new Response(new Uint8Array(12 * 1024 * 1024), { headers: { 'content-type': 'text/event-stream' } });
  };
  const front = await stage(t, { answer, limits: { stallTime: 100 } });
  const reader = keep(t, await open(front.port)).pause();
  reader.write(requestText('GET /mcp HTTP/1.1', [`Host: ${front.host}`, `Authorization: Bearer ${token}`]));
  await cancelled;
});

test('streams are marked for proxies that would hold them back', async (t) => {
  const answer = () => new Response('data: x\n\n', { headers: { 'content-type': 'text/event-stream' } });
  const front = await stage(t, { answer });
  const streamed = await post(front, message('tools/list'));
  assert.equal(streamed.headers.get('x-accel-buffering'), 'no');
  assert.equal(await streamed.text(), 'data: x\n\n');
});

test('256 slow sockets from 16 addresses keep out no legitimate call, from one of them or from another', async (t) => {
  const front = await stage(t);
  for (let at = 0; at < 256; at += 1) {
    const slow = keep(t, await open(front.port, `127.0.0.${1 + (at % 16)}`));
    slow.write(
      at % 2 === 0 ? 'GET /livez HTTP/1.1\r\nX-Slow:' : head(front, 'Content-Length: 100').replace(token, readToken),
    );
  }
  const body = message('tools/list');
  for (const address of ['127.0.0.1', '127.0.0.99']) {
    const text = head(front, `Content-Length: ${body.length}`, 'Connection: close');
    assert.equal((await raw(front.port, text + body, address)).status, 200, address);
  }
});

// S124
test('a thousand idle connections leave no more open than there may be, and calls are still answered', async (t) => {
  const front = await stage(t, { limits: { connections: 64, headersTime: 600_000, requestTime: 600_000 } });
  const sockets: Socket[] = [];
  for (let at = 0; at < 1_000; at += 1)
    sockets.push(keep(t, await open(front.port, `127.0.1.${1 + (at % 200)}`)).resume());
  const body = message('tools/list');
  const text = head(front, `Content-Length: ${body.length}`, 'Connection: close');
  assert.equal((await raw(front.port, text + body)).status, 200);
  // Bounded: where they are not closed, nothing else closes them.
  const signal = AbortSignal.timeout(20_000);
  await Promise.all(sockets.slice(0, 900).map((socket) => socket.closed || once(socket, 'close', { signal })));
});

test('one address gets its share of sockets while calls hold them, and others are still let in', async (t) => {
  const front = await stage(t, { limits: { connectionsPerAddress: 2 } });
  const body = message('hang', { name: 'hang' });
  const text = head(front, `Content-Length: ${body.length}`, 'Connection: close');
  const held = [raw(front.port, text + body), raw(front.port, text + body)];
  while (front.arrivals.length < 2) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await restOf(await open(front.port)), '', 'the third of this address');
  const health = requestText('GET /livez HTTP/1.1', [`Host: ${front.host}`]);
  assert.equal((await raw(front.port, health, '127.0.0.2')).status, 200);
  front.release();
  assert.deepEqual(
    (await Promise.all(held)).map(({ status }) => status),
    [200, 200],
  );
});

test('behind a proxy its sockets are not counted as those of one client', async (t) => {
  const front = await stage(t, { limits: { connectionsPerAddress: 1 }, parts: { isBehindProxy: true } });
  const body = message('hang', { name: 'hang' });
  const text = head(
    front,
    'X-Forwarded-For: 9.9.9.9, 203.0.113.7',
    `Content-Length: ${body.length}`,
    'Connection: close',
  );
  const held = [raw(front.port, text + body), raw(front.port, text + body)];
  while (front.arrivals.length < 2) await new Promise((resolve) => setImmediate(resolve));
  front.release();
  await Promise.all(held);
  assert.deepEqual(
    front.lines.map(({ facts }) => facts.address),
    ['203.0.113.7', '203.0.113.7'],
  );
});

test('what a client says about its address counts for nothing without a proxy', async (t) => {
  const front = await stage(t);
  await post(front, message('tools/list'), { 'x-forwarded-for': '203.0.113.7' });
  assert.equal(front.lines.at(-1)?.facts.address, '127.0.0.1');
});

/** Sends until the server closes or everything is sent. */
async function flood(port: number, start: string, chunk: Buffer, times: number): Promise<number> {
  const socket = await open(port);
  const answer = restOf(socket);
  socket.write(start);
  for (let at = 0; at < times && !socket.destroyed; at += 1) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {});
  }
  socket.end();
  return statusOf(await answer);
}

// S123
test('100 MB bodies, with a length or without, are refused and leave memory flat', async (t) => {
  const front = await stage(t);
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);
  const before = memoryUsage.rss();
  for (let round = 0; round < 3; round += 1) {
    assert.equal(await flood(front.port, head(front, `Content-Length: ${100 * 1024 * 1024}`), megabyte, 100), 413);
    assert.equal(await flood(front.port, head(front, 'Transfer-Encoding: chunked'), chunk, 100), 413);
  }
  const grown = (memoryUsage.rss() - before) / 1024 / 1024;
  assert.ok(grown < 100, `${grown} MB`);
  assert.equal(front.arrivals.length, 0);
});

test('JSON that is deep, wide, broken, or a batch beyond measure is refused before the doors', async (t) => {
  const front = await stage(t, { limits: { burst: 100 } });
  const keys = Array.from({ length: 10_001 }, (_, at) => `"${at}":0`).join(',');
  const bodies = [
    '[['.repeat(40) + ']]'.repeat(40),
    `{"a":{${keys}}}`,
    '{"a":',
    '',
    '"text"',
    '[]',
    '[[{}]]',
    JSON.stringify(Array.from({ length: 10_000 }, () => ({}))),
    JSON.stringify(Array.from({ length: 21 }, () => ({}))),
  ];
  for (const body of bodies) assert.equal((await post(front, body)).status, 400, body.slice(0, 40));
  const invalid = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
  const text = Buffer.concat([
    Buffer.from(head(front, `Content-Length: ${invalid.length}`, 'Connection: close')),
    invalid,
  ]);
  assert.equal((await raw(front.port, text)).status, 400);
  assert.equal(front.arrivals.length, 0);
  assert.equal((await post(front, `{"a":"${':{['.repeat(20_000)}"}`)).status, 200, 'brackets and colons in strings');
});

test('headers beyond 16 KiB are refused', async (t) => {
  const { port, host } = await stage(t);
  const big = `X-Big: ${'x'.repeat(17 * 1024)}`;
  assert.equal((await raw(port, requestText('GET /livez HTTP/1.1', [`Host: ${host}`, big]))).status, 431);
});

test('a client that asks before it sends is told to go on only when it is let in', async (t) => {
  const front = await stage(t);
  const body = message('tools/list');
  const asking = [`Content-Length: ${body.length}`, 'Expect: 100-continue', 'Connection: close'];
  const refused = head(front, ...asking).replace(token, 'somebody-elses-token-0123456789abcdef');
  assert.equal((await raw(front.port, refused)).status, 401);
  const socket = keep(t, await open(front.port));
  socket.write(head(front, ...asking));
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.equal(statusOf(first.toString()), 100);
  const rest = restOf(socket);
  socket.write(body);
  assert.equal(statusOf(await rest), 200);
});

/** A throttle on a clock of its own. */
function clocked() {
  let time = 0;
  const limits = { rate: 10, burst: 20, calls: 8, streams: 16 };
  return { throttle: createThrottle(limits, () => time), advance: (by: number) => (time += by) };
}

async function lettingIn(throttle: Throttle, caller: string, times: number): Promise<number> {
  let count = 0;
  for (let at = 0; at < times; at += 1) {
    const admission = await throttle.enter(caller, 1, 'call');
    if ('leave' in admission) {
      count += 1;
      admission.leave();
    }
  }
  return count;
}

// S125
test('a caller gets its burst and then its rate, to the message, and another caller its own', async () => {
  const { throttle, advance } = clocked();
  assert.equal(await lettingIn(throttle, 'a', 50), 20);
  assert.equal(await lettingIn(throttle, 'b', 50), 20);
  for (let tenth = 0; tenth < 50; tenth += 1) {
    advance(100);
    assert.equal(await lettingIn(throttle, 'a', 3), 1);
  }
  advance(60_001);
  assert.equal(await lettingIn(throttle, 'a', 50), 20);
  assert.deepEqual(await throttle.enter('a', 5, 'call'), { refused: 'rate', retryAfterSeconds: 1 });
  assert.deepEqual(await throttle.enter('a', 15, 'call'), { refused: 'rate', retryAfterSeconds: 2 });
});

test('a clock that goes back gives nobody more', async () => {
  const { throttle, advance } = clocked();
  assert.equal(await lettingIn(throttle, 'a', 50), 20);
  advance(-3_600_000);
  assert.equal(await lettingIn(throttle, 'a', 50), 0);
  advance(1_000);
  assert.equal(await lettingIn(throttle, 'a', 50), 10);
});

test('over the rate the answer is 429 with the time to wait, for this caller alone', async (t) => {
  const { throttle } = clocked();
  const front = await stage(t, { parts: { throttle } });
  const statuses: number[] = [];
  for (let at = 0; at < 22; at += 1) {
    const answer = await post(front, message('tools/list'));
    statuses.push(answer.status);
    if (answer.status === 429) assert.equal(answer.headers.get('retry-after'), '1');
  }
  assert.deepEqual(statuses, [...Array.from({ length: 20 }, () => 200), 429, 429]);
  assert.equal((await post(front, message('tools/list'), { authorization: `Bearer ${readToken}` })).status, 200);
});

test('whoever leaves while it is found out who calls is not served any more', async (t) => {
  let asked = () => {};
  let admit = () => {};
  const throttle: Throttle = {
    async enter() {
      asked();
      await new Promise<void>((resolve) => {
        admit = resolve;
      });
      return { leave: () => {} };
    },
  };
  const front = await stage(t, { parts: { throttle } });
  const requests = () => front.lines.filter(({ event }) => event === 'http').map(({ facts }) => facts.method);
  const getting = requestText('GET /mcp HTTP/1.1', [`Host: ${front.host}`, `Authorization: Bearer ${token}`]);
  for (const request of [getting, `${head(front, 'Content-Length: 100')}{`]) {
    const asking = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const socket = keep(t, await open(front.port));
    socket.write(request);
    await asking;
    socket.destroy();
    // Its end arrives there some time after it was sent.
    await wait(100);
    admit();
  }
  for (let tries = 0; requests().length < 2 && tries < 100; tries += 1) await wait(20);
  assert.deepEqual([requests(), front.arrivals.length], [['GET', 'POST'], 0]);
});

test('an answer that comes after its reader has gone is given up', async (t) => {
  let gone = () => {};
  const cancelled = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const front = await stage(t, {
    async answer(_, signal) {
      if (!signal.aborted) await once(signal, 'abort');
      return new Response(new ReadableStream({ cancel: () => gone() }), {
        headers: { 'content-type': 'text/event-stream' },
      });
    },
  });
  const reader = keep(t, await open(front.port));
  reader.write(requestText('GET /mcp HTTP/1.1', [`Host: ${front.host}`, `Authorization: Bearer ${token}`]));
  while (front.arrivals.length === 0) await wait(10);
  reader.destroy();
  await cancelled;
});

test('each message of a batch counts', async (t) => {
  const { throttle } = clocked();
  const front = await stage(t, { parts: { throttle } });
  const batch = JSON.stringify(Array.from({ length: 15 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'tools/list' })));
  assert.equal((await post(front, batch)).status, 200);
  assert.equal((await post(front, batch)).status, 429);
});

test('who has all streams open can still end a session', async (t) => {
  const quiet = () =>
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(': open\n\n')) });
  const { host } = await stage(t, {
    limits: { streams: 1 },
    answer: ({ method }) =>
      method === 'GET'
        ? new Response(quiet(), { headers: { 'content-type': 'text/event-stream' } })
        : new Response(null, { status: 204 }),
  });
  const leaving = new AbortController();
  t.after(() => leaving.abort());
  const ask = async (method: string) => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`http://${host}/mcp`, { method, headers, signal: leaving.signal })).status;
  };
  assert.deepEqual([await ask('GET'), await ask('GET'), await ask('DELETE')], [200, 429, 204]);
});

test('a ninth call in flight waits for one to end, and a listening one is not counted as a call', async (t) => {
  const front = await stage(t, { limits: { connectionsPerAddress: 64 } });
  const hanging = Array.from({ length: 8 }, () => post(front, message('hang', { name: 'hang' })));
  while (front.arrivals.length < 8) await new Promise((resolve) => setImmediate(resolve));
  const ninth = await post(front, message('tools/list'));
  assert.equal(ninth.status, 429);
  assert.equal(ninth.headers.get('retry-after'), '1');
  front.release();
  assert.deepEqual(new Set((await Promise.all(hanging)).map(({ status }) => status)), new Set([200]));
  assert.equal((await post(front, message('tools/list'))).status, 200);
});
