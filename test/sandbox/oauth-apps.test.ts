// Custom app integrations and the secrets of service principals.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signIn, start } from './client.js';

let clock = Date.UTC(2026, 1, 1);
const client = await start({ now: () => clock });
const apps = '/oauth2/custom-app-integrations';
const app = (given: object = {}) => ({ name: 'Probe', redirect_urls: ['https://probe.example/cb'], ...given });

test('apps are paged, and a page size is honoured', async () => {
  const first = (await client.get(apps)).json;
  assert.equal(first.apps.length, 4);
  const second = (await client.get(`${apps}?page_token=${first.next_page_token}`)).json;
  assert.equal(second.next_page_token, undefined);
  assert.equal((await client.get(`${apps}?page_size=1`)).json.apps.length, 1);
});

test('the creator is named only when asked for, with the word true', async () => {
  assert.equal((await client.get(apps)).json.apps[0].creator_username, undefined);
  assert.match((await client.get(`${apps}?include_creator_username=true`)).json.apps[0].creator_username, /@/);
  assert.equal((await client.get(`${apps}?include_creator_username=1`)).status, 400);
});

test('a keyword searches names and ids without regard to case', async () => {
  assert.equal((await client.get(`${apps}?search_keyword=POWER`)).json.apps[0].name, 'Power BI');
});

test('only a confidential app gets a secret, and only once', async () => {
  const open = (await client.post(apps, app())).json;
  assert.equal(open.client_secret, undefined);
  const closed = (await client.post(apps, app({ confidential: true }))).json;
  assert.match(closed.client_secret, /^dose[0-9a-f]{32}$/);
  assert.equal((await client.get(`${apps}/${closed.integration_id}`)).json.client_secret, undefined);
});

test('an update replaces the arrays and keeps the rest', async () => {
  const { integration_id } = (await client.post(apps, app({ scopes: ['sql', 'email'] }))).json;
  const path = `${apps}/${integration_id}`;
  assert.deepEqual((await client.patch(path, { scopes: ['openid'] })).json, {});
  const { scopes, redirect_urls } = (await client.get(path)).json;
  assert.deepEqual({ scopes, redirect_urls }, { scopes: ['openid'], redirect_urls: ['https://probe.example/cb'] });
  assert.equal((await client.patch(path, { name: 'Other' })).status, 400);
  await client.delete(path);
  assert.equal((await client.get(path)).status, 404);
});

const badApps: [name: string, given: object][] = [
  ['a scope that cannot be given to apps', { scopes: ['billing'] }],
  ['no redirect url', { redirect_urls: null }],
  ['a redirect that is no url', { redirect_urls: ['probe'] }],
  [
    'a session lifetime without single-use tokens',
    { token_access_policy: { absolute_session_lifetime_in_minutes: 60 } },
  ],
  ['a token lifetime out of range', { token_access_policy: { access_token_ttl_in_minutes: 4 } }],
];
for (const [name, given] of badApps) {
  test(`an app with ${name} is refused`, async () => {
    assert.equal((await client.post(apps, app(given))).status, 400);
  });
}

async function newPrincipal() {
  const { json } = await client.post('/scim/v2/ServicePrincipals', { displayName: 'holder' });
  return {
    id: json.applicationId as string,
    path: `/servicePrincipals/${json.id}/credentials/secrets`,
    scimId: json.id as string,
  };
}

test('a minted secret signs in until it is deleted, and its value is shown once', async () => {
  const { id, path } = await newPrincipal();
  const created = (await client.post(path, {})).json;
  assert.equal(Date.parse(created.expire_time) - Date.parse(created.create_time), 63_072_000_000);
  assert.equal((await signIn(client.sandbox, { id, secret: created.secret })).status, 200);
  const [listed] = (await client.get(path)).json.secrets;
  assert.equal(listed.secret, undefined);
  assert.equal(listed.secret_hash, created.secret_hash);
  await client.delete(`${path}/${created.id}`);
  assert.equal((await signIn(client.sandbox, { id, secret: created.secret })).status, 401);
});

test('a secret bound to scopes cannot exceed them', async () => {
  const { id, path } = await newPrincipal();
  const { secret, scopes } = (await client.post(path, { scopes: ['scim'] })).json;
  assert.deepEqual(scopes, ['scim']);
  assert.equal((await signIn(client.sandbox, { id, secret, scope: 'scim' })).status, 200);
  assert.equal((await signIn(client.sandbox, { id, secret, scope: 'all-apis' })).status, 403);
});

test('an expired secret neither signs in nor is listed', async () => {
  const { id, path } = await newPrincipal();
  const { secret } = (await client.post(path, { lifetime: '60s' })).json;
  clock += 61_000;
  assert.equal((await signIn(client.sandbox, { id, secret })).status, 401);
  assert.deepEqual((await client.get(path)).json.secrets, []);
});

test('five secrets are the limit, listed in pages', async () => {
  const { path } = await newPrincipal();
  for (let index = 0; index < 5; index += 1) assert.equal((await client.post(path, {})).status, 200);
  assert.equal((await client.post(path, {})).status, 400);
  const { secrets, next_page_token } = (await client.get(path)).json;
  assert.equal(secrets.length, 2);
  assert.equal((await client.get(`${path}?page_token=${next_page_token}&page_size=100`)).json.secrets.length, 3);
  assert.equal((await client.get(`${apps}?page_token=${next_page_token}`)).status, 400);
});

for (const lifetime of ['3600', '0s', '63072001s', '1h', 3600]) {
  test(`the lifetime ${JSON.stringify(lifetime)} is refused`, async () => {
    const { path } = await newPrincipal();
    assert.equal((await client.post(path, { lifetime })).status, 400);
  });
}

test('secrets belong to the numeric id, not to the application id', async () => {
  const { id } = await newPrincipal();
  assert.equal((await client.get(`/servicePrincipals/${id}/credentials/secrets`)).status, 400);
  assert.equal((await client.get('/servicePrincipals/1/credentials/secrets')).status, 404);
});

test('the secrets of a deleted principal are gone', async () => {
  const { id, path, scimId } = await newPrincipal();
  const { secret } = (await client.post(path, {})).json;
  await client.delete(`/scim/v2/ServicePrincipals/${scimId}`);
  assert.equal((await signIn(client.sandbox, { id, secret })).status, 401);
});
