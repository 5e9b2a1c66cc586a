// What a token opens: authentication, scopes and the account-admin check on API routes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callWith, send, signIn, start } from './client.js';

let clock = Date.UTC(2026, 5, 1);
const client = await start({ now: () => clock });
const { sandbox } = client;
const users = `/api/2.0/accounts/${sandbox.accountId}/scim/v2/Users?count=1`;
const withToken = (token: string, path = users) =>
  send(sandbox, 'GET', path, undefined, { authorization: `Bearer ${token}` });

test('a call without a token is refused with 401', async () => {
  assert.equal((await send(sandbox, 'GET', users, undefined, {})).status, 401);
});

test('an invented or tampered token is refused with 401', async () => {
  const { access_token } = (await signIn(sandbox)).json;
  assert.equal((await withToken('dapi123')).status, 401);
  assert.equal((await withToken(`${access_token}x`)).status, 401);
});

test('a token stops working after its hour', async () => {
  const { access_token } = (await signIn(sandbox)).json;
  assert.equal((await withToken(access_token)).status, 200);
  clock += 3_600_000;
  assert.equal((await withToken(access_token)).status, 401);
});

test('a token does not open another account', async () => {
  const { access_token } = (await signIn(sandbox)).json;
  assert.equal((await withToken(access_token, '/api/2.0/accounts/other/scim/v2/Users')).status, 403);
});

const truth: [scope: string, method: string, path: string, status: number][] = [
  ['scim', 'GET', '/scim/v2/Users?count=1', 200],
  ['scim:read', 'GET', '/scim/v2/Users?count=1', 200],
  ['scim:read', 'DELETE', '/scim/v2/Users/1', 403],
  ['billing', 'GET', '/scim/v2/Users?count=1', 403],
  ['billing scim', 'GET', '/scim/v2/Users?count=1', 200],
  ['all-apis', 'GET', '/scim/v2/Users?count=1', 200],
  ['provisioning', 'GET', '/workspaces', 200],
  ['networking', 'GET', '/networks', 200],
  ['unity-catalog', 'GET', '/credentials', 200],
  ['provisioning', 'GET', '/credentials', 403],
  ['access-management', 'GET', '/ip-access-lists', 200],
  ['scim', 'GET', '/oauth2/custom-app-integrations', 403],
];
for (const [scope, method, path, status] of truth) {
  test(`a token for '${scope}' calling ${method} ${path} gets ${status}`, async () => {
    assert.equal((await callWith(sandbox, scope, method, path)).status, status);
  });
}

test('the refusal names the missing scope in the documented words', async () => {
  const { json } = await callWith(sandbox, 'billing', 'GET', '/workspaces');
  assert.equal(json.message, 'Provided OAuth token does not have required scopes: provisioning');
});

test('secrets open for authentication as well as for all-apis', async () => {
  const { json } = await client.get(
    `/scim/v2/ServicePrincipals?filter=${encodeURIComponent('displayName eq "ci-deploy"')}`,
  );
  const path = `/servicePrincipals/${json.Resources[0].id}/credentials/secrets`;
  assert.equal((await callWith(sandbox, 'authentication', 'GET', path)).status, 200);
  assert.equal((await callWith(sandbox, 'scim', 'GET', path)).status, 403);
});

async function newPrincipal(roles: object[] = []) {
  const { json } = await client.post('/scim/v2/ServicePrincipals', { displayName: `worker-${roles.length}`, roles });
  const { json: secret } = await client.post(`/servicePrincipals/${json.id}/credentials/secrets`, {});
  return { id: json.id as string, as: { id: json.applicationId as string, secret: secret.secret as string } };
}

test('a principal without the account admin role is refused, and let in through an admin group', async () => {
  const worker = await newPrincipal();
  const probe = () => callWith(sandbox, 'all-apis', 'GET', '/workspaces', worker.as);
  const refused = await probe();
  assert.equal(refused.status, 403);
  assert.match(refused.json.message, /^This API is disabled for users without account admin status\./);

  const inner = (await client.post('/scim/v2/Groups', { displayName: 'inner', members: [{ value: worker.id }] })).json;
  const roles = [{ value: 'account_admin' }];
  await client.post('/scim/v2/Groups', { displayName: 'outer', members: [{ value: inner.id }], roles });
  assert.equal((await probe()).status, 200);
});

test('an inactive principal cannot sign in and its tokens stop working', async () => {
  const worker = await newPrincipal([{ value: 'account_admin' }]);
  const { access_token } = (await signIn(sandbox, worker.as)).json;
  const { status } = await client.patch(`/scim/v2/ServicePrincipals/${worker.id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: [{ value: 'false' }] }],
  });
  assert.equal(status, 204);
  assert.equal((await withToken(access_token)).status, 401);
  assert.equal((await signIn(sandbox, worker.as)).status, 401);
});

test('an unknown route is answered with ENDPOINT_NOT_FOUND', async () => {
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['DELETE', '/workspaces'],
    ['GET', '/scim/v2/Users/'],
  ] as const) {
    const { status, json } = await client.call(method, path);
    assert.equal(status, 404);
    assert.equal(json.error_code, 'ENDPOINT_NOT_FOUND');
  }
});
