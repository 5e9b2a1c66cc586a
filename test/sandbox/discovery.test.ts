// The documents an unmodified official SDK reads before it signs in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send, start } from './client.js';

const client = await start();
const { sandbox } = client;
const read = async (path: string) => (await send(sandbox, 'GET', path, undefined, {})).json;

test('the host metadata points at the account issuer with a literal placeholder', async () => {
  const document = await read('/.well-known/databricks-config');
  assert.equal(document.oidc_endpoint, `${sandbox.url}/oidc/accounts/{account_id}`);
  assert.equal(document.host_type, 'account');
});

for (const name of ['oauth-authorization-server', 'openid-configuration']) {
  test(`the account issuer describes its token endpoint in ${name}`, async () => {
    const document = await read(`/oidc/accounts/${sandbox.accountId}/.well-known/${name}`);
    assert.equal(document.token_endpoint, `${sandbox.url}/oidc/accounts/${sandbox.accountId}/v1/token`);
    assert.deepEqual(document.scopes_supported, ['all-apis', 'email', 'offline_access', 'openid', 'profile', 'sql']);
  });

  test(`the host issuer describes its token endpoint in ${name}`, async () => {
    assert.equal((await read(`/oidc/.well-known/${name}`)).token_endpoint, `${sandbox.url}/oidc/v1/token`);
  });
}
