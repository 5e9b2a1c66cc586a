/** What `tools/list` shows: the same bytes every time, complete, honest in its hints, and only what is open. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import { reference } from '../catalogue/reference.js';
import { eventually, RawProcess } from './raw-process.js';
import { atEnd, connect, settingsFor } from './server-process.js';

interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly type: string };
  readonly annotations?: Record<string, boolean>;
}

async function toolsOf(...flags: string[]): Promise<Tool[]> {
  const server = await RawProcess.started({ flags });
  const { result } = await server.request('tools/list');
  await server.leave();
  return result.tools;
}

describe('the tool list', () => {
  let tools: Tool[];
  before(async () => {
    tools = await toolsOf('--sandbox');
  });

  it('is the same bytes in repeated requests and in another process', async () => {
    const processes = await Promise.all([1, 2].map(() => RawProcess.started({ flags: ['--sandbox'] })));
    const lists = processes.map(async (server) => {
      const id = server.post('tools/list');
      await server.answer(id);
      // A call in between, and with it the first sign-in, must not change the list.
      await server.call('databricks_list_workspaces');
      const again = server.post('tools/list');
      await server.answer(again);
      return [server.line(id), server.line(again)].map((line) => JSON.stringify(JSON.parse(line).result));
    });
    const [first, ...others] = (await Promise.all(lists)).flat();
    assert.ok(first !== undefined && first.length > 10_000);
    for (const other of others) assert.ok(other === first, 'two lists differ');
  });

  it('gives each tool a name, a description, an object schema and nothing else but hints', () => {
    for (const { name, description, inputSchema, annotations, ...more } of tools) {
      assert.match(name, /^databricks_[a-z_]+$/);
      assert.ok(description.length > 10, name);
      assert.equal(inputSchema.type, 'object', name);
      assert.deepEqual(more, {}, name);
    }
  });

  it('hints what a call does, by the method Databricks is called with', () => {
    /** What a client takes for granted where a hint is left out (schema of the protocol, ToolAnnotations). */
    const defaults = { readOnlyHint: false, destructiveHint: true };
    const shown = new Map(tools.map(({ name, annotations }) => [name, { ...defaults, ...annotations }]));
    const destructive: Record<string, boolean> = {
      GET: true,
      POST: false,
      PUT: true,
      PATCH: true,
      DELETE: true,
      // Adding is a PATCH that takes nothing away; assigning is a POST that may replace.
      databricks_add_group_member: false,
      databricks_assign_metastore_to_workspace: true,
    };
    for (const { id, method } of reference) {
      const expected = { readOnlyHint: method === 'GET', destructiveHint: destructive[id] ?? destructive[method] };
      assert.deepEqual(shown.get(id), expected, id);
    }
  });

  it('says no hint that the protocol takes for granted', () => {
    const said = tools.flatMap(({ annotations = {} }) =>
      Object.entries(annotations).map(([hint, value]) => `${hint} ${value}`),
    );
    assert.deepEqual([...new Set(said)].sort(), ['destructiveHint false', 'readOnlyHint true']);
  });

  it('has names of at most 64 characters, as every client takes them', () => {
    const long = tools.map(({ name }) => name).filter((name) => name.length > 64);
    assert.deepEqual(long, []);
  });

  it('shows no action that the cloud does not have', async () => {
    const names = (await toolsOf('--sandbox', '--cloud', 'azure')).map(({ name }) => name);
    const elsewhere = reference.filter(({ clouds }) => !clouds.includes('azure')).map(({ id }) => id);
    assert.ok(elsewhere.includes('databricks_list_credentials'));
    assert.deepEqual(
      names.filter((name) => elsewhere.includes(name)),
      [],
    );
    assert.equal(names.length, 1 + reference.length - elsewhere.length);
  });
});

describe('a token that tells fewer scopes than were asked for', () => {
  /** All APIs are asked for; the token endpoint grants scim alone, as RFC 6749 lets it. */
  async function narrowed() {
    const sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'scim' });
    const basic = Buffer.from(`${sandbox.clientId}:${sandbox.clientSecret}`).toString('base64');
    const token = await fetch(`${sandbox.url}/oidc/accounts/${sandbox.accountId}/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}` },
      body: form,
    });
    sandbox.addFault({ pattern: 'POST /oidc/*', action: 'status', status: 200, body: await token.text() });
    return settingsFor(sandbox, 'all-apis');
  }
  const openAfterwards = [
    'databricks_access_status',
    ...reference.filter(({ scope }) => scope === 'scim').map(({ id }) => id),
  ].sort();

  it('shrinks the list and tells 2025-era clients', async () => {
    const server = await RawProcess.started({ settings: await narrowed() });
    assert.equal((await server.request('tools/list')).result.tools.length, 1 + reference.length);
    assert.equal((await server.call('databricks_list_groups')).result.isError, undefined);
    await server.until(({ method }) => method === 'notifications/tools/list_changed');
    const { tools } = (await server.request('tools/list')).result;
    assert.deepEqual(tools.map(({ name }: Tool) => name).sort(), openAfterwards);
    const refused = await server.call('databricks_list_workspaces');
    assert.match(refused.error.message, /Unknown tool/);
    assert.equal(await server.leave(), 0);
  });

  it('tells 2026-era clients that listen', async () => {
    let isTold = false;
    const onChanged = () => {
      isTold = true;
    };
    const { client } = await connect({
      settings: await narrowed(),
      client: { listChanged: { tools: { onChanged } } },
    });
    assert.equal((await client.listTools()).tools.length, 1 + reference.length);
    await client.callTool({ name: 'databricks_list_groups', arguments: {} });
    assert.ok(await eventually(() => isTold), 'no notification');
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map(({ name }) => name).sort(), openAfterwards);
  });

  it('is told by databricks_access_status', async () => {
    const server = await RawProcess.started({ settings: await narrowed() });
    const { structuredContent: status } = (await server.call('databricks_access_status')).result;
    assert.deepEqual(status.scopes, { asked: ['all-apis'], granted: ['scim'] });
    const open = Object.values(status.open as Record<string, number>);
    assert.equal(
      open.reduce((sum, each) => sum + each, 0),
      openAfterwards.length - 1,
    );
    assert.ok(status.closed_by_scope.billing.includes('databricks_list_budgets'));
    await server.leave();
  });
});
