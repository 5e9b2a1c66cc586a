// Reads that answer as before the last change.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { start } from './client.js';

const client = await start();
const { sandbox } = client;
const users = '/scim/v2/Users';
const names = async () =>
  (await client.get(`${users}?count=1000`)).json.Resources.map((one: { userName: string }) => one.userName);
const create = async (userName: string) => (await client.post(users, { userName })).json.id as string;
afterEach(() => sandbox.reset());

test('after a create the next n lists lack the new user, then it is there', async () => {
  sandbox.addFault({ pattern: 'GET *Users', action: 'stale_read', times: 2 });
  await create('new@example.com');
  const seen = [];
  for (let index = 0; index < 3; index += 1) seen.push((await names()).includes('new@example.com'));
  assert.deepEqual(seen, [false, false, true]);
});

test('a read of the new user itself is a 404', async () => {
  sandbox.addFault({ pattern: 'GET *Users*', action: 'stale_read', times: 1 });
  const id = await create('new@example.com');
  assert.equal((await client.get(`${users}/${id}`)).status, 404);
  assert.equal((await client.get(`${users}/${id}`)).status, 200);
});

test('after an update the old value comes back, after a delete the object', async () => {
  const id = await create('old@example.com');
  const displayName = async () => (await client.get(`${users}/${id}`)).json.displayName;
  sandbox.addFault({ pattern: 'GET *', action: 'stale_read', times: 2 });
  const before = await displayName();
  await client.put(`${users}/${id}`, { userName: 'old@example.com', displayName: 'Changed' });
  assert.equal(await displayName(), before);
  await client.delete(`${users}/${id}`);
  assert.equal(await displayName(), 'Changed');
  assert.equal((await client.get(`${users}/${id}`)).status, 404);
});

test('changes elsewhere neither count nor use up a hit', async () => {
  sandbox.addFault({ pattern: 'GET *Users', action: 'stale_read', times: 1 });
  assert.ok(!(await names()).includes('new@example.com'));
  await create('new@example.com');
  await client.post('/scim/v2/Groups', { displayName: 'elsewhere' });
  assert.ok(!(await names()).includes('new@example.com'));
  assert.ok((await names()).includes('new@example.com'));
});

test('a stale read of a page of networks leaves no trace in the account', async () => {
  const [network] = (await client.get('/networks')).json.filter((one: { workspace_id?: number }) => !one.workspace_id);
  sandbox.addFault({ pattern: 'GET *', action: 'stale_read', times: 2 });
  await client.delete(`/networks/${network.network_id}`);
  const state = JSON.stringify(sandbox.snapshot());
  for (let index = 0; index < 2; index += 1) await client.get(`/networks/${network.network_id}`);
  assert.equal(JSON.stringify(sandbox.snapshot()), state);
});

test('writes are real whatever reads say', async () => {
  sandbox.addFault({ pattern: 'GET *', action: 'stale_read' });
  await create('twice@example.com');
  assert.equal((await client.post(users, { userName: 'twice@example.com' })).status, 409);
});
