/** What comes in at the doors of HTTP and in which shape: mixed-up clients, batches, limits, streams that break off or grow. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { v20 } from '../end-to-end/account.js';
import {
  headersOf,
  type Json,
  kinds,
  messageIn,
  modern,
  openSession,
  type Place,
  place,
  post,
  request,
  visitor,
} from './place.js';

const noApiRequest = ({ sandbox }: Place) =>
  assert.deepEqual(
    sandbox.requests.filter(({ path }) => path.startsWith('/api/')),
    [],
  );

describe('two callers at once (S120)', () => {
  it('get their own answers, call by call, in thousands of interleaved calls by all doors', async () => {
    const here = await place({ policy: { allowWithoutApproval: ['*'] } });
    const groups: Record<string, string> = {};
    const visitors = await Promise.all(
      kinds.flatMap((kind) =>
        ['ann', 'ben'].map(async (name) => {
          const own = `only for ${name} by ${kind}.`;
          groups[own] = (await here.account.create(`${v20}/scim/v2/Groups`, { displayName: own })).id;
          return { own, ...(await visitor(here, kind, { name: `${name} ${kind}` })) };
        }),
      ),
    );
    let calls = 0;
    const rounds = 50;
    await Promise.all(
      visitors.map(async ({ own, call }) => {
        for (let round = 0; round < rounds; round += 1) {
          const wrong = `${own} ${round}`;
          const [got, refused, listed, missing] = await Promise.all([
            call('get_group', { id: groups[own] ?? '' }),
            call('get_user', { id: wrong }),
            call('list_groups', { filter: `displayName eq "${own}"` }),
            call('get_user', { [`field ${wrong}`]: 1 }),
          ]);
          assert.equal(got.json.data.displayName, own);
          assert.equal(refused.json.error.kind, 'not_found');
          assert.deepEqual(
            listed.json.data.map(({ displayName }: Json) => displayName),
            [own],
          );
          assert.ok(missing.text.includes(`field ${wrong}`), missing.text);
          for (const { text } of [got, refused, listed, missing]) {
            for (const other of visitors) if (other.own !== own) assert.ok(!text.includes(`"${other.own}`));
          }
          calls += 4;
        }
      }),
    );
    assert.equal(calls, visitors.length * rounds * 4);
  });

  it('are told apart in one session by no request id: the same ids meet in two sessions', async () => {
    const here = await place();
    const people = ['ann', 'ben'];
    const ids = await Promise.all(people.map((name) => openSession(here, { name })));
    here.sandbox.addFault({ pattern: 'GET *Groups*', action: 'delay', delayMs: 30 });
    const answers = await Promise.all(
      people.flatMap((name, at) =>
        Array.from({ length: 5 }, async (_, id) => {
          const params = { name: 'databricks_get_group', arguments: { id: `${at + 1}${id}` } };
          const headers = { 'mcp-session-id': ids[at] ?? '' };
          const { id: answered, result } = await messageIn(
            await post(here, '/mcp', request('tools/call', params, id), { name }, headers),
          );
          return [answered, result.content[0].text.includes(`${at + 1}${id}`)];
        }),
      ),
    );
    assert.deepEqual(
      answers,
      people.flatMap(() => Array.from({ length: 5 }, (_, id) => [id, true])),
    );
  });
});

describe('a caller with many calls under way', () => {
  for (const kind of ['modern', 'v1', 'v1 sse'] as const) {
    it(`is held to the limit, its other calls too, and nobody else is (${kind})`, async () => {
      const here = await place({ doors: { mostCalls: 4 } });
      await (await visitor(here, kind)).call('list_users', { count: 1 });
      here.sandbox.addFault({ pattern: 'GET *Users*', action: 'stall' });
      here.sandbox.clearRequests();
      const stop = new AbortController();
      const [one, other] = [await visitor(here, kind), await visitor(here, kind)];
      const calls = [one, other, one, other].map(({ callWith }) => callWith('list_users', {}, { signal: stop.signal }));
      for (const call of calls) call.catch(() => {});
      while (here.sandbox.requests.length < 4) await wait(5);
      await assert.rejects(one.callWith('list_groups', {}), /429|Too many calls/);
      const ben = await visitor(here, kind, { name: 'ben' });
      assert.equal((await ben.call('list_groups', { count: 1 })).failed, false);
      stop.abort();
      await Promise.allSettled(calls);
      await here.doors.idle();
      assert.equal((await one.call('list_groups', { count: 1 })).failed, false);
    });
  }
});

describe('headers that contradict the body (S127)', () => {
  let here: Place;
  before(async () => {
    here = await place();
    here.sandbox.clearRequests();
  });
  const { body, headers } = modern('tools/call', { name: 'databricks_list_users', arguments: {} });
  const name = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`;
  const without = (key: string) => Object.fromEntries(Object.entries(headers).filter(([each]) => each !== key));
  const rows: Record<string, Record<string, string>> = {
    'another method': { ...headers, 'mcp-method': 'tools/list' },
    'another tool': { ...headers, 'mcp-name': 'databricks_delete_user' },
    'another tool in base64': { ...headers, 'mcp-name': name('databricks_delete_user') },
    'another revision': { ...headers, 'mcp-protocol-version': '2025-11-25' },
    'no method': without('mcp-method'),
    'no name': without('mcp-name'),
    'no revision': without('mcp-protocol-version'),
  };
  for (const [what, sent] of Object.entries(rows)) {
    it(`are refused as a mismatch: ${what}`, async () => {
      const response = await post(here, '/mcp', body, {}, sent);
      assert.equal(response.status, 400);
      assert.equal(((await response.json()) as Json).error.code, -32020);
      noApiRequest(here);
    });
  }

  it('let the call through where they agree, also in base64', async () => {
    for (const sent of [headers, { ...headers, 'mcp-name': name('databricks_list_users') }])
      assert.ok((await messageIn(await post(here, '/mcp', body, {}, sent))).result.structuredContent.data);
  });
});

describe('what is posted (S123, S128)', () => {
  let here: Place;
  before(async () => {
    here = await place();
  });
  const call = (id: number) => request('tools/call', { name: 'databricks_list_users', arguments: {} }, id);
  const many = (count: number) => Array.from({ length: count }, (_, id) => call(id));
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const keys = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1])));
  const withArguments = (json: string) =>
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"databricks_list_users","arguments":${json}}}`;

  const refused: [what: string, body: unknown, status: number, headers?: Record<string, string>][] = [
    ['a batch of 10 000 calls', many(10_000), 413],
    ['a batch of 21 calls', many(21), 400],
    ['a batch in a batch', [[call(1)]], 400],
    ['an empty batch', [], 400],
    ['a batch with a number in it', [call(1), 7], 400],
    ['a number', 7, 400],
    ['no JSON', '{"jsonrpc":', 400],
    ['nothing', '', 400],
    ['65 levels', withArguments(deep(65)), 400],
    ['100 000 levels', withArguments(deep(100_000)), 400],
    ['10 001 keys', withArguments(keys(10_001)), 400],
    ['more than 1 MiB', withArguments(JSON.stringify({ filter: 'x'.repeat(1_048_576) })), 413],
    ['text', call(1), 415, { 'content-type': 'text/plain' }],
    ['a form', 'a=1', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['compressed JSON', call(1), 415, { 'content-encoding': 'gzip' }],
  ];
  for (const [what, body, status, headers = {}] of refused) {
    it(`is refused with ${status} where it is ${what}, at each door, and nothing is called`, async () => {
      const id = await openSession(here);
      here.sandbox.clearRequests();
      for (const path of ['/mcp', '/messages?sessionId=x']) {
        const response = await post(here, path, body, {}, { 'mcp-session-id': id, ...headers });
        assert.equal(response.status, status, path);
        assert.equal(typeof ((await response.json()) as Json).error.message, 'string');
      }
      noApiRequest(here);
    });
  }

  it('is refused over 1 MiB where no length is declared, without reading the rest', async () => {
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(Buffer.alloc(65_536, 0x20));
      },
    });
    const asked = new Request('http://x/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: endless,
      duplex: 'half',
    });
    const response = await here.doors.fetch(asked, { id: 'a', scopes: new Set() }, {});
    assert.equal(response.status, 413);
    assert.ok(sent < 25, `${sent}`);
  });

  it('is a batch of a few, answered one by one', async () => {
    const id = await openSession(here);
    const headers = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-03-26' };
    const text = await (await post(here, '/mcp', many(3), {}, headers)).text();
    const answered = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
    assert.deepEqual(answered.map(({ id }) => id).sort(), [0, 1, 2]);
    assert.ok(answered.every(({ result }) => result.structuredContent.data.rows.length > 0));
  });

  it('is a batch of 2026-07-28: refused', async () => {
    const { body, headers } = modern('tools/call', { name: 'databricks_list_users', arguments: {} });
    assert.equal((await post(here, '/mcp', [body, body], {}, headers)).status, 400);
  });

  it('is a flood of notifications: taken, and without effect', async () => {
    const id = await openSession(here);
    here.sandbox.clearRequests();
    const notes = Array.from({ length: 20 }, (_, n) => ({ jsonrpc: '2.0', method: `notifications/x${n}` }));
    for (let n = 0; n < 20; n += 1) {
      const response = await post(here, '/mcp', notes, {}, { 'mcp-session-id': id });
      assert.equal(response.status, 202);
    }
    noApiRequest(here);
  });

  it('is found at three addresses only, with the methods they have', async () => {
    const by = (method: string, path: string) => fetch(here.url + path, { method, headers: headersOf({}) });
    assert.equal((await by('GET', '/')).status, 404);
    assert.equal((await by('GET', '/mcp/x')).status, 404);
    const put = await by('PUT', '/mcp');
    assert.deepEqual([put.status, put.headers.get('allow')], [405, 'POST, GET, DELETE']);
    assert.equal((await by('DELETE', '/sse')).status, 405);
    assert.equal((await by('GET', '/messages')).status, 405);
  });
});
