/** The `http` command and real clients of both generations, through every door, as an operator and a team run them. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { served } from '../http/serving.js';
import { home, start } from './program.js';

async function serving(...args: readonly string[]) {
  const child = start(['http', '--sandbox', '--port', '0', '--rate', '1000', ...args]);
  return { child, url: (await served(child)).url };
}

const localToken = () => readFileSync(join(home, 'databricks-actions-mcp', 'http-token'), 'utf8').trim();
const info = { name: 'test', version: '1' };
const listUsers = { name: 'databricks_list_users', arguments: { count: 1 } };

interface Connected {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: typeof listUsers): Promise<{ isError?: unknown }>;
  close(): Promise<void>;
}

const connects = {
  'newest, /mcp': async (url, requestInit) => {
    const client = new Client(info, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL('mcp', url), { requestInit }));
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
    return client as unknown as Connected;
  },
  'first generation, /mcp': async (url, requestInit) => {
    const client = new ClientV1(info);
    // Its types do not know `exactOptionalPropertyTypes`.
    await client.connect(new HttpV1(new URL('mcp', url), { requestInit }) as Parameters<ClientV1['connect']>[0]);
    return client as unknown as Connected;
  },
  'first generation, /sse': async (url, requestInit) => {
    const client = new ClientV1(info);
    await client.connect(new SSEClientTransport(new URL('sse', url), { requestInit }));
    return client as unknown as Connected;
  },
} satisfies Record<string, (url: URL, requestInit: RequestInit) => Promise<Connected>>;

test('clients of both generations list and call through every door, pinned and not, and the end is clean', async () => {
  const { child, url } = await serving();
  const requestInit = { headers: { authorization: `Bearer ${localToken()}` } };
  for (const [name, connect] of Object.entries(connects)) {
    const sizes: number[] = [];
    for (const path of ['/', '/readonly/']) {
      const client = await connect(new URL(path, url), requestInit);
      const { tools } = await client.listTools();
      sizes.push(tools.length);
      assert.ok(!(await client.callTool(listUsers)).isError, `${name} ${path}`);
      await client.close();
    }
    const [all = 0, readOnly = 0] = sizes;
    assert.ok(readOnly > 0 && readOnly < all, `${name}: ${sizes}`);
  }
  child.kill('SIGTERM');
  assert.equal((await child.ended).code, 0);
});

test('a caller who may only read is shown only reads, and refused the rest with the scope to ask for', async () => {
  const file = join(home, 'viewer.json');
  const token = 'viewer-0123456789-0123456789-0123456789';
  writeFileSync(file, JSON.stringify([{ name: 'viewer', token, scopes: ['dbx:read'] }]), { mode: 0o600 });
  const { child, url } = await serving('--token-file', file);
  const headers = { authorization: `Bearer ${token}` };
  for (const connect of Object.values(connects)) {
    const client = await connect(new URL(url), { headers });
    const names = (await client.listTools()).tools.map(({ name }) => name);
    assert.ok(names.includes('databricks_list_users') && !names.includes('databricks_delete_user'));
    await client.close();
  }
  const body = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'databricks_delete_user', arguments: {} },
  };
  const refused = await fetch(new URL('/mcp', url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify(body),
  });
  assert.equal(refused.status, 403);
  assert.match(refused.headers.get('www-authenticate') ?? '', /error="insufficient_scope", scope="dbx:admin"$/);
  child.kill('SIGTERM');
  assert.equal((await child.ended).code, 0);
});

test('as many calls of one caller are let in at once as --max-calls says', async () => {
  const { child, url } = await serving('--max-calls', '60', '--max-connections-per-address', '100');
  const requestInit = { headers: { authorization: `Bearer ${localToken()}` } };
  const client = await connects['newest, /mcp'](new URL(url), requestInit);
  const calls = Array.from({ length: 60 }, () => client.callTool(listUsers));
  const ends = await Promise.allSettled(calls);
  assert.deepEqual(
    ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : [])),
    [],
  );
  await client.close();
  child.kill();
  await child.ended;
});
