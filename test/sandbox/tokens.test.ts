// The token endpoint: who gets a token, with which scopes, and how each refusal is worded.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSandbox } from '../../src/sandbox/index.js';
import { send, signIn, start } from './client.js';

const { sandbox } = await start();
const scoped = (await start({ scopes: ['scim', 'billing'] })).sandbox;
const form = 'application/x-www-form-urlencoded';
const tokenPath = `/oidc/accounts/${sandbox.accountId}/v1/token`;
const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  send(sandbox, 'POST', tokenPath, new URLSearchParams(fields).toString(), { 'content-type': form, ...headers });
const credentials = { client_id: sandbox.clientId, client_secret: sandbox.clientSecret };

test('a secret in the header gets a bearer token for an hour', async () => {
  const { status, json } = await signIn(sandbox);
  assert.equal(status, 200);
  assert.deepEqual(
    { ...json, access_token: '' },
    { access_token: '', token_type: 'Bearer', expires_in: 3600, scope: 'all-apis' },
  );
});

test('a secret in the form works as well', async () => {
  const { status, json } = await post({ grant_type: 'client_credentials', scope: 'scim billing', ...credentials });
  assert.equal(status, 200);
  assert.equal(json.scope, 'scim billing');
});

test('the token is a JWT that names client, account, scope and expiry', async () => {
  const { json } = await signIn(sandbox, { scope: 'scim' });
  const claims = JSON.parse(Buffer.from(json.access_token.split('.')[1], 'base64url').toString());
  assert.equal(claims.sub, sandbox.clientId);
  assert.equal(claims.aud, sandbox.accountId);
  assert.equal(claims.scope, 'scim');
  assert.equal(claims.exp - claims.iat, 3600);
  assert.ok(claims.jti);
});

test('without a scope the token carries everything the secret is bound to', async () => {
  assert.equal((await post({ grant_type: 'client_credentials', ...credentials })).json.scope, 'all-apis');
});

const refusals: [name: string, fields: Record<string, string>, status: number, error: string][] = [
  [
    'a wrong secret',
    { grant_type: 'client_credentials', ...credentials, client_secret: 'dose0' },
    401,
    'invalid_client',
  ],
  [
    'an unknown client',
    { grant_type: 'client_credentials', ...credentials, client_id: 'nobody' },
    401,
    'invalid_client',
  ],
  ['no credentials', { grant_type: 'client_credentials' }, 401, 'invalid_client'],
  ['another grant', { grant_type: 'password', ...credentials }, 400, 'unsupported_grant_type'],
  ['no grant', credentials, 400, 'invalid_request'],
];
for (const [name, fields, status, error] of refusals) {
  test(`${name} is refused with ${error}`, async () => {
    const answer = await post(fields);
    assert.equal(answer.status, status);
    assert.equal(answer.json.error, error);
  });
}

test('the token endpoint of another account refuses like a wrong secret', async () => {
  const answer = await signIn(sandbox, { path: '/oidc/accounts/00000000-0000-4000-8000-000000000000/v1/token' });
  assert.equal(answer.status, 401);
  assert.equal(answer.json.error, 'invalid_client');
});

test('a JSON body is refused: the endpoint takes forms only', async () => {
  const answer = await send(sandbox, 'POST', tokenPath, JSON.stringify(credentials), {
    'content-type': 'application/json',
  });
  assert.equal(answer.status, 400);
  assert.equal(answer.json.error, 'invalid_request');
});

test('asking for a scope the secret lacks is refused with the documented body', async () => {
  const { status, json } = await signIn(scoped, { scope: 'all-apis' });
  assert.equal(status, 403);
  assert.equal(json.error, 'access_denied');
  assert.equal(json.error_description, `Scopes 'all-apis' are not assigned to the client ${scoped.clientId}`);
  assert.ok(json.request_id);
});

test('a scoped secret grants its scopes, and their read-only halves', async () => {
  assert.equal((await signIn(scoped, { scope: 'billing' })).json.scope, 'billing');
  assert.equal((await signIn(scoped, { scope: 'scim:read' })).json.scope, 'scim:read');
});

test('two sandboxes hand out the same identity', async () => {
  const other = await startSandbox();
  assert.equal(other.clientSecret, sandbox.clientSecret);
  assert.match(other.clientSecret, /^dose[0-9a-f]{32}$/);
  await other.close();
});
