/** Who may do what at the doors of HTTP: scopes and pins narrow, sessions and questions belong to one caller, nothing goes upstream. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { CallerScope } from '../../src/http/caller.js';
import { createToolLists } from '../../src/mcp/tools.js';
import { actions } from '../../tools/index.js';
import { v20 } from '../end-to-end/account.js';
import { approves } from '../trust/world.js';
import {
  headersOf,
  hello,
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
  type Who,
} from './place.js';

const riskOf = (name: string) => actions.find(({ id }) => id === name)?.risk ?? 'read';
const none = (place: Place) => assert.deepEqual(place.sandbox.effects, []);

describe('a caller with fewer scopes (S118)', () => {
  let here: Place;
  before(async () => {
    here = await place();
  });

  const rows: [scopes: CallerScope[], risks: string[]][] = [
    [[], []],
    [['dbx:read'], ['read']],
    [
      ['dbx:read', 'dbx:write'],
      ['read', 'write'],
    ],
    [
      ['dbx:read', 'dbx:admin'],
      ['read', 'privilege', 'destructive'],
    ],
    [['dbx:secrets'], ['secret']],
  ];
  for (const kind of kinds) {
    it(`sees exactly the tools they open, as a ${kind} client`, async () => {
      for (const [scopes, risks] of rows) {
        const { names } = await visitor(here, kind, { name: 'few', scopes });
        const expected = actions.filter(({ risk }) => risks.includes(risk)).map(({ id }) => id);
        assert.deepEqual(await names(), ['databricks_access_status', ...expected]);
      }
    });

    it(`gets 403 with the one scope for another tool, as a ${kind} client, and nothing happens`, async () => {
      const reader: Who = { name: 'reader', scopes: ['dbx:read'] };
      const { callWith } = await visitor(here, kind, reader, approves);
      here.sandbox.clearEffects();
      await assert.rejects(callWith('delete_user', { id: '1' }), /dbx:admin|403/);
      none(here);
    });
  }

  const calls: [tool: string, args: object, scope: string][] = [
    ['create_group', { displayName: 'x' }, 'dbx:write'],
    ['create_user', { userName: 'x@example.com' }, 'dbx:admin'],
    ['delete_user', { id: '1' }, 'dbx:admin'],
    ['create_service_principal_secret', { service_principal_id: '1' }, 'dbx:secrets'],
  ];
  for (const [tool, args, scope] of calls) {
    it(`is challenged for ${scope} before ${tool} is looked at, dry run or not`, async () => {
      const params = { name: `databricks_${tool}`, arguments: args };
      for (const given of [params, { ...params, arguments: { ...args, dry_run: true } }]) {
        const { body, headers } = modern('tools/call', given);
        const response = await post(here, '/mcp', body, { scopes: ['dbx:read'] }, headers);
        assert.equal(response.status, 403);
        assert.equal(response.headers.get('www-authenticate'), `Bearer error="insufficient_scope", scope="${scope}"`);
      }
      none(here);
    });
  }

  it('may not do by arguments what its scopes do not cover by name', async () => {
    const { call } = await visitor(here, 'modern', { scopes: ['dbx:read', 'dbx:write'] }, approves);
    const members = [{ value: (await here.account.get(`${v20}/scim/v2/Users`)).Resources[0].id }];
    for (const more of [{}, { dry_run: true }]) {
      const { json } = await call('create_group', { displayName: 'with members', members, ...more });
      assert.equal(json.error.code, 'DENIED');
      assert.match(json.error.message, /privilege is beyond this caller's scopes/);
    }
    none(here);
    assert.equal((await call('create_group', { displayName: 'empty' })).json.outcome, 'applied');
  });

  it('learns from the status what is left for it', async () => {
    const { call } = await visitor(here, 'modern', { scopes: ['dbx:read'] });
    const { json } = await call('access_status');
    assert.equal(json.open.destructive, 0);
    assert.ok(json.open.read > 0);
    assert.match(json.policy.off.because_of.join(), /beyond this caller's scopes/);
  });

  it('is refused 20 times without closing the tool for whoever has the scope', async () => {
    const { json } = await (await visitor(here, 'modern', { name: 'chief' })).call('list_groups', { count: 1 });
    const args = { displayName: 'shared fate', members: [{ value: json.data[0].id }] };
    const few = await visitor(here, 'modern', { name: 'few', scopes: ['dbx:write'] }, approves);
    for (let n = 0; n < 20; n += 1) assert.equal((await few.call('create_group', args)).json.error.code, 'DENIED');
    const chief = await visitor(here, 'modern', { name: 'chief' }, approves);
    assert.equal((await chief.call('create_group', args)).json.outcome, 'applied');
  });
});

describe('a call that keeps failing', () => {
  it('is answered from memory to its own caller only', async () => {
    const here = await place();
    const [ann, ben] = [await visitor(here, 'modern', { name: 'ann' }), await visitor(here, 'v1', { name: 'ben' })];
    const args = { id: '404404404' };
    for (let n = 0; n < 5; n += 1) assert.equal((await ann.call('get_user', args)).json.error.kind, 'not_found');
    assert.equal((await ann.call('get_user', args)).json.error.code, 'REPEATED_FAILURE');
    assert.notEqual((await ben.call('get_user', args)).json.error.code, 'REPEATED_FAILURE');
  });
});

describe('pins of a request (S119)', () => {
  it('only take away, whatever the operator set and whatever they claim', async () => {
    const here = await place({ policy: { readOnly: true, areas: 'users,groups' } });
    const open = { readOnly: false, areas: ['users', 'groups', 'billing'], risks: ['read', 'destructive'] as const };
    for (const kind of kinds) {
      const wide = await (await visitor(here, kind)).names();
      const claiming = await visitor(here, kind, { pins: open });
      assert.deepEqual(await claiming.names(), wide);
      await assert.rejects(claiming.callWith('delete_user', { id: '1' }), /Unknown tool/);
      await assert.rejects(claiming.callWith('list_budgets', {}), /Unknown tool/);
      const users = await (await visitor(here, kind, { pins: { areas: ['users'] } })).names();
      assert.ok(users.includes('databricks_list_users') && !users.includes('databricks_list_groups'));
    }
    none(here);
  });

  it('switch writes off for their request alone', async () => {
    const here = await place();
    const pinned = await visitor(here, 'modern', { pins: { readOnly: true } });
    const free = await visitor(here, 'modern');
    assert.ok((await pinned.names()).every((name) => riskOf(name) === 'read'));
    await assert.rejects(pinned.callWith('create_group', { displayName: 'x' }), /Unknown tool/);
    none(here);
    assert.equal((await free.call('create_group', { displayName: 'x' })).json.outcome, 'applied');
  });
});

describe('a list', () => {
  it('follows what the server is granted, for a caller with fewer rights too, in a session that is open', async () => {
    const here = await place();
    for (const kind of kinds) {
      here.app.access.learn(['all-apis']);
      const open = () => visitor(here, kind, { scopes: ['dbx:read'] });
      const { names } = await open();
      assert.ok((await names()).includes('databricks_list_budgets'));
      here.app.access.learn(['scim']);
      // A client of 2026-07-28 keeps a list for as long as it was told to; there is no session to go stale.
      const left = await (kind === 'modern' ? (await open()).names : names)();
      assert.ok(left.includes('databricks_list_users') && !left.includes('databricks_list_budgets'), kind);
      assert.ok(left.every((name) => riskOf(name) === 'read'));
    }
  });

  it('is made once for the same actions', () => {
    const list = createToolLists();
    assert.equal(list(actions.slice(0, 3)), list(actions.slice(0, 3)));
    assert.notEqual(list(actions.slice(0, 3)), list(actions.slice(0, 4)));
  });

  it('is the same bytes for everybody who may see the same, by any door', async () => {
    const here = await place();
    const lists = await Promise.all(
      kinds.flatMap((kind) =>
        ['ann', 'ben'].map(async (name) => {
          const { client } = await visitor(here, kind, { name, scopes: ['dbx:read'] });
          return JSON.stringify((await client.listTools()).tools);
        }),
      ),
    );
    assert.equal(new Set(lists).size, 1);
  });
});

describe('a session (S117)', () => {
  let here: Place;
  before(async () => {
    here = await place();
  });
  const list = request('tools/list');
  const owner: Who = { name: 'ann' };

  it('has an id of 256 bits that no two share', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => openSession(here, owner)));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.equal(Buffer.from(id, 'base64url').length, 32);
  });

  it('does not exist for another caller, for other scopes or other pins, by any method', async () => {
    const id = await openSession(here, owner);
    const headers = { 'mcp-session-id': id };
    const others: Who[] = [
      { name: 'ben' },
      { name: 'ann', scopes: ['dbx:read'] },
      { name: 'ann', pins: { readOnly: true } },
      { name: 'ann', pins: { areas: ['users'] } },
    ];
    for (const who of others) {
      const response = await post(here, '/mcp', list, who, headers);
      assert.equal(response.status, 404);
      assert.deepEqual(await response.json(), {
        jsonrpc: '2.0',
        error: { code: -32001, message: 'Session not found' },
        id: null,
      });
      const init = { headers: { ...headersOf(who), ...headers, accept: 'text/event-stream' } };
      assert.equal((await fetch(`${here.url}/mcp`, init)).status, 404);
      assert.equal((await fetch(`${here.url}/mcp`, { ...init, method: 'DELETE' })).status, 404);
      assert.equal((await post(here, `/messages?sessionId=${id}`, list, who)).status, 404);
    }
    const own = await post(here, '/mcp', list, owner, headers);
    assert.ok((await messageIn(own)).result.tools.length > 1);
  });

  it('is not made under an id that the client brings', async () => {
    for (const id of ['chosen', 'A'.repeat(43)]) {
      const response = await post(here, '/mcp', hello, owner, { 'mcp-session-id': id });
      assert.equal(response.status, 404);
      assert.equal((await post(here, '/mcp', list, owner, { 'mcp-session-id': id })).status, 404);
    }
  });

  it('of HTTP+SSE cannot be used by another, nor through the other door', async () => {
    const stop = new AbortController();
    const stream = await fetch(`${here.url}/sse`, { headers: headersOf(owner), signal: stop.signal });
    assert.equal(stream.headers.get('x-accel-buffering'), 'no');
    const reader = stream.body?.getReader() ?? assert.fail();
    let text = '';
    while (!text.includes('endpoint')) text += new TextDecoder().decode((await reader.read()).value);
    const endpoint = /^event: endpoint\ndata: (\S+)\n\n$/m.exec(text)?.[1] ?? '';
    const id = new URL(endpoint, here.url).searchParams.get('sessionId') ?? '';
    assert.equal(Buffer.from(id, 'base64url').length, 32);
    assert.equal((await post(here, endpoint, hello, { name: 'ben' })).status, 404);
    assert.equal((await post(here, '/mcp', list, owner, { 'mcp-session-id': id })).status, 404);
    assert.equal((await post(here, '/messages', hello, owner)).status, 404);
    assert.equal((await post(here, endpoint, hello, owner)).status, 202);
    stop.abort();
  });

  it('is opened for a client that says little of itself, whatever pictures it sends along', async () => {
    const here = await place();
    const saying = (clientInfo: object) =>
      post(here, '/mcp', {
        ...hello,
        params: { ...hello.params, clientInfo: { name: 'big', version: '1', ...clientInfo } },
      });
    assert.equal((await saying({ name: 'x'.repeat(10_000) })).status, 413);
    assert.equal((await saying({ icons: [{ src: `data:image/png;base64,${'A'.repeat(100_000)}` }] })).status, 200);
  });

  it('is over once it was deleted', async () => {
    const id = await openSession(here, owner);
    const headers = { ...headersOf(owner), 'mcp-session-id': id };
    assert.equal((await fetch(`${here.url}/mcp`, { method: 'DELETE', headers })).status, 200);
    assert.equal((await post(here, '/mcp', list, owner, { 'mcp-session-id': id })).status, 404);
  });

  it('is needed for everything but a handshake', async () => {
    assert.equal((await post(here, '/mcp', list, owner)).status, 400);
    assert.equal((await post(here, '/mcp', [hello, list], owner)).status, 400);
    const headers = { ...headersOf(owner), accept: 'text/event-stream' };
    assert.equal((await fetch(`${here.url}/mcp`, { headers })).status, 400);
  });
});

describe('a question to one caller (S121)', () => {
  it('is answered by no other: the state of one is none for another, and their pending call is not found', async () => {
    const here = await place();
    const { id } = (await here.account.get(`${v20}/scim/v2/Users?count=1000`)).Resources.at(-1);
    const params = { name: 'databricks_delete_user', arguments: { id } };
    const ask = async (who: Who, extra: object = {}): Promise<Json> => {
      const { body, headers } = modern('tools/call', { ...params, ...extra });
      return messageIn(await post(here, '/mcp', body, who, headers));
    };
    const asked = (await ask({ name: 'ann' })).result;
    assert.equal(asked.resultType, 'input_required');
    const typed = /^To approve, also type (.*)$/m.exec(asked.inputRequests.approval.params.message)?.[1];
    const content = { approve: true, ...(typed !== undefined && { name: typed }) };
    const yes = { inputResponses: { approval: { action: 'accept', content } }, requestState: asked.requestState };

    assert.equal((await ask({ name: 'ben' }, yes)).error.message, 'Invalid or expired requestState');
    none(here);
    assert.equal((await ask({ name: 'ben' })).result.resultType, 'input_required');
    none(here);
    assert.equal((await ask({ name: 'ann' }, yes)).result.structuredContent.outcome, 'applied');
    assert.equal(here.sandbox.effects.length, 1);
    const intent = here.journal().find(({ type }) => type === 'intent');
    assert.deepEqual([intent.caller, intent.approval.by], ['token:ann', 'token:ann']);
  });
});

describe('what a caller sends (S115)', () => {
  it('never goes upstream: not its token, not its headers', async () => {
    const here = await place();
    here.sandbox.clearRequests();
    const canary = 'canary-5f1d';
    const headers = {
      authorization: `Bearer ${canary}`,
      cookie: `session=${canary}`,
      'x-databricks-org-id': canary,
      'x-databricks-azure-sp-management-token': canary,
      'x-forwarded-for': canary,
      'user-agent': canary,
      traceparent: `00-${canary}`,
    };
    for (const kind of kinds) {
      const { call } = await visitor(here, kind, {}, approves, headers);
      assert.equal((await call('list_users', { count: 1 })).failed, false);
      assert.equal((await call('create_group', { displayName: `by ${kind}` })).json.outcome, 'applied');
    }
    assert.ok(here.sandbox.requests.length > 10);
    const usual = ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length', 'content-type'];
    for (const { headers, body, query } of here.sandbox.requests) {
      assert.ok(!JSON.stringify([headers, body, query]).includes(canary));
      const others = Object.keys(headers).filter(
        (name) => ![...usual, 'host', 'user-agent', 'transfer-encoding'].includes(name),
      );
      assert.deepEqual(others, []);
    }
  });
});
