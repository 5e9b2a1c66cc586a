/** Stopping: what is in flight is answered, nothing new begins, streams end, and a second signal does not wait. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { message, open, post, raw, requestText, restOf, stage, statusOf, token } from './stage.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

// S129
test('20 calls in flight are answered while 50 listeners are let go and new calls are sent away', async (t) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const answer = async ({ method }: { method: string }) => {
    if (method === 'GET') {
      return new Response(new ReadableStream({}), { headers: { 'content-type': 'text/event-stream' } });
    }
    await released;
    return Response.json({ done: true });
  };
  const limits = { calls: 32, streams: 64, burst: 200, connectionsPerAddress: 128 };
  const front = await stage(t, { answer, limits });
  const listeners: Promise<string>[] = [];
  for (let at = 0; at < 50; at += 1) {
    const socket = await open(front.port);
    listeners.push(restOf(socket));
    socket.write(`GET /mcp HTTP/1.1\r\nHost: ${front.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  }
  const calls = Array.from({ length: 20 }, (_, at) => post(front, message('tools/call', { name: 'look', at })));
  while (front.arrivals.length < 70) await turn();

  const drained = front.front.drain();
  const health = requestText('GET /readyz HTTP/1.1', [`Host: ${front.host}`]);
  assert.equal((await raw(front.port, health)).status, 503);
  const late = await post(front, message('tools/list'));
  assert.equal(late.status, 503);
  assert.equal(late.headers.get('retry-after'), '5');

  release();
  const answers = await Promise.all(calls);
  assert.deepEqual(await Promise.all(answers.map((each) => each.json())), Array(20).fill({ done: true }));
  await drained;
  assert.deepEqual((await Promise.all(listeners)).map(statusOf), Array(50).fill(200));
  assert.equal(front.arrivals.length, 70);
  await assert.rejects(open(front.port));
});

test('a call that does not end is not waited for beyond the time there is', async (t) => {
  const front = await stage(t, { limits: { drainTime: 100 } });
  const lost = post(front, message('hang', { name: 'hang' })).catch((error: unknown) => error);
  while (front.arrivals.length < 1) await turn();
  await front.front.drain();
  assert.ok((await lost) instanceof Error);
});

test('a second signal ends the process in the middle of draining', async (t) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'never-drained.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const says = async () => String(((await once(child.stdout, 'data')) as [Buffer])[0]).trim();
  assert.equal(await says(), 'serving');
  child.kill('SIGTERM');
  assert.equal(await says(), 'draining');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [130, null]);
});
