// Account IP access lists.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const path = '/ip-access-lists';
const list = (given: object = {}) => ({ label: 'Probe', list_type: 'ALLOW', ip_addresses: ['203.0.113.7'], ...given });

test('a list is created, read with its wrapper and deleted', async () => {
  const { ip_access_list: created } = (
    await client.post(path, list({ ip_addresses: ['203.0.113.7', '2001:db8::/32'] }))
  ).json;
  assert.equal(created.address_count, 2);
  assert.equal(created.enabled, true);
  assert.equal(typeof created.created_by, 'number');
  assert.deepEqual((await client.get(`${path}/${created.list_id}`)).json, { ip_access_list: created });
  assert.equal((await client.get(path)).json.ip_access_lists.length, 4);
  assert.deepEqual((await client.delete(`${path}/${created.list_id}`)).json, {});
  assert.equal((await client.delete(`${path}/${created.list_id}`)).status, 404);
});

for (const range of ['203.0.113', '203.0.113.0/33', '2001:db8::/129', 'example.com', '10.0.0.0/8/8', '']) {
  test(`<${range}> is not an address or range`, async () => {
    assert.equal((await client.post(path, list({ ip_addresses: [range] }))).status, 400);
  });
}

for (const range of ['127.0.0.1', '127.0.0.0/8', '0.0.0.0/0']) {
  test(`blocking ${range} would shut the caller out and is refused`, async () => {
    const { status, json } = await client.post(path, list({ list_type: 'BLOCK', ip_addresses: [range] }));
    assert.equal(status, 400);
    assert.equal(json.error_code, 'INVALID_STATE');
  });
}

test('an account holds at most 1000 values', async () => {
  const addresses = Array.from({ length: 995 }, (_, index) => `10.0.${index >> 8}.${index & 255}`);
  const { status, json } = await client.post(path, list({ ip_addresses: addresses }));
  assert.equal(status, 400);
  assert.equal(json.error_code, 'QUOTA_EXCEEDED');
});

test('labels are unique, types closed and enabled is not part of create', async () => {
  assert.equal((await client.post(path, list({ label: 'Offices' }))).status, 409);
  assert.equal((await client.post(path, list({ list_type: 'allow' }))).status, 400);
  assert.match((await client.post(path, list({ enabled: true }))).json.message, /Unknown field 'enabled'/);
  assert.match((await client.post(path, { list_type: 'ALLOW', ip_addresses: [] })).json.message, /'label'/);
});
