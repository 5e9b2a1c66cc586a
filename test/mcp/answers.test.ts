/** The one shape of answers: what a model and a program are told when a call works, fails or is refused. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { eventually, RawProcess } from './raw-process.js';
import { atEnd, type Connected, call, connect, settingsFor } from './server-process.js';

describe('an answer', () => {
  let sandbox: Sandbox;
  let server: Connected;
  before(async () => {
    sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    server = await connect({ settings: settingsFor(sandbox, 'all-apis'), unasked: true });
  });
  const ask = (name: string, args: Record<string, unknown> = {}) => call(server.client, name, args);

  it('begins with the account it speaks of, and its text is its structure', async () => {
    const { failed, text, json } = await ask('databricks_list_workspaces', { detail: 'full' });
    assert.equal(failed, false);
    assert.deepEqual(Object.keys(json), ['account_id', 'data']);
    assert.equal(json.account_id, sandbox.accountId);
    assert.equal(text, JSON.stringify(json));
  });

  it('that is too large for the client is refused, and the connection lives', async () => {
    const body = JSON.stringify([{ workspace_id: 1, filler: 'x'.repeat(6_000_000) }]);
    sandbox.addFault({ pattern: 'GET /api/2.0/accounts/*/workspaces', action: 'status', status: 200, body, times: 1 });
    const { failed, json } = await ask('databricks_list_workspaces', { detail: 'full' });
    assert.equal(failed, true);
    assert.equal(json.error.code, 'ANSWER_TOO_LARGE');
    assert.equal((await ask('databricks_list_workspaces')).failed, false);
  });

  it('to a change whose representation is too large still says that it was made', async () => {
    const body = JSON.stringify({ id: '1', displayName: 'x'.repeat(6_000_000) });
    sandbox.addFault({
      pattern: 'POST /api/2.0/accounts/*/scim/v2/Groups',
      action: 'status',
      status: 201,
      body,
      times: 1,
    });
    const { failed, json } = await ask('databricks_create_group', { displayName: 'large-answer' });
    assert.deepEqual([failed, json.outcome, json.data], [false, 'applied', null]);
  });

  it('with a name that looks like part of a private key comes whole', async () => {
    for (const displayName of ['A -----BEGIN PRIVATE KEY-----', 'B hidden-admins', 'C -----END PRIVATE KEY-----']) {
      assert.equal((await ask('databricks_create_group', { displayName })).failed, false);
    }
    const { json } = await ask('databricks_list_groups', { all: true, detail: 'full' });
    assert.equal(json.data.length, json.total);
    assert.ok(json.data.some(({ displayName }: { displayName: string }) => displayName === 'B hidden-admins'));
  });

  it('of a failed read is a tool error with kind, status, the words of Databricks and the next step', async () => {
    const { failed, text, json } = await ask('databricks_get_budget', { budget_id: 'no-such-budget' });
    assert.equal(failed, true);
    assert.deepEqual(Object.keys(json), ['account_id', 'error']);
    assert.equal(json.error.kind, 'not_found');
    assert.equal(json.error.status, 404);
    assert.match(json.error.databricks_said, /no-such-budget/);
    assert.equal(json.error.retryable, false);
    assert.ok(json.error.next.length > 20);
    assert.doesNotMatch(text, /\n +at |node_modules|\.ts:\d/);
  });

  it('of a write that Databricks refused says that nothing was applied', async () => {
    const { failed, json } = await ask('databricks_create_group', { displayName: 'analytics' });
    assert.equal(failed, true);
    assert.equal(json.outcome, 'not_applied');
    assert.equal(json.error.kind, 'conflict');
  });

  it('of a write whose connection broke does not claim to know, and does not invite to repeat', async () => {
    sandbox.addFault({ pattern: 'POST */scim/v2/Groups', action: 'drop', afterHandler: true, times: 1 });
    const { failed, json } = await ask('databricks_create_group', { displayName: 'was-it-made' });
    // Where the server looks afterwards and finds the group, it may say so; what it must not say is that nothing happened.
    assert.ok(failed ? json.outcome === 'unknown' : json.outcome === 'applied', JSON.stringify(json));
    if (failed) assert.equal(json.error.retryable, false);
  });

  it('of a refused argument says that nothing was sent, and what is allowed', async () => {
    sandbox.clearRequests();
    const { failed, json } = await ask('databricks_delete_metastore', { metastore_id: 'x', forse: true });
    assert.equal(failed, true);
    assert.equal(json.outcome, 'not_applied');
    assert.match(json.error.message, /"forse"/);
    assert.match(json.error.next, /metastore_id, force/);
    assert.deepEqual(sandbox.requests, []);
  });

  it('of databricks_access_status refuses arguments too', async () => {
    const { failed, json } = await ask('databricks_access_status', { verbose: true });
    assert.equal(failed, true);
    assert.equal(json.error.kind, 'input');
  });

  it('is the same for arguments of a harmless wrong type', async () => {
    sandbox.clearRequests();
    const workspace = (await ask('databricks_list_workspaces', { fields: 'workspace_id' })).json.data.rows[0][0];
    assert.equal(typeof workspace, 'number');
    const byNumber = await ask('databricks_get_workspace', { workspace_id: workspace });
    const byDigits = await ask('databricks_get_workspace', { workspace_id: String(workspace) });
    assert.deepEqual(byNumber.json, byDigits.json);

    const asText = await ask('databricks_list_users', { count: '2', startIndex: '3' });
    const asNumbers = await ask('databricks_list_users', { count: 2, startIndex: 3 });
    assert.deepEqual(asText.json, asNumbers.json);
    assert.equal(asText.json.data.length, 2);

    const credential = await ask('databricks_create_credential', {
      credentials_name: 'from-text',
      aws_credentials: '{"sts_role":{"role_arn":"arn:aws:iam::123456789012:role/from-text"}}',
    });
    assert.equal(credential.json.outcome, 'applied');
    const list = await ask('databricks_create_ip_access_list', {
      label: 'from text',
      list_type: 'ALLOW',
      ip_addresses: '["203.0.113.9"]',
      detail: 'full',
    });
    assert.deepEqual(list.json.data.ip_addresses, ['203.0.113.9']);
  });
});

describe('credentials', () => {
  it('appear in nothing the process writes, whatever Databricks answers and however much it logs', async () => {
    const sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    const { clientId, clientSecret } = sandbox;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    // An upstream that repeats what it was sent, as debugging proxies and error pages do.
    const echo = `{"error_code":"BAD_REQUEST","message":"secret ${clientSecret}, Authorization: Basic ${basic}"}`;
    sandbox.addFault({ pattern: 'GET */networks', action: 'status', status: 400, body: echo });
    const server = await RawProcess.started({
      settings: settingsFor(sandbox, 'all-apis'),
      unasked: true,
      flags: ['--log-level', 'debug'],
    });
    const principal = await server.call('databricks_list_service_principals', {
      filter: 'displayName eq "dbt-nightly"',
    });
    const [{ id }] = principal.result.structuredContent.data;
    const minted = await server.call('databricks_create_service_principal_secret', {
      service_principal_id: id,
      scopes: ['scim'],
    });
    assert.equal(minted.result.structuredContent.outcome, 'applied');
    assert.equal((await server.call('databricks_list_networks')).result.isError, true);
    for (const name of ['databricks_access_status', 'databricks_unified_get_me', 'databricks_list_workspaces']) {
      assert.equal((await server.call(name)).result.isError, undefined, name);
    }
    await server.call('databricks_get_user', { id: clientSecret });
    await assertUnknown(server, clientSecret);
    assert.equal(await server.leave(), 0);

    const output = server.stdout.toString('utf8') + server.stderr;
    assert.match(server.stderr, /"tool":"databricks_list_workspaces"/);
    for (const canary of [clientSecret, basic, Buffer.from(clientSecret).toString('base64'), 'eyJ']) {
      assert.ok(!output.includes(canary), `${canary} is in the output`);
    }
    assert.doesNotMatch(output, /dose[0-9a-f]{32}/);
  });

  it('appear in no answer to a sign-in that fails', async () => {
    const sandbox = await startSandbox();
    atEnd(() => sandbox.close());
    const wrong = `dose${'badc0ffe'.repeat(4)}`;
    const server = await RawProcess.started({ settings: settingsFor(sandbox, 'all-apis', wrong) });
    const { result } = await server.call('databricks_list_users');
    assert.equal(result.structuredContent.error.kind, 'sign_in');
    assert.ok(await eventually(() => sandbox.requests.length > 0));
    await server.leave();
    assert.ok(!(server.stdout.toString('utf8') + server.stderr).includes(wrong));
  });
});

/** A secret where a tool's name should be: it must not come back in the error. */
async function assertUnknown(server: RawProcess, name: string): Promise<void> {
  const { error } = await server.call(name);
  assert.equal(error.code, -32602);
}
