/**
 * Search mode over stdio: four tools in place of the list, reads and changes apart, and everything that is known by an
 * action's name (logs, questions, journal, errors) known by it still.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { reference } from '../catalogue/reference.js';
import { RawProcess } from '../mcp/raw-process.js';
import { approves, client, declines, journal, kinds, world } from '../trust/world.js';

const search = ['--tools', 'search'];
const started = (...flags: string[]) => RawProcess.started({ flags: ['--sandbox', ...search, ...flags] });

interface Found {
  readonly action: string;
  readonly does: string;
  readonly run_with: string;
}

describe('search mode', () => {
  let server: RawProcess;
  before(async () => {
    server = await started('--log-level', 'info');
  });
  const content = async (tool: string, args: object) => {
    const { result } = await server.call(`databricks_${tool}`, args);
    return { failed: result.isError === true, ...result.structuredContent };
  };
  const logged = () => server.stderr.split('\n').filter((line) => line.includes('"event":"call"'));

  it('lists four tools; all but the one for changes are read-only', async () => {
    const { tools } = (await server.request('tools/list')).result;
    assert.deepEqual(
      tools.map(({ name, annotations }: { name: string; annotations?: object }) => [name, annotations]),
      [
        ['databricks_find_actions', { readOnlyHint: true }],
        ['databricks_describe_action', { readOnlyHint: true }],
        ['databricks_run_read', { readOnlyHint: true }],
        ['databricks_run_write', undefined],
      ],
    );
  });

  it('finds actions for words, and says which tool runs each', async () => {
    const { actions } = await content('find_actions', { request: 'remove a user for good' });
    const found = (actions as Found[]).find(({ action }) => action === 'databricks_delete_user');
    assert.equal(found?.run_with, 'databricks_run_write');
    assert.match(found?.does ?? '', /for good/);
    const nothing = await content('find_actions', { request: 'the weather tomorrow' });
    assert.deepEqual(nothing.actions, []);
    assert.match(nothing.note, /other words/);
  });

  it('describes what an action takes, by its whole or its short name', async () => {
    for (const action of ['databricks_get_user', 'get_user']) {
      const { arguments: schema, run_with } = await content('describe_action', { action });
      assert.deepEqual([schema.required, run_with], [['id'], 'databricks_run_read']);
    }
    assert.match((await content('describe_action', { action: 'delete_user' })).approval, /person/);
  });

  it('runs reads, with arguments as an object or as its JSON', async () => {
    for (const args of [{ count: 1 }, '{"count":1}']) {
      const { data, total } = await content('run_read', { action: 'databricks_list_groups', arguments: args });
      assert.equal(data.length, 1);
      assert.ok(total > 1);
    }
    assert.equal((await content('run_read', { action: 'access_status' })).signed_in, true);
  });

  it('runs changes', async () => {
    const made = await content('run_write', { action: 'create_group', arguments: { displayName: 'by search' } });
    assert.equal(made.outcome, 'applied');
    const planned = await content('run_write', {
      action: 'delete_group',
      arguments: { id: made.data.id, dry_run: true },
    });
    assert.equal(planned.dry_run, true);
  });

  it('runs no change with the tool for reads, and no read with the other', async () => {
    for (const { id, method } of reference) {
      const wrong = method === 'GET' ? 'run_write' : 'run_read';
      const right = method === 'GET' ? 'run_read' : 'run_write';
      const { failed, error } = await content(wrong, { action: id, arguments: {} });
      assert.ok(failed, id);
      assert.equal(error.kind, 'input');
      assert.equal(error.message, `${id} is run with databricks_${right}.`);
    }
    assert.ok((await content('run_write', { action: 'databricks_access_status' })).failed);
  });

  it('knows no tool by an action, and no action by a tool', async () => {
    for (const name of ['list_users', 'delete_user', 'access_status', 'nothing']) {
      const { error } = await server.call(`databricks_${name}`, {});
      assert.match(error.message, /Unknown tool.*databricks_find_actions finds/);
    }
    for (const action of [
      'databricks_run_write',
      'databricks_find_actions',
      'nothing',
      'constructor',
      '__proto__',
      '',
    ]) {
      for (const tool of ['run_read', 'run_write', 'describe_action']) {
        const { failed, error } = await content(tool, { action, arguments: { action: 'delete_user' } });
        assert.ok(failed && error.kind === 'input', `${tool} ${action}`);
      }
    }
  });

  it('refuses what is no call with a word about what to do', async () => {
    const rows: [tool: string, args: object, message: RegExp][] = [
      ['run_read', {}, /action is missing/],
      ['run_read', { action: 7 }, /action is missing/],
      ['run_read', { action: 'get_user', id: '1' }, /goes into arguments/],
      ['run_read', { action: 'get_user', arguments: {} }, /id/],
      ['run_read', { action: 'get_user', arguments: '{"id":' }, /arguments have to be an object/],
      ['run_read', { action: 'get_user', arguments: { id: '1', nonsense: true } }, /nonsense/],
      ['find_actions', {}, /takes request/],
      ['find_actions', { request: 'x'.repeat(2_000) }, /too long/],
      ['describe_action', { action: 'get_user', more: 1 }, /takes action/],
    ];
    for (const [tool, args, message] of rows) {
      const { failed, error } = await content(tool, args);
      assert.ok(failed);
      assert.match(error.message, message);
      assert.notEqual(error.next, '');
    }
  });

  it('logs calls by the action, and by the tool only where there is none', async () => {
    const before = logged().length;
    await content('run_read', { action: 'list_budgets' });
    await content('run_write', { action: 'list_budgets' });
    await content('run_read', { action: 'made up' });
    const lines = logged()
      .slice(before)
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ tool, ok }) => [tool, ok]),
      [
        ['databricks_list_budgets', true],
        ['databricks_list_budgets', false],
        ['databricks_run_read', false],
      ],
    );
  });

  it('is told in the instructions', async () => {
    const { result } = await server.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'raw', version: '1' },
    });
    assert.match(result.instructions, /databricks_find_actions.*databricks_run_write/);
  });
});

describe('what search mode does not widen', () => {
  it('a read-only server shows no tool for changes, finds none and runs none', async () => {
    const server = await started('--read-only');
    const { tools } = (await server.request('tools/list')).result;
    assert.ok(!tools.some(({ name }: { name: string }) => name === 'databricks_run_write'));
    const { actions } = (await server.call('databricks_find_actions', { request: 'delete a user' })).result
      .structuredContent;
    assert.ok((actions as Found[]).every(({ run_with }) => run_with === 'databricks_run_read'));
    for (const tool of ['databricks_run_read', 'databricks_run_write', 'databricks_describe_action']) {
      const { result } = await server.call(tool, { action: 'delete_user', arguments: { id: '1' } });
      assert.equal(result.isError, true);
      assert.match(result.structuredContent.error.message ?? '', /no action|takes action/);
    }
  });

  it('areas and denied actions stay closed', async () => {
    const server = await started('--areas', 'groups', '--deny', 'delete_group');
    for (const action of ['list_users', 'delete_group', 'get_budget']) {
      for (const tool of ['databricks_run_read', 'databricks_run_write']) {
        const { result } = await server.call(tool, { action, arguments: { id: '1' } });
        assert.match(result.structuredContent.error.message, /There is no action/);
      }
    }
  });

  for (const kind of kinds) {
    it(`a person is asked about the action, and the journal has it, with a ${kind} client`, async () => {
      const here = await world({ DATABRICKS_MCP_TOOLS: 'search' });
      const user = await here.account.scim('Users', 'Marta Ruiz');
      const other = await here.account.scim('Users', 'Omar Haddad');
      here.forget();
      const deletion = { action: 'delete_user', arguments: { id: user.id } };
      const refused = await client(here, kind, declines);
      const kept = { action: 'delete_user', arguments: { id: other.id } };
      assert.equal((await refused.call('run_write', kept)).json.error.code, 'DECLINED');
      assert.equal((await refused.call('run_read', deletion)).json.error.kind, 'input');
      await refused.close();
      assert.deepEqual(here.effects(), []);
      const asking = await client(here, kind, approves);
      const { json } = await asking.call('run_write', deletion);
      assert.equal(json.outcome, 'applied', JSON.stringify(json));
      assert.match(asking.asked[0]?.message ?? '', /^Delete User: user/);
      assert.deepEqual(
        here.effects().map(({ type, id }) => [type, id]),
        [['user', user.id]],
      );
      const intents = journal(here).filter(({ type }) => type === 'intent');
      assert.deepEqual(
        intents.map(({ action }) => action),
        ['databricks_delete_user'],
      );
    });
  }

  it('a secret is kept from the answer', async () => {
    const here = await world({ DATABRICKS_MCP_TOOLS: 'search' });
    const principal = await here.account.scim('ServicePrincipals', 'ci-deploy').catch(() => undefined);
    const asking = await client(here, 'legacy', approves);
    const list = await asking.call('run_read', { action: 'list_service_principals' });
    const id = principal?.id ?? list.json.data[0].id;
    const args = { service_principal_id: id, scopes: ['scim'] };
    const { json } = await asking.call('run_write', { action: 'create_service_principal_secret', arguments: args });
    assert.equal(json.outcome, 'applied', JSON.stringify(json));
    assert.doesNotMatch(JSON.stringify(json), /dose[0-9a-f]{8}/);
    assert.equal(asking.asked.length, 1);
  });
});

it('a view that there is not stops the start', async () => {
  const server = new RawProcess({ flags: ['--sandbox'], settings: { DATABRICKS_MCP_TOOLS: 'serach' } });
  assert.equal(await server.ended(), 3);
  assert.match(server.stderr, /DATABRICKS_MCP_TOOLS is not understood/);
});
