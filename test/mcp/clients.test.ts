/** Clients of both SDK generations and both protocol eras list and call the tools of a server on the sandbox account. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { before, describe, it } from 'node:test';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { reference } from '../catalogue/reference.js';
import { atEnd, call, connect, environment, program, temporaryHome } from './server-process.js';

interface AnyClient {
  listTools(): Promise<{ tools: { name: string; description?: string | undefined }[] }>;
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  getInstructions(): string | undefined;
  getServerVersion(): { name: string; title?: string | undefined } | undefined;
}

const flags = ['--sandbox'];

async function connectV1(): Promise<AnyClient> {
  const home = temporaryHome();
  const args = [program, 'stdio', ...flags];
  const transport = new TransportV1({ command: process.execPath, args, env: environment(home), stderr: 'ignore' });
  const client = new ClientV1({ name: 'test', version: '1' });
  atEnd(() => client.close());
  await client.connect(transport);
  return client as AnyClient;
}

const clients: Record<string, () => Promise<AnyClient>> = {
  'the v2 client, pinned to 2026-07-28': async () => (await connect({ flags })).client,
  'the v2 client, probing': async () => (await connect({ flags, mode: 'auto' })).client,
  'the v2 client, in the 2025 era': async () => (await connect({ flags, mode: 'legacy' })).client,
  'the v1 client': connectV1,
};

for (const [name, open] of Object.entries(clients)) {
  describe(name, () => {
    let client: AnyClient;
    before(async () => {
      client = await open();
    });

    it('is told who the server is and how to use it', () => {
      assert.equal(client.getServerVersion()?.name, 'databricks-actions-mcp');
      assert.match(client.getInstructions() ?? '', /sandbox account with made-up data/);
      assert.match(client.getInstructions() ?? '', /nextPage/);
    });

    it('lists every tool, each with a description', async () => {
      const { tools } = await client.listTools();
      assert.equal(tools.length, 1 + reference.length);
      assert.ok(tools.every(({ description }) => description !== undefined && description !== ''));
    });

    it('reads', async () => {
      const { failed, json } = await call(client, 'databricks_list_users', { filter: 'userName sw "grace."' });
      assert.equal(failed, false);
      assert.equal(json.account_id, '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24');
      assert.equal(json.data[0].id, '9223372036854775783');
    });

    it('writes, and reads back what it wrote', async () => {
      const made = await call(client, 'databricks_create_group', { displayName: 'made-by-a-test', detail: 'full' });
      assert.equal(made.json.outcome, 'applied');
      const read = await call(client, 'databricks_get_group', { id: made.json.data.id, detail: 'full' });
      assert.deepEqual(read.json.data, made.json.data);
    });

    it('gets a refused argument as a tool error that names it', async () => {
      const { failed, json } = await call(client, 'databricks_get_user', { id: '1', force: true });
      assert.equal(failed, true);
      assert.equal(json.error.kind, 'input');
      assert.match(json.error.message, /"force"/);
      assert.match(json.error.next, /Allowed arguments: id, /);
    });

    it('gets an unknown tool as a protocol error', async () => {
      const unknown = client.callTool({ name: 'databricks_drop_everything', arguments: {} });
      await assert.rejects(unknown, { code: -32602, message: /Unknown tool: "databricks_drop_everything"/ });
    });
  });
}
