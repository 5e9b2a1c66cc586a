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
import type { CallerScope } from '../../src/http/caller.js';
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
async function replicas(count: number, perCaller = 50, { accounts = ['one'], mostCalls = 16 } = {}) {
  const redis = await startRedis();
  atEnd(() => redis.stop());
  const here = await place();
  const sealing = createSealing(async () => Buffer.alloc(32, 7));
  const all: Replica[] = [];
  for (let made = 0; made < count; made += 1) {
    const link = await openLink({ url: redis.url, onChange: () => {}, patience: 1_000 });
    const of = accounts[made % accounts.length] ?? '';
    const limits = { ...defaultSessionLimits, perCaller };
    const sessions = await createSharedSessions({ link, sealing }, of, now, limits);
    const doors = createDoors(here.app, { sessions, mostCalls });
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

/** A stream of HTTP+SSE at the first replica: where it wants messages, and what it has brought. */
async function listening(at: Awaited<ReturnType<typeof replicas>>, who: { scopes?: readonly CallerScope[] } = {}) {
  const away = new AbortController();
  const scopes = who.scopes ?? ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'];
  at.toNext(0);
  const stream = await fetch(`${at.url}/sse`, {
    headers: { 'x-test-caller': JSON.stringify({ id: 'token:ann', scopes }), 'x-test-pins': '{}' },
    signal: away.signal,
  });
  const reader = stream.body?.getReader();
  let text = '';
  const until = async (awaited: string) => {
    while (!text.includes(awaited)) text += new TextDecoder().decode((await reader?.read())?.value);
    return text;
  };
  const path = /data: (\S+)/.exec(await until('sessionId='))?.[1] ?? '';
  return { path, until, close: () => away.abort() };
}

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
    const who = { scopes: ['dbx:read'] } as const;
    const { path, close } = await listening(at, who);
    at.toNext(1);
    assert.equal((await post(at, path, hello, who)).status, 202);
    await at.all[0]?.die();
    at.toNext(1);
    assert.equal((await post(at, path, request('tools/list'), who)).status, 404);
    close();
  });

  it('are unknown to other accounts in the same store, however the same the caller is', async () => {
    const at = await replicas(2, 50, { accounts: ['one', 'two'] });
    at.toNext(0);
    const id = await opened(at);
    const { path, close } = await listening(at);
    const call = request('tools/call', { name: 'databricks_create_group', arguments: group('stray') });
    at.toNext(1);
    assert.equal((await inSession(at, id, call)).status, 404);
    at.toNext(1);
    assert.equal((await post(at, path, call)).status, 404);
    assert.equal(at.here.sandbox.effects.length, 0);
    at.toNext(0);
    assert.equal((await inSession(at, id, request('tools/list'))).status, 200);
    close();
  });

  it('of HTTP+SSE count the calls that are posted elsewhere, and say on the stream which are too many', async () => {
    const at = await replicas(2, 50, { mostCalls: 2 });
    const { path, until, close } = await listening(at);
    const sent = async (body: unknown) => {
      at.toNext(1);
      assert.equal((await post(at, path, body)).status, 202);
    };
    await sent(hello);
    await until('serverInfo');
    await sent({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const params = { name: 'databricks_delete_user', arguments: { id: '4920605900000056' } };
    for (const id of [11, 12, 13, 14]) await sent(request('tools/call', params, id));
    const text = await until('"id":14');
    assert.equal(text.split('Too many calls of yours are under way').length - 1, 2);
    close();
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
    const table = await createSharedSessions({ link, sealing }, 'an account', now);
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
