/** Signing in: once for everybody, early enough, and without telling anybody the secret. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { ActionError } from '../../src/core/errors.js';
import { ConfigProblem, type Connection } from '../../src/databricks/config.js';
import { createHttp, type Http } from '../../src/databricks/http.js';
import { createTokenSource, type Token } from '../../src/databricks/token.js';
import {
  accountId,
  clientId,
  clientSecret,
  connectionTo,
  errorOf,
  failureOf,
  fakeClock,
  httpServer,
  json,
  type Local,
  until,
} from './servers.js';

const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
const tokenPath = `/oidc/accounts/${accountId}/v1/token`;

const secretOf = (readSecret: () => Promise<string>) => ({ method: 'oauth-m2m', readSecret }) as const;

interface Setup {
  readonly connection?: Partial<Connection>;
  readonly onSecret?: (value: string) => void;
  readonly http?: (http: Http) => Http;
}

function source(t: TestContext, server: Pick<Local, 'origin'>, setup: Setup = {}) {
  const clock = fakeClock();
  const http = createHttp({ origin: server.origin, userAgent: 'test/1', env: {} });
  t.after(() => http.close());
  const learned: Token[] = [];
  const tokens = createTokenSource({
    connection: connectionTo(server.origin, setup.connection),
    http: setup.http?.(http) ?? http,
    now: clock.now,
    sleep: clock.sleep,
    dice: clock.dice,
    onSecret: setup.onSecret ?? (() => {}),
    onToken: (token) => learned.push(token),
  });
  return { clock, tokens, learned };
}

let issued = 0;
const give = (res: ServerResponse, rest: object = {}) => {
  issued += 1;
  json(res, 200, { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: 3_600, ...rest });
};

test('a sign-in is one POST with the credentials in the header and the scopes in the form', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const { tokens } = source(t, server, { connection: { scopes: ['billing', 'scim'] } });
  await tokens.get();
  const [seen] = server.seen;
  assert.deepEqual(
    [seen?.method, seen?.url, seen?.body],
    ['POST', tokenPath, 'grant_type=client_credentials&scope=billing+scim'],
  );
  assert.equal(seen?.headers.authorization, `Basic ${basic}`);
  assert.equal(seen?.headers['content-type'], 'application/x-www-form-urlencoded');
});

test('id and secret are form-encoded inside the header', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const { tokens } = source(t, server, { connection: { signIn: secretOf(async () => 'a:b c+d%ü/=') } });
  await tokens.get();
  const header = Buffer.from(String(server.seen[0]?.headers.authorization).slice(6), 'base64').toString();
  assert.equal(header, `${clientId}:a%3Ab+c%2Bd%25%C3%BC%2F%3D`);
});

test('a hundred cold callers share one sign-in, and so do those after them', async (t) => {
  const server = await httpServer(t, (_, res) => void setTimeout(() => give(res), 20));
  const { tokens, learned } = source(t, server);
  const values = await Promise.all(Array.from({ length: 100 }, () => tokens.get()));
  await tokens.get();
  assert.equal(server.seen.length, 1);
  assert.equal(new Set(values.map(({ value }) => value)).size, 1);
  assert.equal(learned.length, 1);
});

test('a token is renewed in the background before it ends, and nobody waits', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const { tokens, clock } = source(t, server);
  const first = await tokens.get();
  clock.advance(39 * 60_000);
  assert.equal((await tokens.get()).value, first.value);
  assert.equal(server.seen.length, 1, 'not yet');
  clock.advance(2 * 60_000);
  const callers = await Promise.all(Array.from({ length: 50 }, () => tokens.get()));
  assert.ok(
    callers.every(({ value }) => value === first.value),
    'the old one is good for now',
  );
  await until(() => server.seen.length === 2, 'renewed');
  await until(() => server.sockets.size > 0, 'answered');
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.notEqual((await tokens.get()).value, first.value);
  assert.equal(server.seen.length, 2);
});

test('a renewal that fails fails no call, and is tried again a minute later', async (t) => {
  let down = false;
  const server = await httpServer(t, (_, res) => (down ? json(res, 400, { error: 'invalid_request' }) : give(res)));
  const { tokens, clock } = source(t, server);
  const first = await tokens.get();
  down = true;
  clock.advance(45 * 60_000);
  for (let call = 0; call < 10; call += 1) {
    assert.equal((await tokens.get()).value, first.value);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(server.seen.length, 2);
  clock.advance(61_000);
  await tokens.get();
  await until(() => server.seen.length === 3, 'tried again');
});

test('within 40 s of its end a token is no longer used', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const { tokens, clock } = source(t, server);
  const first = await tokens.get();
  clock.advance(3_600_000 - 39_000);
  assert.notEqual((await tokens.get()).value, first.value);
  clock.advance(3 * 3_600_000);
  await tokens.get();
  assert.equal(server.seen.length, 3, 'also after a long sleep');
});

test('a rejected token leads to one new sign-in, however many reject it', async (t) => {
  const server = await httpServer(t, (_, res) => void setTimeout(() => give(res), 10));
  const { tokens } = source(t, server);
  const first = await tokens.get();
  const values = await Promise.all(
    Array.from({ length: 200 }, async () => {
      tokens.reject(first);
      return (await tokens.get()).value;
    }),
  );
  assert.equal(server.seen.length, 2);
  assert.equal(new Set(values).size, 1);
  tokens.reject(first);
  assert.equal((await tokens.get()).value, values[0], 'a late rejection of the old token does not harm the new one');
  assert.equal(server.seen.length, 2);
});

/** expires_in -> seconds the token is used. A token is never trusted beyond an hour. */
const lifetimes: readonly (readonly [expires: unknown, seconds: number])[] = [
  [3_600, 3_560],
  ['3600', 3_560],
  [600, 560],
  [60, 30],
  [1e12, 3_560],
  ['1e309', 260],
  [0, 260],
  [-1, 260],
  [undefined, 260],
  [null, 260],
  ['soon', 260],
  [{}, 260],
];

test('a lifetime that makes no sense counts as five minutes, a long one as an hour', async (t) => {
  for (const [expires_in, seconds] of lifetimes) {
    const server = await httpServer(t, (_, res) => give(res, { expires_in }));
    const { tokens, clock } = source(t, server);
    const first = await tokens.get();
    clock.advance(seconds * 1_000 - 1_000);
    assert.equal((await tokens.get()).value, first.value, `${expires_in}: still good`);
    clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const later = await tokens.get();
    assert.notEqual(later.value, first.value, `${expires_in}: over`);
  }
});

const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;
const scopeCases: readonly (readonly [answer: object, scopes: readonly string[]])[] = [
  [{ scope: 'scim billing' }, ['billing', 'scim']],
  [{ scope: 'scim', access_token: jwt({ scope: 'billing' }) }, ['scim']],
  [{ access_token: jwt({ scope: 'networking scim' }) }, ['networking', 'scim']],
  [{ access_token: jwt({ scope: ['networking', 7, 'scim'] }) }, ['networking', 'scim']],
  [{ scope: '', access_token: jwt({ scope: 'scim' }) }, ['scim']],
  [{ access_token: jwt({ sub: 'x' }) }, ['all-apis']],
  [{ access_token: 'opaque' }, ['all-apis']],
  [{ access_token: 'a.!!!.c', scope: null }, ['all-apis']],
  [{ scope: { evil: 1 } }, ['all-apis']],
];

test('the granted scopes are those of the answer, else of the token, else those asked for', async (t) => {
  for (const [answer, scopes] of scopeCases) {
    const server = await httpServer(t, (_, res) => give(res, answer));
    assert.deepEqual((await source(t, server).tokens.get()).scopes, scopes, JSON.stringify(answer));
  }
});

/** Answers that end the sign-in at once: what is said, and what to do. */
const final: Record<string, { status: number; body: unknown; message: RegExp; next: RegExp }> = {
  invalid_client: {
    status: 401,
    body: { error: 'invalid_client', error_description: 'Client authentication failed' },
    message: /Sign-in was refused/,
    next: /client id.*secret.*account id/,
  },
  'an older 400 with invalid_client': {
    status: 400,
    body: { error: 'invalid_client' },
    message: /Sign-in was refused/,
    next: /secret/,
  },
  unauthorized_client: {
    status: 400,
    body: { error: 'unauthorized_client' },
    message: /Sign-in was refused/,
    next: /secret/,
  },
  'a scope that is not assigned': {
    status: 403,
    body: {
      error: 'access_denied',
      request_id: 'r',
      error_description: `Scopes 'all-apis' are not assigned to the client ${clientId}`,
    },
    message: /not bound to the scopes asked for \(all-apis\)/,
    next: /--scopes or DATABRICKS_SCOPES/,
  },
  invalid_scope: {
    status: 400,
    body: { error: 'invalid_scope' },
    message: /not bound to the scopes/,
    next: /DATABRICKS_SCOPES/,
  },
  'a 200 without a token': { status: 200, body: { token_type: 'Bearer' }, message: /refused to sign in/, next: /^$/ },
  'a 200 with an empty token': { status: 200, body: { access_token: '' }, message: /refused to sign in/, next: /^$/ },
  'a 200 with a token of the wrong type': {
    status: 200,
    body: { access_token: 7 },
    message: /refused to sign in/,
    next: /^$/,
  },
  'a list': { status: 200, body: [], message: /refused to sign in/, next: /^$/ },
  'an empty 400': { status: 400, body: '', message: /refused to sign in/, next: /^$/ },
};

for (const [name, { status, body, message, next }] of Object.entries(final)) {
  test(`a sign-in answered by ${name} is final and remembered for 30 s`, async (t) => {
    const server = await httpServer(t, (_, res) => json(res, status, body));
    const { tokens, clock } = source(t, server);
    const failure = await failureOf(tokens.get());
    assert.deepEqual([failure.kind, failure.retryable, failure.sent, failure.status], ['sign_in', false, 'no', status]);
    assert.match(failure.message, message);
    assert.match(failure.next ?? '', next);
    clock.advance(29_000);
    for (let call = 0; call < 10; call += 1) assert.equal((await failureOf(tokens.get())).message, failure.message);
    assert.equal(server.seen.length, 1);
    clock.advance(2_000);
    await failureOf(tokens.get());
    assert.equal(server.seen.length, 2);
  });
}

test('a refusal is forgotten as soon as the secret changes', async (t) => {
  let secret = 'old-secret-value';
  const good = `Basic ${Buffer.from(`${clientId}:new-secret-value`).toString('base64')}`;
  const server = await httpServer(t, ({ headers }, res) =>
    headers.authorization === good ? give(res) : json(res, 401, { error: 'invalid_client' }),
  );
  const { tokens } = source(t, server, { connection: { signIn: secretOf(async () => secret) } });
  await failureOf(tokens.get());
  await failureOf(tokens.get());
  assert.equal(server.seen.length, 1);
  secret = 'new-secret-value';
  assert.ok((await tokens.get()).value);
  assert.equal(server.seen.length, 2);
});

test('a secret that can no longer be read is a matter of configuration, with what to do', async (t) => {
  const server = await httpServer(t, (_, res) => give(res));
  const readSecret = async () => {
    throw new ConfigProblem({ setting: 'client_secret_file', message: 'The file is gone.', fix: 'Bring it back.' });
  };
  const failure = await failureOf(source(t, server, { connection: { signIn: secretOf(readSecret) } }).tokens.get());
  assert.deepEqual(
    [failure.kind, failure.message, failure.next],
    ['configuration', 'The file is gone.', 'Bring it back.'],
  );
  assert.equal(server.connections, 0);
});

for (const [name, answer, code] of [
  [
    'a login page',
    (res: ServerResponse) =>
      res.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Log in</body></html>'),
    'WRONG_HOST_OR_LOGIN',
  ],
  [
    'a redirect to a login',
    (res: ServerResponse) => res.writeHead(302, { location: '/login?account_id=1' }).end(),
    'WRONG_HOST_OR_LOGIN',
  ],
  [
    'a redirect elsewhere',
    (res: ServerResponse) => res.writeHead(307, { location: 'https://evil.example/' }).end(),
    'REDIRECT',
  ],
  [
    'a private link notice',
    (res: ServerResponse) => res.writeHead(302, { location: '/login.html?error=private-link-validation-error' }).end(),
    'PRIVATE_LINK',
  ],
] as const) {
  test(`${name} instead of a token is named, not followed and not repeated`, async (t) => {
    const server = await httpServer(t, (_, res) => void answer(res));
    const failure = await failureOf(source(t, server).tokens.get());
    assert.deepEqual([failure.kind, failure.code, failure.retryable], ['unreadable', code, false]);
    assert.equal(server.seen.length, 1);
  });
}

for (const [name, status, body, headers, waits] of [
  ['429 with Retry-After', 429, {}, { 'retry-after': '3' }, [3_000, 3_000]],
  ['503', 503, '', {}, [150, 300]],
  ['502 by a gateway', 502, '<html><title>Bad Gateway</title></html>', {}, [150, 300]],
  [
    'a throttle in the words of Entra',
    400,
    { error: 'invalid_request', error_description: 'Temporarily throttled, too many requests' },
    {},
    [150, 300],
  ],
] as const) {
  test(`a busy token endpoint (${name}) is asked three times, then the caller is told`, async (t) => {
    const server = await httpServer(t, (_, res) => json(res, status, body, headers));
    const { tokens, clock } = source(t, server);
    const failure = await failureOf(tokens.get());
    assert.deepEqual([failure.kind, failure.retryable], ['sign_in', true]);
    assert.equal(server.seen.length, 3);
    assert.deepEqual(clock.sleeps, waits);
    await failureOf(tokens.get());
    assert.equal(server.seen.length, 6, 'being busy is not remembered');
  });
}

test('a busy token endpoint that recovers is not even noticed', async (t) => {
  let calls = 0;
  const server = await httpServer(t, (_, res) => {
    calls += 1;
    if (calls < 3) json(res, 503, {});
    else give(res);
  });
  assert.ok((await source(t, server).tokens.get()).value);
});

test('a Retry-After beyond the time of a sign-in is handed on at once', async (t) => {
  const server = await httpServer(t, (_, res) => json(res, 429, {}, { 'retry-after': '86400' }));
  const { tokens, clock } = source(t, server);
  const failure = await failureOf(tokens.get());
  assert.equal(failure.retryAfterSeconds, 86_400);
  assert.deepEqual([server.seen.length, clock.sleeps], [1, []]);
});

test('a sign-in that stalls gets ten seconds an attempt and thirty in all', async (t) => {
  const given: (number | undefined)[] = [];
  const clock = fakeClock();
  const tokens = createTokenSource({
    connection: connectionTo('http://127.0.0.1:1'),
    http: {
      open: () => assert.fail(),
      close: async () => {},
      request: async (_request, limits) => {
        given.push(limits.attempt);
        clock.advance(limits.attempt ?? 99_999);
        throw new ActionError({ kind: 'timeout', message: 'm', retryable: true, sent: 'maybe' });
      },
    },
    ...clock,
    onSecret: () => {},
  });
  const started = clock.now();
  assert.equal((await failureOf(tokens.get())).kind, 'timeout');
  assert.ok(clock.now() - started <= 30_000, `${clock.now() - started}`);
  assert.deepEqual(given, [10_000, 10_000, 30_000 - 20_000 - 450]);
  t.diagnostic(`${given}`);
});

test('a caller who gives up does not end the sign-in the others wait for', async (t) => {
  const waiting: ServerResponse[] = [];
  const server = await httpServer(t, (_, res) => void waiting.push(res));
  const { tokens } = source(t, server);
  const controller = new AbortController();
  const impatient = failureOf(tokens.get(controller.signal));
  const patient = tokens.get(new AbortController().signal);
  await until(() => waiting.length === 1, 'asked');
  controller.abort();
  assert.deepEqual(await impatient.then(({ kind, sent }) => [kind, sent]), ['cancelled', 'no']);
  give(waiting[0] as ServerResponse);
  assert.ok((await patient).value);
  assert.equal(server.seen.length, 1);
});

test('a sign-in that fails after its only caller gave up breaks nothing', async (t) => {
  const waiting: ServerResponse[] = [];
  const server = await httpServer(t, (_, res) => void waiting.push(res));
  const { tokens } = source(t, server);
  const controller = new AbortController();
  const call = failureOf(tokens.get(controller.signal));
  await until(() => waiting.length === 1, 'asked');
  controller.abort();
  await call;
  json(waiting[0] as ServerResponse, 401, { error: 'invalid_client' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await failureOf(tokens.get(AbortSignal.abort()))).kind, 'cancelled');
});

test('each secret is registered before it is sent or handed out', async (t) => {
  const known = new Set<string>();
  const server = await httpServer(t, ({ headers }, res) => {
    assert.ok(known.has(clientSecret) && known.has(String(headers.authorization).slice(6)));
    give(res);
  });
  const { tokens } = source(t, server, { onSecret: (value) => known.add(value) });
  assert.ok(known.has((await tokens.get()).value));
});

test('no error of a sign-in holds the secret, the header or a token', async (t) => {
  const answers: ((res: ServerResponse) => void)[] = [
    (res) => json(res, 401, { error: 'invalid_client' }),
    (res) => json(res, 503, {}),
    (res) => void res.writeHead(302, { location: '/login' }).end(),
    (res) => void res.destroy(),
    (res) => void res.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    // Broken HTTP around a token: the parser's error quotes what it could not read.
    (res) =>
      void res.socket?.end(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"access_token":"canary-token"}',
      ),
    (res) => json(res, 200, { access_token: ['canary-token'] }),
  ];
  for (const answer of answers) {
    const server = await httpServer(t, (_, res) => answer(res));
    const error = await errorOf(source(t, server).tokens.get());
    const printed =
      inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + JSON.stringify(error.failure);
    for (const secret of [clientSecret, basic, 'canary-token']) assert.ok(!printed.includes(secret), printed);
  }
});
