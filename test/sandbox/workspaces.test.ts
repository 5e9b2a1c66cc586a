// Workspaces, permission assignments and metastores.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const workspaces = (await client.get('/workspaces')).json;
const [first] = workspaces;
const permissions = `/workspaces/${first.workspace_id}/permissionassignments`;

test('workspaces are a bare array of differing ones', async () => {
  assert.equal(workspaces.length, 6);
  const distinct = (field: string) => new Set(workspaces.map((one: Record<string, string>) => one[field])).size;
  assert.ok(distinct('aws_region') >= 4);
  assert.ok(distinct('workspace_status') >= 3);
  assert.deepEqual((await client.get(`/workspaces/${first.workspace_id}`)).json, first);
  assert.equal((await client.get('/workspaces/1')).status, 404);
  assert.equal((await client.get('/workspaces/one')).status, 400);
});

test('permission assignments are paged and name each kind of principal in its own field', async () => {
  const { json } = await client.get(permissions);
  assert.equal(json.permission_assignments.length, 10);
  const rest = (await client.get(`${permissions}?page_token=${json.next_page_token}&max_results=50`)).json;
  assert.equal(rest.next_page_token, undefined);
  assert.ok(rest.prev_page_token);
  const fields = [...json.permission_assignments, ...rest.permission_assignments].flatMap(({ principal }) =>
    Object.keys(principal),
  );
  for (const field of ['user_name', 'group_name', 'service_principal_name']) assert.ok(fields.includes(field));
});

async function assignedTo(id: string): Promise<string[] | undefined> {
  const { permission_assignments } = (await client.get(`${permissions}?max_results=1000`)).json;
  return permission_assignments.find(
    (one: { principal: { principal_id: number } }) => String(one.principal.principal_id) === id,
  )?.permissions;
}

test('ADMIN wins over USER', async () => {
  const { id } = (await client.post('/scim/v2/Users', { userName: 'p1@example.com' })).json;
  const { json } = await client.put(`${permissions}/principals/${id}`, { permissions: ['USER', 'ADMIN'] });
  assert.deepEqual(json.permissions, ['ADMIN']);
  assert.equal(json.principal.user_name, 'p1@example.com');
  assert.deepEqual(await assignedTo(id), ['ADMIN']);
});

for (const [name, body] of [
  ['no permissions', {}],
  ['empty permissions', { permissions: [] }],
  ['unsupported permissions', { permissions: ['UNKNOWN', 'admin'] }],
] as const) {
  test(`a PUT with ${name} takes everything away`, async () => {
    const { id } = (await client.post('/scim/v2/Groups', { displayName: name })).json;
    await client.put(`${permissions}/principals/${id}`, { permissions: ['USER'] });
    assert.deepEqual(await assignedTo(id), ['USER']);
    assert.deepEqual((await client.put(`${permissions}/principals/${id}`, body)).json.permissions, []);
    assert.equal(await assignedTo(id), undefined);
  });
}

test('assignments are deleted, and vanish with their principal', async () => {
  const { id } = (await client.post('/scim/v2/Users', { userName: 'p2@example.com' })).json;
  const path = `${permissions}/principals/${id}`;
  await client.put(path, { permissions: ['USER'] });
  assert.deepEqual((await client.delete(path)).json, {});
  assert.equal(await assignedTo(id), undefined);
  await client.put(path, { permissions: ['USER'] });
  await client.delete(`/scim/v2/Users/${id}`);
  assert.equal(await assignedTo(id), undefined);
  assert.equal((await client.put(path, { permissions: ['USER'] })).status, 404);
});

test('permissions of the wrong type are refused', async () => {
  assert.equal((await client.put(`${permissions}/principals/1`, { permissions: 'USER' })).status, 400);
});

test('metastores are listed bare and read inside their wrapper', async () => {
  const { metastores } = (await client.get('/metastores')).json;
  assert.equal(metastores.length, 2);
  const path = `/metastores/${metastores[0].metastore_id}`;
  assert.deepEqual((await client.get(path)).json, { metastore_info: metastores[0] });
  const { workspace_ids } = (await client.get(`${path}/workspaces`)).json;
  const { metastore_assignment } = (await client.get(`/workspaces/${workspace_ids[0]}/metastore`)).json;
  assert.equal(metastore_assignment.metastore_id, metastores[0].metastore_id);
  assert.equal(metastore_assignment.workspace_id, workspace_ids[0]);
});

test('a metastore update changes only what it names', async () => {
  const created = (await client.post('/metastores', { metastore_info: { name: 'm1', region: 'eu-west-1' } })).json
    .metastore_info;
  const path = `/metastores/${created.metastore_id}`;
  const { metastore_info } = (await client.put(path, { metastore_info: { owner: 'security' } })).json;
  assert.equal(metastore_info.owner, 'security');
  assert.equal(metastore_info.region, 'eu-west-1');
  assert.equal((await client.put(path, { metastore_info: { name: 'm2' } })).status, 400);
  assert.equal((await client.put(path, { owner: 'security' })).status, 400);
  const sharing = { delta_sharing_scope: 'INTERNAL_AND_EXTERNAL' };
  assert.equal((await client.put(path, { metastore_info: sharing })).status, 400);
  const both = { ...sharing, delta_sharing_recipient_token_lifetime_in_seconds: 3600 };
  assert.equal((await client.put(path, { metastore_info: both })).status, 200);
  assert.equal((await client.delete(path)).status, 200);
});

test('metastore names are unique and need a region or a root', async () => {
  assert.equal(
    (await client.post('/metastores', { metastore_info: { name: 'lumen-us-east-1', region: 'us-east-1' } })).status,
    409,
  );
  assert.equal((await client.post('/metastores', { metastore_info: { name: 'm3' } })).status, 400);
  assert.equal(
    (await client.post('/metastores', { metastore_info: { name: 'm3', storage_root: 's3://x' } })).status,
    200,
  );
});

test('a metastore is assigned, taken off, and 404 says there is none', async () => {
  const [{ metastore_id }] = (await client.get('/metastores')).json.metastores;
  const workspace = `/workspaces/${first.workspace_id}`;
  const assignment = { metastore_id, default_catalog_name: '' };
  await client.delete(`${workspace}/metastores/${metastore_id}`);
  assert.equal((await client.get(`${workspace}/metastore`)).status, 404);
  assert.equal((await client.post(`${workspace}/metastores/${metastore_id}`, assignment)).status, 400);
  assert.equal(
    (await client.post(`${workspace}/metastores/${metastore_id}`, { metastore_assignment: { metastore_id: 'x' } }))
      .status,
    400,
  );
  assert.deepEqual(
    (await client.post(`${workspace}/metastores/${metastore_id}`, { metastore_assignment: assignment })).json,
    {},
  );
  assert.equal((await client.get(`${workspace}/metastore`)).json.metastore_assignment.metastore_id, metastore_id);
});

test('a metastore in use is deleted only by force', async () => {
  const [, { metastore_id }] = (await client.get('/metastores')).json.metastores;
  const path = `/metastores/${metastore_id}`;
  assert.equal((await client.delete(path)).json.error_code, 'INVALID_STATE');
  assert.equal((await client.delete(`${path}?force=yes`)).status, 400);
  assert.equal((await client.delete(`${path}?force=true`)).status, 200);
  assert.equal((await client.get(`/workspaces/${workspaces[1].workspace_id}/metastore`)).status, 404);
});
