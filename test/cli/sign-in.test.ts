/** Every way of signing in, from the command line to the account and back, with no credential in anything that is shown. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openAccountBook } from '../../src/link/accounts.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { home, json, run } from './program.js';

async function sandbox(options: SandboxOptions = {}) {
  const account = await startSandbox(options);
  after(() => account.close());
  return account;
}

const aws = await sandbox();
const azure = await sandbox({ cloud: 'azure' });

const target = ({ url, accountId }: Sandbox) => ({ DATABRICKS_HOST: url, DATABRICKS_ACCOUNT_ID: accountId });
const federated = { ...target(aws), DATABRICKS_CLIENT_ID: aws.clientId };
const entra = {
  ...target(azure),
  DATABRICKS_CLOUD: 'azure',
  ARM_CLIENT_ID: azure.clientId,
  ARM_TENANT_ID: azure.tenantId,
  ARM_CLIENT_SECRET: azure.entraSecret,
  DATABRICKS_MCP_LOOPBACK_LOGIN: azure.url,
};

const idToken = aws.identityToken();
const tokenFile = join(home, 'id-token');
writeFileSync(tokenFile, `${idToken}\n`);
const secretFile = join(home, 'secret');
writeFileSync(secretFile, aws.clientSecret, { mode: 0o600 });

const methods: [method: string, account: Sandbox, env: Record<string, string>, credential: string][] = [
  ['oauth-m2m', aws, { ...federated, DATABRICKS_CLIENT_SECRET_FILE: secretFile }, aws.clientSecret],
  ['env-oidc', aws, { ...federated, DATABRICKS_OIDC_TOKEN: idToken }, idToken],
  ['file-oidc', aws, { ...federated, DATABRICKS_OIDC_TOKEN_FILEPATH: tokenFile }, idToken],
  ['azure-client-secret', azure, entra, azure.entraSecret],
];

for (const [method, account, env, credential] of methods) {
  const unseen = (...texts: string[]) => {
    for (const text of texts) {
      assert.ok(!text.includes(credential) && !text.includes(encodeURIComponent(credential)));
      assert.ok(!/eyJ[\w-]{8}|Bearer /.test(text), text);
    }
  };

  test(`${method} signs a call in`, async () => {
    account.clearRequests();
    const ended = await run(['call', 'list_workspaces', '--json', '--log-level', 'debug'], env);
    assert.equal(ended.code, 0, ended.stderr);
    assert.ok(json(ended).data.length > 0);
    assert.deepEqual(
      account.requests.map(({ method: verb, status }) => [verb, status]),
      [
        ['POST', 200],
        ['GET', 200],
      ],
    );
    unseen(ended.stdout, ended.stderr);
  });

  test(`${method} is what the doctor names, with nothing wrong`, async () => {
    const ended = await run(['doctor', '--json'], env);
    const { findings } = json(ended) as { findings: { check: string; level: string; message: string }[] };
    assert.deepEqual(
      findings.filter(({ level }) => level === 'fail'),
      [],
    );
    const told = (check: string) => findings.find((each) => each.check === check)?.message ?? '';
    assert.ok(told('auth_type').startsWith(method), told('auth_type'));
    assert.match(told('scopes'), method === 'azure-client-secret' ? /all-apis|opens everything/ : /all-apis/);
    unseen(ended.stdout, ended.stderr);
  });

  test(`${method} knows itself: it does not delete its own service principal`, async () => {
    const list = json(
      await run(['call', 'list_service_principals', `filter=applicationId eq "${account.clientId}"`], env),
    );
    const ended = await run(['call', 'delete_service_principal', `id=${list.data[0].id}`, '--json'], env);
    assert.equal(json(ended).error?.kind, 'lockout', ended.stdout);
    unseen(ended.stdout, ended.stderr);
  });
}

test('a refused credential is in nothing that is shown', async () => {
  const spoilt = aws.identityToken({ audience: 'https://other.example' });
  const wrong = 'entra~wrong-secret-value';
  for (const [env, credential, want] of [
    [{ ...federated, DATABRICKS_OIDC_TOKEN: spoilt }, spoilt, /another audience/],
    [{ ...federated, DATABRICKS_OIDC_TOKEN: 'not-a-token-at-all' }, 'not-a-token-at-all', /is not a token/],
    [{ ...entra, ARM_CLIENT_SECRET: wrong }, wrong, /refused the client secret/],
  ] as const) {
    for (const args of [['call', 'list_workspaces'], ['call', 'list_workspaces', '--json'], ['doctor']]) {
      const { stdout, stderr, code } = await run(args, env);
      assert.notEqual(code, 0);
      assert.match(stdout + stderr, want);
      assert.ok(!(stdout + stderr).includes(credential));
    }
  }
});

test('an account that was linked signs in by its profile, by each method', async () => {
  const configFile = join(home, 'linked.cfg');
  const stateRoot = join(home, 'linked-state');
  const book = openAccountBook({ configFile, stateRoot, env: {}, platform: process.platform, home });
  const of = ({ url: host, accountId, clientId }: Sandbox) => ({ host, accountId, clientId, scopes: [] });
  await book.save({ ...of(aws), name: 'secret' }, { value: aws.clientSecret, place: 'file' });
  await book.save({ ...of(aws), name: 'file', method: 'file-oidc', oidcTokenFilepath: tokenFile }, undefined);
  await book.save({ ...of(aws), name: 'variable', method: 'env-oidc', oidcTokenEnv: 'CI_TOKEN' }, undefined);
  const onAzure = {
    ...of(azure),
    cloud: 'azure',
    method: 'azure-client-secret',
    azureTenantId: azure.tenantId,
  } as const;
  await book.save({ ...onAzure, name: 'entra' }, { value: azure.entraSecret, place: 'file' });
  await book.save({ ...onAzure, name: 'plain' }, { value: azure.entraSecret, place: 'profile' });
  assert.deepEqual(
    (await book.list()).map(({ name, method, secretPlace }) => [name, method, secretPlace]),
    [
      ['secret', 'oauth-m2m', 'file'],
      ['file', 'file-oidc', undefined],
      ['variable', 'env-oidc', undefined],
      ['entra', 'azure-client-secret', 'file'],
      ['plain', 'azure-client-secret', 'profile'],
    ],
  );
  const env = { DATABRICKS_CONFIG_FILE: configFile, CI_TOKEN: idToken, DATABRICKS_MCP_LOOPBACK_LOGIN: azure.url };
  for (const profile of ['secret', 'file', 'variable', 'entra', 'plain']) {
    const ended = await run(['call', 'list_workspaces', '--json', '--profile', profile], env);
    assert.equal(ended.code, 0, `${profile}: ${ended.stdout}${ended.stderr}`);
  }
  assert.equal(readFileSync(configFile, 'utf8').split(azure.entraSecret).length, 2);
});
