/** Ways of signing in without a secret of Databricks: the exact requests, where they go, and what each refusal means. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { ConfigProblem, type SignIn } from '../../src/databricks/config.js';
import { createHttp } from '../../src/databricks/http.js';
import { createTokenSource } from '../../src/databricks/token.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { accountId, clientId, connectionTo, errorOf, failureOf, fakeClock, httpServer, json } from './servers.js';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwtOf = (claims: object) => `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`;
const claims = { iss: 'https://idp.example', sub: 'workload', aud: accountId, exp: 9_999_999_999 };
const jwt = jwtOf(claims);
const secret = 'entra~S3cret.value';

const federated = (readToken = async () => jwt, method: 'env-oidc' | 'file-oidc' = 'file-oidc'): SignIn => ({
  method,
  readToken,
});
const entra = (loginHost: string, tenantId = 'tenant-1', value = secret): SignIn => ({
  method: 'azure-client-secret',
  tenantId,
  loginHost,
  readSecret: async () => value,
});

/** Signs in to `origin`, as a connection whose account is at `account`. */
function source(t: TestContext, origin: string, signIn: SignIn, account = origin) {
  const http = createHttp({ origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  const clock = fakeClock();
  const secrets: string[] = [];
  const tokens = createTokenSource({
    connection: connectionTo(account, { signIn, scopes: ['billing', 'scim'] }),
    http,
    now: clock.now,
    sleep: clock.sleep,
    dice: clock.dice,
    onSecret: (value) => secrets.push(value),
  });
  return { tokens, secrets, clock };
}

const give = (res: ServerResponse, rest: object = {}) =>
  json(res, 200, { access_token: 'token-1', token_type: 'Bearer', expires_in: 3_600, ...rest });

test('an identity token is exchanged by one POST, with everything in the form and no Authorization', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const { tokens, secrets } = source(t, server.origin, federated());
  assert.deepEqual((await tokens.get()).scopes, ['billing', 'scim']);
  const [seen] = server.seen;
  assert.deepEqual([seen?.method, seen?.url], ['POST', `/oidc/accounts/${accountId}/v1/token`]);
  assert.deepEqual(
    [...new URLSearchParams(seen?.body)],
    [
      ['grant_type', 'urn:ietf:params:oauth:grant-type:token-exchange'],
      ['subject_token', jwt],
      ['subject_token_type', 'urn:ietf:params:oauth:token-type:jwt'],
      ['scope', 'billing scim'],
      ['client_id', clientId],
    ],
  );
  assert.equal(seen?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(seen?.headers.authorization, undefined);
  assert.deepEqual(secrets, [jwt, 'token-1']);
});

test('an Entra application asks its tenant for a token of Azure Databricks, and opens everything', async (t) => {
  const server = await httpServer(t, (_, res) => give(res, { ext_expires_in: 3_600 }));
  const account = await httpServer(t, (_, res) => give(res));
  const { tokens, secrets } = source(t, server.origin, entra(server.origin), account.origin);
  assert.equal((await tokens.get()).value, 'token-1');
  const [seen] = server.seen;
  assert.deepEqual([seen?.method, seen?.url], ['POST', '/tenant-1/oauth2/v2.0/token']);
  assert.deepEqual(
    [...new URLSearchParams(seen?.body)],
    [
      ['grant_type', 'client_credentials'],
      ['client_id', clientId],
      ['client_secret', secret],
      ['scope', '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default'],
    ],
  );
  assert.equal(seen?.headers.authorization, undefined);
  assert.deepEqual(secrets, [secret, 'token-1']);
  assert.equal(account.connections, 0, 'the secret of Entra is not sent to the account');
});

test('a login host or an account that leads elsewhere is not followed: nothing is sent there', async (t) => {
  const elsewhere = await httpServer(t, (_, res) => give(res));
  const server = await httpServer(t, (_, res) => {
    res.writeHead(307, { location: `${elsewhere.origin}/oauth2/token` }).end();
  });
  for (const signIn of [federated(), entra(server.origin)]) {
    const failure = await failureOf(source(t, server.origin, signIn).tokens.get());
    assert.equal(failure.kind, 'unreadable');
  }
  assert.equal(server.seen.length, 2);
  assert.equal(elsewhere.connections, 0);
});

test('a token file that was renewed is read again, by the next sign-in and after a refusal', async (t) => {
  let current = jwtOf({ ...claims, exp: 1 });
  const fresh = jwtOf({ ...claims, jti: 'fresh' });
  const server = await httpServer(t, ({ body }, res) =>
    new URLSearchParams(body).get('subject_token') === fresh ? give(res) : json(res, 400, { error: 'invalid_request' }),
  );
  const { tokens } = source(
    t,
    server.origin,
    federated(async () => current),
  );
  assert.match((await failureOf(tokens.get())).message, /identity token has expired/);
  await failureOf(tokens.get());
  assert.equal(server.seen.length, 1, 'what was refused is not sent again');
  current = fresh;
  const token = await tokens.get();
  tokens.reject(token);
  await tokens.get();
  assert.equal(server.seen.length, 3);
});

test('a token that can no longer be read is a matter of configuration, and nothing is sent', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const gone = async () => {
    throw new ConfigProblem({ setting: 'oidc_token_filepath', message: 'The file is gone.', fix: 'Bring it back.' });
  };
  const failure = await failureOf(source(t, server.origin, federated(gone)).tokens.get());
  assert.deepEqual([failure.kind, failure.next], ['configuration', 'Bring it back.']);
  assert.equal(server.connections, 0);
});

const sandbox = startSandbox();
const azure = startSandbox({ cloud: 'azure' });
test.after(async () => void (await Promise.all([(await sandbox).close(), (await azure).close()])));

for (const [what, spoilt, message, next] of [
  ['has expired', { expiresIn: -60 }, /has expired/, /read again at each sign-in/],
  ['is for another audience', { audience: 'https://other.example' }, /audience "https:\/\/other/, /account id/],
  ['is of another issuer', { issuer: 'https://other.example' }, /issuer "https:\/\/other/, /needs a federation policy/],
  ['is of another subject', { subject: 'someone' }, /subject "someone"/, /account-wide policy is not enough/],
] as const) {
  test(`an identity token that ${what} is told as that`, async (t) => {
    const { url, identityToken, ...account } = await sandbox;
    const idToken = identityToken(spoilt);
    const http = createHttp({ origin: url, userAgent: 'test/1', env: {} });
    t.after(() => http.close());
    const clock = fakeClock();
    const tokens = createTokenSource({
      connection: connectionTo(url, {
        accountId: account.accountId,
        clientId: account.clientId,
        signIn: federated(async () => idToken),
      }),
      http,
      now: clock.now,
      sleep: clock.sleep,
      dice: clock.dice,
      onSecret: () => {},
    });
    const error = await errorOf(tokens.get());
    assert.equal(error.failure.kind, 'sign_in');
    assert.match(error.failure.message, message);
    assert.match(error.failure.next ?? '', next);
    assert.ok(!inspect(error, { depth: null, showHidden: true }).includes(idToken.slice(-20)));
  });
}

test('an expired token in a variable cannot be renewed by waiting, and that is said', async (t) => {
  const server = await httpServer(t, (_, res) => json(res, 400, { error: 'invalid_request' }));
  const expired = jwtOf({ ...claims, exp: 1 });
  const { next } = await failureOf(
    source(
      t,
      server.origin,
      federated(async () => expired, 'env-oidc'),
    ).tokens.get(),
  );
  assert.match(next ?? '', /restart it with a fresh one, or use a file/);
});

for (const [what, who, code, message, next] of [
  ['wrong secret', { value: 'wrong-secret-value' }, 'AADSTS7000215', /refused the client secret/, /not its id/],
  ['unknown tenant', { tenant: 'nobody.example' }, 'AADSTS90002', /knows no such tenant/, /ARM_TENANT_ID/],
  ['unknown client', {}, 'AADSTS700016', /no such client id/, /ARM_CLIENT_ID/],
] as [string, { value?: string; tenant?: string }, string, RegExp, RegExp][]) {
  test(`Entra's refusal of a ${what} is told in words, with its code and none of its own text`, async (t) => {
    const { url, tenantId, entraSecret, clientId: known } = await azure;
    const { value = entraSecret, tenant = tenantId } = who;
    const isKnown = what !== 'unknown client';
    const http = createHttp({ origin: url, userAgent: 'test/1', env: {} });
    t.after(() => http.close());
    const clock = fakeClock();
    const signIn = entra(url, tenant, value);
    const connection = connectionTo(url, { signIn, ...(isKnown && { clientId: known }) });
    const { now, sleep, dice } = clock;
    const tokens = createTokenSource({ connection, http, now, sleep, dice, onSecret: () => {} });
    const error = await errorOf(tokens.get());
    const { failure } = error;
    assert.deepEqual([failure.kind, failure.code, failure.upstreamMessage], ['sign_in', code, undefined]);
    assert.match(failure.message, message);
    assert.match(failure.next ?? '', next);
    assert.ok(!inspect(error, { depth: null, showHidden: true }).includes(value));
  });
}

test('a code of Entra that has no words here is named, with where to look it up', async (t) => {
  const body = { error: 'invalid_grant', error_description: 'AADSTS53003: Access has been blocked. Trace ID: 0' };
  const server = await httpServer(t, (_, res) => json(res, 400, body));
  const failure = await failureOf(source(t, server.origin, entra(server.origin)).tokens.get());
  assert.equal(failure.code, 'AADSTS53003');
  assert.match(failure.next ?? '', /error\?code=53003/);
});

test('a busy Entra is asked again, and a login host that is away is not called Databricks', async (t) => {
  let asked = 0;
  const server = await httpServer(t, (_, res) => {
    asked += 1;
    const busy = { error: 'invalid_request', error_description: 'Temporarily throttled, too many requests' };
    if (asked === 1) json(res, 400, busy);
    else give(res);
  });
  assert.ok((await source(t, server.origin, entra(server.origin)).tokens.get()).value);
  assert.equal(asked, 2);
  const away = 'http://127.0.0.1:1';
  const failure = await failureOf(source(t, away, entra(away)).tokens.get());
  assert.deepEqual([failure.kind, failure.message], ['network', "Microsoft's login host cannot be reached."]);
  assert.match(failure.next ?? '', /login\.microsoftonline\.com has to be open/);
});
