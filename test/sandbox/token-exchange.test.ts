// Signing in without a secret of Databricks: a workload's JWT for a federation policy, and a token of Entra on Azure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, start } from './client.js';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const { sandbox } = await start();
const azure = (await start({ cloud: 'azure' })).sandbox;

const exchange = (fields: Record<string, string>, accountId = sandbox.accountId) =>
  send(
    sandbox,
    'POST',
    `/oidc/accounts/${accountId}/v1/token`,
    new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      scope: 'scim',
      client_id: sandbox.clientId,
      ...fields,
    }).toString(),
    form,
  );

test('a token that the federation policy takes is exchanged for one that opens what was asked for', async () => {
  const { status, json } = await exchange({ subject_token: sandbox.identityToken() });
  assert.deepEqual([status, json.scope, json.token_type, json.expires_in], [200, 'scim', 'Bearer', 3600]);
  const bearer = { authorization: `Bearer ${json.access_token}` };
  const base = `/api/2.0/accounts/${sandbox.accountId}`;
  assert.equal((await send(sandbox, 'GET', `${base}/scim/v2/Users?count=1`, undefined, bearer)).status, 200);
  assert.equal((await send(sandbox, 'GET', `${base}/workspaces`, undefined, bearer)).status, 403);
});

test('one of several audiences is enough', async () => {
  const subject_token = sandbox.identityToken({ audience: ['other', sandbox.accountId] });
  assert.equal((await exchange({ subject_token })).status, 200);
});

for (const [what, fields, why] of [
  ['no token', {}, /subject_token/],
  ['another type', { subject_token: sandbox.identityToken(), subject_token_type: 'x' }, /subject_token_type/],
  ['no JWT', { subject_token: 'a.b.c' }, /not a valid JWT/],
  ['an expired one', { subject_token: sandbox.identityToken({ expiresIn: -1 }) }, /expired/],
  [
    'another issuer',
    { subject_token: sandbox.identityToken({ issuer: 'https://evil.example' }) },
    /No federation policy/,
  ],
  ['another subject', { subject_token: sandbox.identityToken({ subject: 'x' }) }, /No federation policy/],
  ['another audience', { subject_token: sandbox.identityToken({ audience: 'x' }) }, /audience/],
  ['another client', { subject_token: sandbox.identityToken(), client_id: 'x' }, /No federation policy/],
] as [string, Record<string, string>, RegExp][]) {
  test(`${what} is refused as an invalid request`, async () => {
    const { status, json } = await exchange(fields);
    assert.deepEqual([status, json.error], [400, 'invalid_request']);
    assert.match(json.error_description, why);
  });
}

test('an identity token is no access token, and an access token no identity', async () => {
  const subject_token = sandbox.identityToken();
  const bearer = { authorization: `Bearer ${subject_token}` };
  const path = `/api/2.0/accounts/${sandbox.accountId}/scim/v2/Users`;
  assert.equal((await send(sandbox, 'GET', path, undefined, bearer)).status, 401);
  const { access_token } = (await exchange({ subject_token })).json;
  assert.equal((await exchange({ subject_token: access_token })).status, 400);
});

test('what was exchanged is not kept in the record', () => {
  assert.ok(sandbox.requests.length > 0);
  assert.ok(!JSON.stringify(sandbox.requests).includes('eyJ'));
});

const entra = (fields: Record<string, string>, tenant = azure.tenantId, account = azure) =>
  send(
    account,
    'POST',
    `/${tenant}/oauth2/v2.0/token`,
    new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: azure.clientId,
      client_secret: azure.entraSecret,
      scope: '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default',
      ...fields,
    }).toString(),
    form,
  );

test('on Azure a token of Entra opens everything the principal may do', async () => {
  const { status, json } = await entra({});
  assert.equal(status, 200);
  assert.equal('scope' in json, false);
  const bearer = { authorization: `Bearer ${json.access_token}` };
  const path = `/api/2.0/accounts/${azure.accountId}/workspaces`;
  assert.equal((await send(azure, 'GET', path, undefined, bearer)).status, 200);
  assert.equal((await send(sandbox, 'GET', path, undefined, bearer)).status, 401, 'not on another cloud');
});

for (const [what, code, answer] of [
  ['a wrong secret', 'AADSTS7000215', () => entra({ client_secret: azure.clientSecret })],
  ['an unknown application', 'AADSTS700016', () => entra({ client_id: 'x' })],
  ['an unknown tenant', 'AADSTS90002', () => entra({}, 'x')],
  ['a scope of Databricks', 'AADSTS1002012', () => entra({ scope: 'all-apis' })],
] as const) {
  test(`${what} is refused with ${code}`, async () => {
    const { status, json } = await answer();
    assert.ok(status === 400 || status === 401);
    assert.match(json.error_description, new RegExp(`^${code}:`));
  });
}

test('other clouds have no Entra', async () => {
  assert.equal((await entra({}, azure.tenantId, sandbox)).status, 404);
});
