/** A server that is not configured yet: it starts, shows its tools and says what to set; and it asks nothing of anybody. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { reference } from '../catalogue/reference.js';
import { RawProcess } from './raw-process.js';
import { atEnd, call, connect } from './server-process.js';

const required = ['DATABRICKS_HOST', 'DATABRICKS_ACCOUNT_ID', 'DATABRICKS_CLIENT_ID', 'DATABRICKS_CLIENT_SECRET'];

describe('without any configuration', () => {
  it('lists every tool', async () => {
    const { client } = await connect();
    assert.equal((await client.listTools()).tools.length, 1 + reference.length);
  });

  it('answers a call with every setting that is missing', async () => {
    const { client } = await connect();
    const { failed, json } = await call(client, 'databricks_list_users');
    assert.equal(failed, true);
    assert.equal(json.error.kind, 'configuration');
    assert.equal(json.error.retryable, false);
    for (const name of required) assert.match(json.error.next, new RegExp(`\\b${name}\\b`));
  });

  it('explains itself in databricks_access_status', async () => {
    const { client } = await connect();
    const { failed, json } = await call(client, 'databricks_access_status');
    assert.equal(failed, false);
    assert.equal(json.account_id, null);
    assert.equal(json.signed_in, false);
    assert.equal(json.sign_in_problem.kind, 'configuration');
    const fixes = json.sign_in_problem.problems.map(({ fix }: { fix: string }) => fix).join('\n');
    for (const name of required) assert.match(fixes, new RegExp(`\\b${name}\\b`));
    assert.equal(json.scopes.granted, null);
  });

  it('says the same on stderr at once, and nothing on stdout', async () => {
    const server = new RawProcess();
    assert.equal(await server.leave(), 0);
    for (const name of required) assert.match(server.stderr, new RegExp(`\\b${name}\\b`));
    assert.equal(server.stdout.length, 0);
  });
});

it('asks nobody anything while it starts, lists and refuses arguments', async () => {
  let requests = 0;
  const host = createServer((_request, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  atEnd(() => host.close());
  const server = await RawProcess.started({
    settings: {
      DATABRICKS_HOST: `http://127.0.0.1:${(host.address() as AddressInfo).port}`,
      DATABRICKS_ACCOUNT_ID: '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24',
      DATABRICKS_CLIENT_ID: '3e9d1b47-6a05-4c8f-a2d7-90b4c1e5f836',
      DATABRICKS_CLIENT_SECRET: 'not-used-here',
    },
  });
  await server.request('tools/list');
  await server.call('databricks_get_user', {});
  await server.call('databricks_get_user', { id: '../Groups' });
  assert.equal(await server.leave(), 0);
  assert.equal(requests, 0);
});
