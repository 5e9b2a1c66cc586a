// Ids above 2^53 keep their digits in both directions.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const workspace = '9223372036854775801';
const principal = '9223372036854775783';

test('a huge workspace id leaves as plain digits', async () => {
  assert.match((await client.get('/workspaces')).text, new RegExp(`"workspace_id":${workspace}[,}]`));
  assert.match((await client.get(`/workspaces/${workspace}`)).text, new RegExp(`"workspace_id":${workspace}[,}]`));
});

test('a huge principal id leaves as plain digits', async () => {
  const { text } = await client.put(`/workspaces/${workspace}/permissionassignments/principals/${principal}`, {
    permissions: ['USER'],
  });
  assert.match(text, new RegExp(`"principal_id":${principal}[,}]`));
  assert.equal((await client.get(`/scim/v2/Users/${principal}`)).json.id, principal);
});

test('a neighbouring id is another one, as digits and in the path', async () => {
  assert.equal((await client.get('/workspaces/9223372036854775802')).status, 404);
  assert.equal((await client.get('/workspaces/9223372036854775808')).status, 400);
});

test('huge ids in bodies come back exactly', async () => {
  const values = `[${workspace},9007199254740993,7]`;
  const body = `{"budget":{"display_name":"huge","alert_configurations":[{"quantity_threshold":"1"}],"filter":{"workspace_id":{"operator":"IN","values":${values}}}}}`;
  const { status, text } = await client.post(`/api/2.1/accounts/${client.sandbox.accountId}/budgets`, body);
  assert.equal(status, 200);
  assert.ok(text.includes(`"values":${values}`));
});

for (const wrong of ['"9223372036854775801"', '9223372036854775808', '1.5', '1e3000', 'true']) {
  test(`${wrong} is no int64 number`, async () => {
    const body = `{"metastore_assignment":{"metastore_id":"x","workspace_id":${wrong}}}`;
    const { status, json } = await client.post(`/workspaces/${workspace}/metastores/x`, body);
    assert.equal(status, 400);
    assert.match(json.message, /workspace_id/);
  });
}

for (const body of [
  '{',
  '{"a":1,}',
  '[1 2]',
  '{"a":01}',
  '"\u0001"',
  '{}x',
  "{'a':1}",
  `${'['.repeat(70)}${']'.repeat(70)}`,
]) {
  test(`the body ${JSON.stringify(body.slice(0, 12))} is MALFORMED_REQUEST`, async () => {
    assert.equal((await client.post('/ip-access-lists', body)).json.error_code, 'MALFORMED_REQUEST');
  });
}

test('a field named __proto__ is an unknown field like any other', async () => {
  const body = '{"__proto__":{"label":"x"},"label":"y","list_type":"ALLOW","ip_addresses":["203.0.113.9"]}';
  assert.match((await client.post('/ip-access-lists', body)).json.message, /Unknown field '__proto__'/);
});
