// Control over HTTP and the life of a sandbox.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import { Client, signIn, start } from './client.js';

const client = await start();
const { sandbox } = client;

test('the sandbox introduces itself without its secret', async () => {
  const { json, text } = await client.get('/_sandbox');
  const { endpoints, ...about } = json;
  assert.deepEqual(about, { url: sandbox.url, accountId: sandbox.accountId, clientId: sandbox.clientId });
  for (const name of ['faults', 'effects', 'state', 'requests'])
    assert.ok(endpoints.includes(`GET /_sandbox/${name}`), name);
  assert.ok(!text.includes(sandbox.clientSecret));
});

test('requests are read and cleared, control requests are not among them', async () => {
  await client.get('/networks');
  const { requests } = (await client.get('/_sandbox/requests')).json;
  assert.ok(requests.some(({ path }: { path: string }) => path.endsWith('/networks')));
  assert.ok(requests.every(({ path }: { path: string }) => !path.startsWith('/_sandbox')));
  await client.delete('/_sandbox/requests');
  assert.deepEqual((await client.get('/_sandbox/requests')).json.requests, []);
});

test('faults are planned one or many at a time, listed with their hits and cleared', async () => {
  const fault = { pattern: 'GET *networks', action: 'status', status: 418 };
  await client.post('/_sandbox/faults', fault);
  await client.post('/_sandbox/faults', [{ ...fault, pattern: 'GET *workspaces', times: 1 }]);
  assert.equal((await client.get('/networks')).status, 418);
  const { faults } = (await client.get('/_sandbox/faults')).json;
  assert.deepEqual(
    faults.map((one: { hits: number }) => one.hits),
    [1, 0],
  );
  await client.delete('/_sandbox/faults');
  assert.equal((await client.get('/networks')).status, 200);
});

test('one bad rule among many keeps all of them out', async () => {
  const good = { pattern: 'GET *', action: 'drop' };
  assert.equal((await client.post('/_sandbox/faults', [good, { ...good, times: 0 }])).status, 400);
  assert.deepEqual((await client.get('/_sandbox/faults')).json.faults, []);
});

test('a reset goes back to the very same seed', async () => {
  const users = async () => (await client.get('/scim/v2/Users?count=1000')).text;
  const seed = await users();
  await client.post('/scim/v2/Users', { userName: 'gone@example.com' });
  assert.notEqual(await users(), seed);
  assert.equal((await client.post('/_sandbox/reset')).status, 200);
  assert.equal(await users(), seed);
});

test('a reset takes faults and effects with it', async () => {
  await client.post('/scim/v2/Users', { userName: 'also-gone@example.com' });
  sandbox.addFault({ pattern: 'GET *', action: 'drop' });
  await client.post('/_sandbox/reset');
  assert.deepEqual((await client.get('/_sandbox/faults')).json.faults, []);
  assert.deepEqual(sandbox.effects, []);
});

test('a reset may bind the secret to other scopes, until the next one', async () => {
  const granted = async () => (await signIn(sandbox, { scope: '' })).json.scope;
  await client.post('/_sandbox/reset', { scopes: ['scim', 'billing'] });
  assert.equal(await granted(), 'scim billing');
  assert.equal((await client.post('/_sandbox/reset', { scopes: 'scim' })).status, 400);
  sandbox.reset();
  assert.equal(await granted(), 'all-apis');
});

test('a reset cuts off what is still waiting: it never takes effect', async () => {
  sandbox.addFault({ pattern: 'POST *Users', action: 'delay', delayMs: 50 });
  const pending = client.post('/scim/v2/Users', { userName: 'late@example.com' });
  const refused = assert.rejects(pending);
  await client.untilHit();
  sandbox.reset();
  await refused;
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.deepEqual(sandbox.effects, []);
});

test('unknown control endpoints are 404', async () => {
  assert.equal((await client.get('/_sandbox/nothing')).status, 404);
});

test('control is refused to foreign host names, web pages and other content types', async () => {
  const byHost = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { host: 'sandbox.example.com' };
    request(`${sandbox.url}/_sandbox`, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
  assert.equal(byHost, 403);
  assert.equal(
    (await client.call('POST', '/_sandbox/reset', undefined, { origin: 'https://evil.example' })).status,
    403,
  );
  assert.equal((await client.call('POST', '/_sandbox/faults', '[]', { 'content-type': 'text/plain' })).status, 400);
});

test('close ends promptly with open keep-alive connections and pending delays', async () => {
  const short = await startSandbox();
  const user = new Client(short);
  await user.get('/networks');
  short.addFault({ pattern: 'GET *', action: 'delay', delayMs: 60_000 });
  const pending = user.get('/networks').catch((error: unknown) => error);
  while (short.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  await short.close();
  assert.ok(performance.now() - began < 1_000);
  assert.ok((await pending) instanceof Error);
});

test('a taken port rejects the start', async () => {
  await assert.rejects(startSandbox({ port: Number(new URL(sandbox.url).port) }), { code: 'EADDRINUSE' });
});

test('a web page reaches neither the API nor the token endpoint, by whatever name it found the port', async () => {
  const { port } = new URL(sandbox.url);
  const ask = (path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (res) => {
        res.resume();
        resolve(res.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  const paths = [
    `/oidc/accounts/${sandbox.accountId}/v1/token`,
    `/api/2.0/accounts/${sandbox.accountId}/scim/v2/Groups`,
    '/.well-known/databricks-config',
  ];
  for (const path of paths) {
    assert.equal(await ask(path, { host: 'evil.example' }), 403, path);
    assert.equal(await ask(path, { origin: 'https://evil.example' }), 403, path);
    assert.equal(await ask(path, { origin: 'null' }), 403, path);
  }
});
