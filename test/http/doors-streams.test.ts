/** Streams of the doors of HTTP: clients that go away in the middle, changes of the list, and how a stream ends. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { follow, mostUnread } from '../../src/mcp/streams.js';
import { headersOf, hello, modern, openSession, type Place, place, post, request, visitor } from './place.js';

// Where something is never told or never ends, these would wait for it for ever.
const patience = { timeout: 60_000 };

describe('a client that goes away (S130)', patience, () => {
  const args = { name: 'databricks_create_group', arguments: { displayName: 'left behind' } };

  for (const door of ['modern', 'legacy'] as const) {
    it(`in the middle of a change: it happens once, and its outcome is in the journal (${door})`, async () => {
      const here = await place();
      const id = door === 'legacy' ? await openSession(here) : '';
      here.sandbox.addFault({ pattern: 'POST *Groups', action: 'delay', delayMs: 300, afterHandler: true });
      const stop = new AbortController();
      const { body, headers } =
        door === 'modern'
          ? modern('tools/call', args)
          : { body: request('tools/call', args), headers: { 'mcp-session-id': id } };
      const call = fetch(`${here.url}/mcp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headersOf({}),
          ...headers,
        },
        body: JSON.stringify(body),
        signal: stop.signal,
      }).then((response) => response.text());
      while (here.sandbox.effects.length === 0) await wait(5);
      stop.abort();
      await assert.rejects(call);
      await here.doors.idle();
      assert.equal(here.sandbox.effects.length, 1);
      const records = here.journal().filter(({ type }) => type === 'intent' || type === 'outcome');
      assert.deepEqual(
        records.map(({ type, outcome }) => outcome ?? type),
        ['intent', 'applied'],
      );
    });
  }

  it('in the middle of a change by HTTP+SSE: it happens once, its outcome is in the journal, its session is over', async () => {
    const here = await place();
    const { client, callWith } = await visitor(here, 'v1 sse');
    here.sandbox.addFault({ pattern: 'POST *Groups', action: 'delay', delayMs: 300, afterHandler: true });
    const call = callWith('create_group', args.arguments);
    call.catch(() => {});
    while (here.sandbox.effects.length === 0) await wait(5);
    await client.close();
    await assert.rejects(call);
    await here.doors.idle();
    assert.equal(here.sandbox.effects.length, 1);
    assert.equal(here.journal().findLast(({ type }) => type === 'outcome').outcome, 'applied');
  });

  const givesUp = async (kind: Parameters<typeof visitor>[1]) => {
    const here = await place();
    const { callWith, call: plain } = await visitor(here, kind);
    await plain('list_users', { count: 1 });
    here.sandbox.addFault({ pattern: 'GET *Users*', action: 'stall' });
    here.sandbox.clearRequests();
    const stop = new AbortController();
    const call = callWith('list_users', {}, { signal: stop.signal });
    call.catch(() => {});
    while (here.sandbox.requests.length === 0) await wait(5);
    stop.abort();
    await assert.rejects(call);
    // Would wait for the stalled request's end.
    await here.doors.idle();
    assert.equal(here.sandbox.requests.length, 1);
  };

  it('while it only reads, by closing the answer of a 2026-07-28 call: the request upstream is given up', () =>
    givesUp('modern'));

  for (const kind of ['legacy', 'v1', 'sse', 'v1 sse'] as const) {
    it(`by notifications/cancelled of a ${kind} client: the request upstream is given up`, () => givesUp(kind));
  }
});

describe('the stream of what the server says unasked', patience, () => {
  /** Opens the stream of this door and returns how to read on until these words come, and how to the end. */
  async function listening(here: Place, door: string, expiresAt?: number) {
    const who = expiresAt === undefined ? {} : { expiresAt };
    const accept = { accept: 'application/json, text/event-stream' };
    let response: Response;
    if (door === 'modern') {
      const { body, headers } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
      response = await post(here, '/mcp', body, who, headers);
    } else if (door === 'legacy') {
      const id = await openSession(here, who);
      const headers = { ...headersOf(who), ...accept, 'mcp-session-id': id };
      response = await fetch(`${here.url}/mcp`, { headers });
    } else {
      response = await fetch(`${here.url}/sse`, { headers: { ...headersOf(who), ...accept } });
    }
    assert.equal(response.headers.get('x-accel-buffering'), 'no');
    const reader = response.body?.getReader() ?? assert.fail();
    let text = '';
    const until = async (words: string) => {
      while (!text.includes(words)) {
        const { done, value } = await reader.read();
        if (done) return assert.fail(`ended: ${text}`);
        text += new TextDecoder().decode(value);
      }
    };
    const end = async () => {
      for (;;) if ((await reader.read()).done) return;
    };
    return { until, end, close: () => reader.cancel() };
  }

  for (const door of ['modern', 'legacy', 'sse']) {
    it(`tells a change of the list (${door})`, async () => {
      const here = await place();
      const { until, close } = await listening(here, door);
      here.app.access.learn(['billing']);
      await until('notifications/tools/list_changed');
      await close();
    });

    it(`ends with the caller's token (${door})`, async () => {
      const here = await place();
      const { end } = await listening(here, door, Date.now() + 200);
      await end();
    });

    it(`ends when the doors are closed, and no more is served (${door})`, async () => {
      const here = await place();
      const { end } = await listening(here, door);
      await here.doors.close();
      await end();
      assert.equal((await post(here, '/mcp', hello)).status, 503);
    });
  }

  it('is gone with its client, however quiet it is: the session of HTTP+SSE with it, and another stream may be opened', async () => {
    const here = await place();
    const stop = new AbortController();
    const headers = { ...headersOf({}), accept: 'text/event-stream' };
    const sse = await fetch(`${here.url}/sse`, { headers, signal: stop.signal });
    const reader = sse.body?.getReader() ?? assert.fail();
    let text = '';
    while (!text.includes('sessionId=')) text += new TextDecoder().decode((await reader.read()).value);
    const endpoint = /^data: (.*)$/m.exec(text)?.[1] ?? '';
    const session = { ...headers, 'mcp-session-id': await openSession(here) };
    const open = () => fetch(`${here.url}/mcp`, { headers: session, signal: stop.signal });
    assert.equal((await open()).status, 200);
    assert.equal((await fetch(`${here.url}/mcp`, { headers: session })).status, 409);
    assert.equal((await post(here, endpoint, hello)).status, 202);
    stop.abort();
    while ((await post(here, endpoint, request('ping'))).status !== 404) await wait(5);
    let again = await fetch(`${here.url}/mcp`, { headers: session });
    for (; again.status === 409; again = await fetch(`${here.url}/mcp`, { headers: session })) await wait(5);
    assert.equal(again.status, 200);
    await again.body?.cancel();
  });

  it('is given up when nobody reads it, with no more kept than the limit and one message', async () => {
    let made = 0;
    const chunk = new Uint8Array(1_048_576);
    let cancelled = false;
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        made += 1;
        controller.enqueue(chunk);
      },
      cancel() {
        cancelled = true;
      },
    });
    const ended = new Promise<void>((resolve) => {
      const headers = { 'content-type': 'text/event-stream' };
      follow(new Response(source, { headers }), { onEnd: resolve, signal: new AbortController().signal });
    });
    await ended;
    assert.ok(cancelled);
    assert.ok(made <= mostUnread / chunk.length + 3, `${made}`);
  });
});
