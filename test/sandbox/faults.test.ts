// Planned faults, and the record of what was asked.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { send, signIn, start } from './client.js';

const client = await start();
const { sandbox } = client;
const lists = '/ip-access-lists';
const pattern = 'GET /api/2.0/accounts/*/ip-access-lists';
const statuses = async (count: number) => {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) seen.push((await client.get(lists)).status);
  return seen;
};
afterEach(() => sandbox.clearFaults());

test('a status fault answers instead of the server, with its own body and headers', async () => {
  sandbox.addFault({
    pattern,
    action: 'status',
    status: 429,
    body: '{"error_code":"SLOW"}',
    headers: { 'Retry-After': '7' },
  });
  const { status, headers, json } = await client.get(lists);
  assert.equal(status, 429);
  assert.equal(headers.get('retry-after'), '7');
  assert.equal(json.error_code, 'SLOW');
});

test('offset lets requests pass and times limits the hits', async () => {
  sandbox.addFault({ pattern, action: 'status', status: 503, offset: 1, times: 2 });
  assert.deepEqual(await statuses(5), [200, 503, 503, 200, 200]);
});

test('only matching methods and paths are hit', async () => {
  sandbox.addFault({ pattern: '* /api/2.0/accounts/*/networks*', action: 'status', status: 500 });
  assert.equal((await client.get(lists)).status, 200);
  assert.equal((await client.get('/networks')).status, 500);
  assert.equal((await client.delete('/networks/x')).status, 500);
});

test('a delay holds the answer back', async () => {
  sandbox.addFault({ pattern, action: 'delay', delayMs: 80 });
  const began = performance.now();
  assert.equal((await client.get(lists)).status, 200);
  assert.ok(performance.now() - began >= 75);
});

test('a drop closes the connection without an answer', async () => {
  sandbox.addFault({ pattern, action: 'drop', times: 1 });
  await assert.rejects(client.get(lists));
  assert.equal((await client.get(lists)).status, 200);
});

test('without afterHandler nothing happens, with it the effect stays', async () => {
  const create = (label: string) => client.post(lists, { label, list_type: 'ALLOW', ip_addresses: ['203.0.113.9'] });
  const labels = async () => (await client.get(lists)).json.ip_access_lists.map((one: { label: string }) => one.label);
  sandbox.addFault({ pattern: `POST *${lists}`, action: 'status', status: 500, times: 1 });
  sandbox.addFault({ pattern: `POST *${lists}`, action: 'status', status: 500, afterHandler: true });
  assert.equal((await create('before')).status, 500);
  assert.equal((await create('after')).status, 500);
  assert.ok(!(await labels()).includes('before'));
  assert.ok((await labels()).includes('after'));
});

test('the token endpoint can be hit, too', async () => {
  sandbox.addFault({ pattern: 'POST /oidc/*', action: 'status', status: 503, times: 1 });
  assert.equal((await signIn(sandbox)).status, 503);
  assert.equal((await signIn(sandbox)).status, 200);
});

test('requests are recorded raw, in order and without credentials', async () => {
  sandbox.clearRequests();
  const form = `grant_type=client_credentials&client_id=${sandbox.clientId}&client_secret=${sandbox.clientSecret}`;
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  await send(sandbox, 'POST', `/oidc/accounts/${sandbox.accountId}/v1/token`, form, type);
  await signIn(sandbox);
  await client.get('/scim/v2/Users/a%2Fb?attributes=id%2Croles');
  const [inForm, inHeader, user] = sandbox.requests;
  assert.equal(sandbox.requests.length, 3);
  assert.match(inForm?.body ?? '', /client_secret=\*\*\*$/);
  assert.equal(inHeader?.headers.authorization, 'Basic');
  assert.equal(user?.headers.authorization, 'Bearer');
  assert.equal(user?.path, `/api/2.0/accounts/${sandbox.accountId}/scim/v2/Users/a%2Fb`);
  assert.equal(user?.query, 'attributes=id%2Croles');
  assert.equal(user?.status, 404);
  assert.ok(!JSON.stringify(sandbox.requests).includes(sandbox.clientSecret));
});

test('the log has a line per request', async () => {
  const lines: string[] = [];
  const other = await start({ log: (line) => lines.push(line) });
  await other.get('/networks');
  assert.match(lines[0] ?? '', /^POST \/oidc\/\S+ 200$/);
  assert.match(lines[1] ?? '', /^GET \/api\/\S+\/networks 200$/);
});
