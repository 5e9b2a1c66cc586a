/**
 * Sessions of the revisions before 2026-07-28 over replicas: each request goes to the next one, and clients of every kind
 * notice nothing. A replica that is gone takes its streams with it, and nothing else.
 */
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createSealing } from '../../src/guard/seal.js';
import type { Doors } from '../../src/http/doors.js';
import { createDoors } from '../../src/mcp/doors.js';
import { defaultSessionLimits } from '../../src/mcp/sessions.js';
import { openLink } from '../../src/store/link.js';
import { createSharedSessions } from '../../src/store/sessions.js';
import { callerIn, hello, type Json, messageIn, pinsIn, place, post, request, visitor } from '../http/place.js';
import { atEnd } from '../mcp/server-process.js';
import { approves, declines } from '../trust/world.js';
import { startRedis, withoutRedis } from './redis.js';

const now = () => performance.now();

interface Replica {
  readonly doors: Doors;
  /** Gone without a word, as a process that was killed. */
  die(): Promise<void>;
}

/** So many replicas on one account, and an address behind which each request goes to the next. */
async function replicas(count: number, perCaller = 50) {
  const redis = await startRedis();
  atEnd(() => redis.stop());
  const here = await place();
  const sealing = createSealing(async () => Buffer.alloc(32, 7));
  const all: Replica[] = [];
  for (let made = 0; made < count; made += 1) {
    const link = await openLink({ url: redis.url, onChange: () => {}, patience: 1_000 });
    const sessions = await createSharedSessions({ link, sealing }, now, { ...defaultSessionLimits, perCaller });
    const doors = createDoors(here.app, { sessions });
    atEnd(async () => {
      doors.leave();
      await doors.close();
      await link.close();
    });
    all.push({ doors, die: () => link.close() });
  }
  let turn = 0;
  const next = () => all[turn++ % all.length] as Replica;
  const handler = { fetch: (asked: Request) => next().doors.fetch(asked, callerIn(asked), pinsIn(asked)) };
  const server = createServer(toNodeHandler(handler) as RequestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, all, here, redis, toNext: (index: number) => (turn = index) };
}

const group = (name: string) => ({ displayName: name });

/** Opens a session by hand; its id. */
async function opened(at: { url: string }): Promise<string> {
  const response = await post(at, '/mcp', hello);
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}

const inSession = (at: { url: string }, id: string, body: unknown) =>
  post(at, '/mcp', body, {}, { 'mcp-session-id': id });

describe('sessions over replicas', { skip: withoutRedis }, () => {
  for (const kind of ['legacy', 'v1', 'sse', 'v1 sse'] as const) {
    it(`are served by whichever a request reaches, questions to a person included (${kind} client)`, async () => {
      const { url, here } = await replicas(3);
      const at = await visitor({ url }, kind, {}, approves);
      assert.ok((await at.names()).includes('databricks_list_groups'));
      for (let call = 0; call < 4; call += 1) assert.equal((await at.call('list_groups')).failed, false);
      const ids = await Promise.all(
        ['one', 'two', 'three'].map(async (name) => (await at.call('create_group', group(name))).json.data.id),
      );
      // At the same time, so that replicas ask in the same session at once.
      const answers = await Promise.all(ids.map((id) => at.call('delete_group', { id })));
      assert.deepEqual(
        answers.map(({ json }) => json.outcome),
        ['applied', 'applied', 'applied'],
      );
      assert.equal(at.asked.length, 3);
      assert.equal(
        here
          .journal()
          .filter(({ type, facts, action }) => type === 'intent' && /delete_group/.test(action ?? facts?.action))
          .length,
        3,
      );
      const refusing = await visitor({ url }, kind, { name: 'bob' }, declines);
      const { id } = (await at.call('create_group', group('four'))).json.data;
      assert.equal((await refusing.call('delete_group', { id })).json.error.code, 'DECLINED');
    });
  }

  it('belong to their caller on every replica, and end on every replica', async () => {
    const at = await replicas(2);
    const id = await opened(at);
    const list = request('tools/list');
    assert.equal((await inSession(at, id, list)).status, 200);
    assert.equal((await inSession(at, id, list)).status, 200);
    for (const who of [{ name: 'eve' }, { scopes: ['dbx:read'] as const }]) {
      assert.equal((await post(at, '/mcp', list, who, { 'mcp-session-id': id })).status, 404);
      assert.equal((await post(at, '/mcp', list, who, { 'mcp-session-id': id })).status, 404);
    }
    const { headers } = { headers: { 'mcp-session-id': id } };
    const ended = await fetch(`${at.url}/mcp`, {
      method: 'DELETE',
      headers: {
        ...headers,
        'x-test-caller': JSON.stringify({
          id: 'token:ann',
          scopes: ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'],
        }),
        'x-test-pins': '{}',
      },
    });
    assert.equal(ended.status, 200);
    assert.equal((await inSession(at, id, list)).status, 404);
    assert.equal((await inSession(at, id, list)).status, 404);
  });

  it('outlive the replica that opened them', async () => {
    const at = await replicas(2);
    at.toNext(0);
    const id = await opened(at);
    await at.all[0]?.die();
    at.toNext(1);
    const answer: Json = await messageIn(await inSession(at, id, request('tools/list')));
    assert.ok(answer.result.tools.length > 0);
  });

  it('of HTTP+SSE end with the replica that holds the stream: what is posted finds no session', async () => {
    const at = await replicas(2);
    at.toNext(0);
    const away = new AbortController();
    const stream = await fetch(`${at.url}/sse`, {
      headers: { 'x-test-caller': JSON.stringify({ id: 'token:ann', scopes: ['dbx:read'] }), 'x-test-pins': '{}' },
      signal: away.signal,
    });
    const reader = stream.body?.getReader();
    let text = '';
    while (!text.includes('sessionId=')) text += new TextDecoder().decode((await reader?.read())?.value);
    const path = /data: (\S+)/.exec(text)?.[1] ?? '';
    const who = { scopes: ['dbx:read'] } as const;
    at.toNext(1);
    assert.equal((await post(at, path, hello, who)).status, 202);
    await at.all[0]?.die();
    at.toNext(1);
    assert.equal((await post(at, path, request('tools/list'), who)).status, 404);
    away.abort();
  });

  it('make room for the next one of a caller, over all replicas', async () => {
    const at = await replicas(2, 2);
    const ids = [await opened(at), await opened(at), await opened(at)];
    const states: number[] = [];
    for (const id of ids) states.push((await inSession(at, id, request('tools/list'))).status);
    assert.deepEqual(states, [404, 200, 200]);
  });

  it('that was written over in the store is none, and its end ends nothing else', async () => {
    const at = await replicas(1);
    const link = await openLink({ url: at.redis.url, onChange: () => {} });
    const sealing = createSealing(async () => Buffer.alloc(32, 7));
    const table = await createSharedSessions({ link, sealing }, now);
    atEnd(async () => {
      await table.close();
      await link.close();
    });
    const open = async () => ({
      door: 'http' as const,
      caller: 'ann',
      owner: 'ann',
      serve: async () => new Response(),
      close: async () => {},
    });
    const id = (await table.add(open, 'ann', { door: 'http', owner: 'ann' })) ?? assert.fail();
    const overwrite = `for _, key in ipairs(redis.call('KEYS', '*session:*')) do redis.call('SET', key, '{}') end`;
    await link.run(overwrite, []);
    assert.equal(await table.find(id, 'http', 'ann'), undefined);
    await table.remove(id);
  });

  it('cannot be used without the store, and calls that need none go on', async () => {
    const at = await replicas(2);
    const id = await opened(at);
    const modern = await visitor(at, 'modern');
    await at.redis.stop();
    const response = await inSession(at, id, request('tools/list'));
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '5']);
    assert.equal((await modern.call('list_groups')).failed, false);
  });
});
