// Credential, storage and network configurations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const aws = { vpc_id: 'vpc-1', subnet_ids: ['subnet-1', 'subnet-2'], security_group_ids: ['sg-1'] };
const gcp = { network_project_id: 'p', vpc_id: 'v', subnet_id: 's', subnet_region: 'r' };

test('credentials are a bare array, created, read and answered when deleted', async () => {
  assert.equal((await client.get('/credentials')).json.length, 3);
  const body = {
    credentials_name: 'probe',
    aws_credentials: { sts_role: { role_arn: 'arn:aws:iam::123456789012:role/probe' } },
  };
  const created = await client.post('/credentials', body);
  assert.equal(created.status, 201);
  const path = `/credentials/${created.json.credentials_id}`;
  assert.deepEqual((await client.get(path)).json, created.json);
  assert.equal((await client.post('/credentials', body)).status, 409);
  assert.deepEqual((await client.delete(path)).json, created.json);
  assert.equal((await client.get(path)).status, 404);
});

test('a malformed role is MALFORMED_REQUEST, a missing one is named', async () => {
  const credential = (sts_role: object) => ({ credentials_name: 'x', aws_credentials: { sts_role } });
  assert.equal(
    (await client.post('/credentials', credential({ role_arn: 'role' }))).json.error_code,
    'MALFORMED_REQUEST',
  );
  assert.match(
    (await client.post('/credentials', credential({}))).json.message,
    /'aws_credentials\.sts_role\.role_arn'/,
  );
});

test('credentials and networks in use cannot be deleted', async () => {
  const [{ credentials_id, network_id }] = (await client.get('/workspaces')).json;
  assert.equal((await client.delete(`/credentials/${credentials_id}`)).json.error_code, 'INVALID_STATE');
  assert.equal((await client.delete(`/networks/${network_id}`)).json.error_code, 'INVALID_STATE');
});

test('storage configurations are read as a list and one by one', async () => {
  const [first] = (await client.get('/storage-configurations')).json;
  assert.deepEqual((await client.get(`/storage-configurations/${first.storage_configuration_id}`)).json, first);
  assert.equal((await client.get('/storage-configurations/x')).status, 404);
});

test('a network is created unattached, and unattached ones have no workspace_id', async () => {
  const { status, json } = await client.post('/networks', { network_name: 'probe', ...aws });
  assert.equal(status, 201);
  assert.equal(json.vpc_status, 'UNATTACHED');
  assert.ok(!('workspace_id' in json));
  assert.equal((await client.post('/networks', { network_name: 'probe', ...aws })).status, 409);
});

test('a deleted network lingers for two reads', async () => {
  const { network_id } = (await client.post('/networks', { network_name: 'leaving', ...aws })).json;
  const path = `/networks/${network_id}`;
  assert.equal((await client.delete(path)).json.network_id, network_id);
  const statuses = [await client.get(path), await client.get(path), await client.get(path)].map(({ status }) => status);
  assert.deepEqual(statuses, [200, 200, 404]);
  assert.equal((await client.post('/networks', { network_name: 'leaving', ...aws })).status, 201);
});

test('half-given vpc_endpoints are refused in plain text', async () => {
  const body = { network_name: 'half', ...aws, vpc_endpoints: { rest_api: ['vpce-1'] } };
  const { status, headers, text } = await client.post('/networks', body);
  assert.equal(status, 400);
  assert.match(headers.get('content-type') ?? '', /^text\/plain/);
  assert.match(text, /^MALFORMED_REQUEST: vpc_endpoints malformed parameters: /);
});

const bad: [name: string, body: object][] = [
  ['a short name', { network_name: 'abc', ...aws }],
  ['one subnet', { network_name: 'probe2', ...aws, subnet_ids: ['subnet-1'] }],
  ['six security groups', { network_name: 'probe2', ...aws, security_group_ids: ['1', '2', '3', '4', '5', '6'] }],
  ['an incomplete AWS trio', { network_name: 'probe2', vpc_id: 'vpc-1' }],
  ['both kinds', { network_name: 'probe2', ...aws, gcp_network_info: gcp }],
  ['neither kind', { network_name: 'probe2' }],
];
for (const [name, body] of bad) {
  test(`a network with ${name} is refused`, async () => {
    assert.equal((await client.post('/networks', body)).status, 400);
  });
}
