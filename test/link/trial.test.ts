/** A trial of an account against the sandbox: what works, and each problem by its name, with no secret in any of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { type Trial, tryAccount } from '../../src/link/trial.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { httpServer } from '../databricks/servers.js';
import { Client } from '../sandbox/client.js';

const state = mkdtempSync(join(tmpdir(), 'databricks-actions-mcp-trial-test-'));
after(() => rmSync(state, { recursive: true, force: true, maxRetries: 3 }));
const env = { DATABRICKS_MCP_STATE_DIR: state };

async function sandbox(t: TestContext, options: SandboxOptions = {}) {
  const account = await startSandbox(options);
  t.after(() => account.close());
  return account;
}

const flagsOf = ({ url: host, accountId, clientId }: Sandbox, more: object = {}) => ({
  host,
  accountId,
  clientId,
  ...more,
});

/** Also checks that what was tried is nowhere in the result. */
async function tried(flags: Parameters<typeof tryAccount>[0], secret: string | undefined, more: object = {}) {
  const trial = await tryAccount(flags, secret, { env: { ...env, ...more } });
  if (secret !== undefined) assert.ok(!JSON.stringify(trial).includes(secret));
  assert.ok(!/eyJ|\bBasic /.test(JSON.stringify(trial)));
  return trial;
}

function problem({ problem: found, signedIn }: Trial, kind: string, message: RegExp, next: RegExp, isSignedIn = false) {
  assert.equal(found?.kind, kind, JSON.stringify(found));
  assert.match(found?.message ?? '', message);
  assert.match(found?.next ?? '', next);
  assert.equal(signedIn, isSignedIn);
}

test('an account that works is signed in, and says what its scopes open', async (t) => {
  const account = await sandbox(t);
  const trial = await tried(flagsOf(account), account.clientSecret);
  assert.deepEqual([trial.signedIn, trial.granted, trial.missing, trial.problem], [true, ['all-apis'], [], undefined]);
  assert.ok(trial.opens.length > 0);
  for (const { open, all } of trial.opens) assert.deepEqual(open, all);
  assert.deepEqual(
    account.requests.map(({ method }) => method),
    ['POST', 'GET'],
  );
  assert.deepEqual(readdirSync(state), []);
});

test('narrow scopes open their areas and no other', async (t) => {
  const account = await sandbox(t, { scopes: ['scim'] });
  const { granted, opens, problem: found } = await tried(flagsOf(account, { scopes: 'scim' }), account.clientSecret);
  assert.deepEqual([granted, found], [['scim'], undefined]);
  const open = opens.filter((area) => area.open.length > 0).map(({ title }) => title);
  assert.ok(open.includes('Users') && !open.some((title) => /billing/i.test(title)), open.join());
});

test('scopes that open no action are named, although they were granted', async (t) => {
  const account = await sandbox(t);
  const trial = await tried(flagsOf(account, { scopes: 'scmi' }), account.clientSecret);
  problem(trial, 'opens_nothing', /open no action: scmi\./, /Choose actions/, true);
});

test('a profile is tried as it stands, whatever the environment says about another account', async (t) => {
  const account = await sandbox(t);
  const configFile = join(state, 'profile.cfg');
  t.after(() => rmSync(configFile));
  const text = `[dev]\nhost=${account.url}\naccount_id=${account.accountId}\nclient_id=${account.clientId}\nclient_secret=${account.clientSecret}\n`;
  writeFileSync(configFile, text, { mode: 0o600 });
  const others = {
    DATABRICKS_HOST: 'https://accounts.gcp.databricks.com',
    DATABRICKS_CLIENT_ID: 'x',
    DATABRICKS_CLIENT_SECRET: 'y',
    DATABRICKS_TOKEN: 'z',
    DATABRICKS_MCP_AREAS: 'billing',
    DATABRICKS_MCP_POLICY_FILE: '/nowhere',
  };
  const trial = await tried({ profile: 'dev', configFile }, undefined, others);
  assert.deepEqual([trial.signedIn, trial.problem], [true, undefined]);
  const named = await tried({ profile: 'dev' }, undefined, { ...others, DATABRICKS_CONFIG_FILE: configFile });
  assert.deepEqual([named.signedIn, named.problem], [true, undefined]);
  assert.ok(!JSON.stringify(trial).includes(account.clientSecret));
});

test('wrong host: it answers with a page', async (t) => {
  const account = await sandbox(t);
  const page = await httpServer(t, (_, res) => {
    res.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
  });
  const trial = await tried(flagsOf(account, { host: page.origin }), account.clientSecret);
  problem(trial, 'wrong_host', /login page/, /DATABRICKS_HOST/);
});

test('wrong host: it leads to a login', async (t) => {
  const account = await sandbox(t);
  const page = await httpServer(t, (_, res) => void res.writeHead(302, { location: '/login.html' }).end());
  problem(
    await tried(flagsOf(account, { host: page.origin }), account.clientSecret),
    'wrong_host',
    /login page/,
    /HOST/,
  );
});

test('wrong host: it may not have credentials, and gets none', async (t) => {
  const account = await sandbox(t);
  const elsewhere = flagsOf(account, { host: 'https://acme.example' });
  problem(await tried(elsewhere, account.clientSecret), 'wrong_host', /no known Databricks/, /--allow-host acme/);
  const workspace = flagsOf(account, { host: 'https://dbc-1.cloud.databricks.com' });
  problem(await tried(workspace, account.clientSecret), 'wrong_host', /workspace host/, /accounts\.cloud/);
});

test('unreachable: nobody listens there', async (t) => {
  const account = await sandbox(t);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const trial = await tried(flagsOf(account, { host: `http://127.0.0.1:${port}` }), account.clientSecret);
  problem(trial, 'unreachable', /No connection/, /host/);
});

test('wrong account: the id is none, or the client id once more', async (t) => {
  const account = await sandbox(t);
  const { clientSecret, accountId } = account;
  problem(await tried(flagsOf(account, { accountId: '1234' }), clientSecret), 'wrong_account', /not a UUID/, /console/);
  const twice = await tried(flagsOf(account, { clientId: accountId }), clientSecret);
  problem(twice, 'wrong_account', /the same/, /application id/);
});

test('wrong account: Databricks answers like to a wrong secret, so both are named', async (t) => {
  const account = await sandbox(t);
  const accountId = '12345678-90ab-cdef-1234-567890abcdef';
  const trial = await tried(flagsOf(account, { accountId }), account.clientSecret);
  problem(trial, 'wrong_secret', /wrong client id, secret or account id/, /the account id/);
});

test('wrong secret', async (t) => {
  const account = await sandbox(t);
  problem(await tried(flagsOf(account), 'not-the-secret-it-was'), 'wrong_secret', /secret/, /the client id/);
});

test('scope not assigned to the secret', async (t) => {
  const account = await sandbox(t, { scopes: ['scim'] });
  const trial = await tried(flagsOf(account, { scopes: 'billing' }), account.clientSecret);
  problem(trial, 'scope_not_assigned', /not bound to the scopes asked for \(billing\).*Databricks said/, /--scopes/);
});

test('a principal that is no account admin signs in, and is told what it lacks', async (t) => {
  const account = await sandbox(t);
  const client = new Client(account);
  const { json } = await client.get('/scim/v2/ServicePrincipals?filter=displayName%20eq%20%22ci-deploy%22');
  const [{ id, applicationId: clientId }] = json.Resources;
  const { secret } = (await client.post(`/servicePrincipals/${id}/credentials/secrets`, {})).json;
  const trial = await tried(flagsOf(account, { clientId }), secret);
  problem(trial, 'no_admin_role', /not an account admin.*Databricks said/, /Account admin role/, true);
  assert.deepEqual(trial.granted, ['all-apis']);
});

test('configuration: nothing is said about the secret', async (t) => {
  const account = await sandbox(t);
  problem(await tried(flagsOf(account), undefined), 'configuration', /No client secret/, /client_secret/);
});

test('other: the token endpoint is busy', async (t) => {
  const server = await httpServer(t, (_, res) => void res.writeHead(429, { 'retry-after': '600' }).end('{}'));
  const account = await sandbox(t);
  const flags = flagsOf(account, { host: server.origin });
  problem(await tried(flags, account.clientSecret), 'other', /busy/, /later/);
});

test('a workload is tried by its token, and an Entra application by its secret', async (t) => {
  const account = await sandbox(t);
  const flags = flagsOf(account);
  const token = { MY_TOKEN: account.identityToken() };
  const federated = await tryAccount(flags, undefined, {
    env: { ...env, ...token },
    method: 'env-oidc',
    oidcTokenEnv: 'MY_TOKEN',
  });
  assert.deepEqual([federated.signedIn, federated.problem], [true, undefined]);
  const spoilt = { MY_TOKEN: account.identityToken({ subject: 'x' }) };
  const how = { env: { ...env, ...spoilt }, method: 'env-oidc', oidcTokenEnv: 'MY_TOKEN' } as const;
  problem(await tryAccount(flags, undefined, how), 'other', /does not take the identity token/, /federation policy/);

  const azure = await sandbox(t, { cloud: 'azure' });
  const { tenantId, entraSecret, url } = azure;
  const login = { ...env, DATABRICKS_MCP_LOOPBACK_LOGIN: url };
  const onAzure = { env: login, method: 'azure-client-secret', tenantId } as const;
  const trial = await tryAccount(flagsOf(azure, { cloud: 'azure' }), entraSecret, onAzure);
  assert.deepEqual([trial.signedIn, trial.granted, trial.problem], [true, ['all-apis'], undefined]);
  const wrong = await tryAccount(flagsOf(azure, { cloud: 'azure' }), 'another-secret', onAzure);
  problem(wrong, 'wrong_secret', /refused the client secret/, /not its id/);
});
