/**
 * Search mode over HTTP: asked for by address, header or the operator. Whatever decides by a tool's name (scopes, calls
 * under way, sessions, logs, measurements) decides by the action inside.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { CallerScope } from '../../src/http/caller.js';
import { home, start } from '../cli/program.js';
import { hello, kinds, messageIn, modern, type Place, place, post, request, visitor, type Who } from '../http/place.js';
import { eventually } from '../mcp/raw-process.js';
import { approves } from '../trust/world.js';

const four = ['databricks_find_actions', 'databricks_describe_action', 'databricks_run_read', 'databricks_run_write'];
const pins = { search: true };

describe('at the doors', () => {
  let here: Place;
  before(async () => {
    here = await place();
  });
  const none = () => assert.deepEqual(here.sandbox.effects, []);

  for (const kind of kinds) {
    it(`whoever asks for it sees four tools and runs actions, the others see all, as a ${kind} client`, async () => {
      const visit = await visitor(here, kind, { name: kind, pins }, approves);
      assert.deepEqual(await visit.names(), four);
      const { json } = await visit.call('run_read', { action: 'list_users', arguments: { count: 1 } });
      assert.equal(json.data.length, 1);
      const changed = await visit.call('run_write', {
        action: 'create_user',
        arguments: { userName: `${kind.replace(' ', '')}@example.com` },
      });
      assert.equal(changed.json.outcome, 'applied', JSON.stringify(changed.json));
      assert.match(visit.asked[0]?.message ?? '', /^Create User/);
      assert.equal((await (await visitor(here, kind, { name: kind })).names()).length, 73);
      here.sandbox.clearEffects();
    });

    it(`a caller's scopes decide by the action, as a ${kind} client`, async () => {
      const { callWith, names, call } = await visitor(here, kind, { name: 'reader', scopes: ['dbx:read'], pins });
      assert.deepEqual(await names(), four.slice(0, 3));
      await assert.rejects(callWith('run_write', { action: 'delete_user', arguments: { id: '1' } }), /dbx:admin|403/);
      assert.equal((await call('run_read', { action: 'list_users' })).failed, false);
      const found = await call('find_actions', { request: 'delete a user' });
      assert.doesNotMatch(JSON.stringify(found.json), /"databricks_delete_user"/);
      none();
    });
  }

  const calls: [action: string, args: object, scope: CallerScope][] = [
    ['create_group', { displayName: 'x' }, 'dbx:write'],
    ['databricks_create_user', { userName: 'x@example.com' }, 'dbx:admin'],
    ['delete_user', { id: '1' }, 'dbx:admin'],
    ['create_service_principal_secret', { service_principal_id: '1' }, 'dbx:secrets'],
  ];
  for (const [action, args, scope] of calls) {
    it(`${action} is challenged for ${scope} through either running tool`, async () => {
      for (const tool of ['databricks_run_write', 'databricks_run_read']) {
        for (const given of [args, JSON.stringify(args)]) {
          const { body, headers } = modern('tools/call', { name: tool, arguments: { action, arguments: given } });
          const response = await post(here, '/mcp', body, { scopes: ['dbx:read'], pins }, headers);
          assert.equal(response.status, 403);
          assert.match(response.headers.get('www-authenticate') ?? '', new RegExp(`scope="${scope}"`));
        }
      }
      none();
    });
  }

  it('a group with roles needs more than its name says, however its arguments come', async () => {
    const who: Who = { scopes: ['dbx:read', 'dbx:write'], pins };
    for (const given of [
      { displayName: 'x', roles: ['account_admin'] },
      '{"displayName":"x","roles":["account_admin"]}',
    ]) {
      const visit = await visitor(here, 'legacy', who, approves);
      const { json } = await visit.call('run_write', { action: 'create_group', arguments: given });
      assert.equal(json.error.kind, 'not_available', JSON.stringify(json));
      assert.deepEqual(visit.asked, []);
    }
    none();
  });

  it('a session belongs to its view: with another one it does not exist', async () => {
    const opened = await post(here, '/mcp', hello, { pins });
    await opened.text();
    const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
    const list = await messageIn(await post(here, '/mcp', request('tools/list'), { pins }, session));
    assert.equal(list.result.tools.length, 4);
    assert.equal((await post(here, '/mcp', request('tools/list'), {}, session)).status, 404);
  });

  it('calls in a list are no calls in search mode, and the other way round', async () => {
    for (const [name, who] of [
      ['databricks_list_users', { pins }],
      ['databricks_run_read', {}],
    ] as const) {
      const { body, headers } = modern('tools/call', { name, arguments: { action: 'list_users' } });
      const { error } = await messageIn(await post(here, '/mcp', body, who, headers));
      assert.match(error.message, /Unknown tool/, name);
    }
  });

  it('the operator may leave nobody another view', async () => {
    const shut = await place({ doors: { search: true } });
    assert.deepEqual(await (await visitor(shut, 'legacy')).names(), four);
  });
});

describe('the server as it is run', () => {
  const token = 'r'.repeat(43);
  const admin = 'a'.repeat(43);

  it('scopes, log lines and measurements name the action inside', async () => {
    const file = join(home, 'search-tokens.json');
    const entries = [
      { name: 'reader', token, scopes: ['dbx:read'] },
      { name: 'boss', token: admin, scopes: ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'] },
    ];
    writeFileSync(file, JSON.stringify(entries), { mode: 0o600 });
    const flags = ['--port', '0', '--metrics-port', '0', '--token-file', file, '--log-level', 'info'];
    const child = start(['http', '--sandbox', ...flags]);
    let said = '';
    const heard = async (like: RegExp): Promise<string> => {
      const found = await eventually(() => like.exec(said)?.[1]);
      assert.ok(found !== undefined, `${like} in ${said}`);
      return found;
    };
    child.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
    });
    const url = await heard(/Serving MCP at (http\S+)\/mcp/);
    const metrics = await heard(/metrics at (http\S+)\./);
    const send = async (bearer: string, name: string, args: object, path = '/search/mcp', more = {}) => {
      const { body, headers } = modern('tools/call', { name, arguments: args });
      const shared = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
      const auth = { authorization: `Bearer ${bearer}` };
      return fetch(url + path, {
        method: 'POST',
        headers: { ...shared, ...headers, ...auth, ...more } as Record<string, string>,
        body: JSON.stringify(body),
      });
    };
    const read = { action: 'list_groups', arguments: { count: 1 } };
    assert.equal(
      (await messageIn(await send(token, 'databricks_run_read', read))).result.structuredContent.data.length,
      1,
    );
    const byHeader = await send(token, 'databricks_run_read', read, '/mcp', { 'x-databricks-mcp-tools': 'search' });
    assert.equal((await messageIn(byHeader)).result.structuredContent.data.length, 1);
    const deletion = { action: 'delete_user', arguments: { id: '1' } };
    const refused = await send(token, 'databricks_run_write', deletion);
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get('www-authenticate') ?? '', /scope="dbx:admin"/);
    const roles = { action: 'create_group', arguments: '{"displayName":"x","roles":[{"value":"account_admin"}]}' };
    assert.equal((await send(token, 'databricks_run_write', roles)).status, 403);
    const made = await send(admin, 'databricks_run_write', { action: 'made up 7', arguments: {} });
    assert.match((await messageIn(made)).result.structuredContent.error.message, /no action/);
    await heard(/("tool":"databricks_run_write","caller":"token:boss")/);
    const series = await (await fetch(metrics)).text();
    assert.match(series, /tool_calls_total\{tool="databricks_list_groups",outcome="ok"\} 2/);
    child.kill('SIGTERM');
    await child.ended;
    assert.match(said, /"tool":"databricks_list_groups"/);
    assert.match(said, /"tool":"databricks_delete_user"/);
    assert.doesNotMatch(said + series, /made.up/);
  });
});
