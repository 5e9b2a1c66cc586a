/** Access tokens of an issuer: which are accepted, what keys they are held against, and where a client learns of it. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { createAuthenticator } from '../../src/http/auth/authenticator.js';
import { createKeySource } from '../../src/http/auth/jwks.js';
import { createJwtCheck } from '../../src/http/auth/jwt.js';
import { createMetadata } from '../../src/http/auth/metadata.js';
import { isEntrance } from '../../src/http/routes.js';
import { message, post, stage } from './stage.js';

const base = 'https://mcp.example.com';
const issuer = 'https://issuer.example.com/tenant';
const date = Date.parse('2026-11-24T12:00:00Z');
const seconds = date / 1_000;
const metadata = createMetadata(base, issuer, isEntrance);

const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256');
const ed = await generateKeyPair('EdDSA');
const other = await generateKeyPair('RS256');

const keySet = async () => ({
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    { ...(await exportJWK(ed.publicKey)), kid: 'ed', alg: 'EdDSA' },
  ],
});

const claims = (over: JWTPayload = {}): JWTPayload => ({
  iss: issuer,
  aud: `${base}/mcp`,
  sub: 'ann',
  exp: seconds + 300,
  scope: 'openid dbx:read',
  ...over,
});

const sign = (payload: JWTPayload, key: CryptoKey = rsa.privateKey, header: Record<string, unknown> = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'rsa', ...header }).sign(key);

const without = (name: string) => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));

/** A check against keys that are read by `read`. */
function checking(read: () => Promise<unknown> = keySet, now: () => number = () => 0) {
  const keys = createKeySource({ url: new URL(`${issuer}/keys`), now, onProblem: () => {}, read });
  const { check } = createJwtCheck({ issuer, isAudience: metadata.isOwn, keys, date: () => date });
  return { check: (token: string, entrance = '/mcp') => check(token, entrance) };
}

test('tokens of the three algorithms are accepted, with their subject, scopes and end', async () => {
  const check = checking();
  for (const [key, header] of [
    [rsa.privateKey, {}],
    [ec.privateKey, { alg: 'ES256', kid: 'ec' }],
    [ed.privateKey, { alg: 'EdDSA', kid: 'ed' }],
  ] as const) {
    const caller = await check.check(await sign(claims(), key, header));
    assert.deepEqual(caller, { id: `jwt:${issuer}#ann`, scopes: new Set(['dbx:read']), expiresAt: date + 360_000 });
  }
  const scp = await check.check(await sign({ ...without('scope'), scp: ['dbx:write', 'x'] }));
  assert.ok(scp !== undefined && typeof scp === 'object' && 'scopes' in scp);
  assert.deepEqual(scp.scopes, new Set(['dbx:write']));
  for (const aud of [`${base}/sse`, ['x', `${base}/mcp`]]) {
    assert.ok('id' in Object(await check.check(await sign(claims({ aud })))), String(aud));
  }
});

// S112
test('whatever is wrong with a token it is refused, and nothing it names is fetched', async () => {
  let reads = 0;
  const check = checking(() => {
    reads += 1;
    return keySet();
  });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hmac = async () => {
    const text = `${part({ alg: 'HS256', kid: 'rsa' })}.${part(claims())}`;
    return `${text}.${createHmac('sha256', await exportSPKI(rsa.publicKey))
      .update(text)
      .digest('base64url')}`;
  };
  const own = await exportJWK(other.publicKey);
  const attempts: Readonly<Record<string, string>> = {
    'alg none': `${part({ alg: 'none' })}.${part(claims())}.`,
    'HS256 with the public key': await hmac(),
    'another key': await sign(claims(), other.privateKey),
    'issuer with a slash': await sign(claims({ iss: `${issuer}/` })),
    'issuer in capitals': await sign(claims({ iss: issuer.toUpperCase() })),
    'no issuer': await sign(without('iss')),
    'another audience': await sign(claims({ aud: 'https://evil.example.com/mcp' })),
    'audience with a slash': await sign(claims({ aud: `${base}/mcp/` })),
    'audience of the host alone': await sign(claims({ aud: base })),
    'audience that begins alike': await sign(claims({ aud: `${base}.evil.com/mcp` })),
    'audiences without ours': await sign(claims({ aud: ['a', 'b'] })),
    'no audience': await sign(without('aud')),
    'no end': await sign(without('exp')),
    expired: await sign(claims({ exp: seconds - 61 })),
    'not yet valid': await sign(claims({ nbf: seconds + 61 })),
    'no subject': await sign(without('sub')),
    'empty subject': await sign(claims({ sub: '' })),
    'endless subject': await sign(claims({ sub: 'x'.repeat(256) })),
    'kid that is a path': await sign(claims(), other.privateKey, { kid: '../../../etc/passwd' }),
    'kid that is SQL': await sign(claims(), other.privateKey, { kid: "' OR 1=1 --" }),
    'its own key': await sign(claims(), other.privateKey, { jwk: own, kid: undefined }),
    'its own address of keys': await sign(claims(), other.privateKey, {
      jku: 'http://127.0.0.1:1/',
      x5u: 'http://127.0.0.1:1/',
    }),
    'three parts of nothing': 'a.b.c',
  };
  for (const [name, token] of Object.entries(attempts)) {
    const verdict = await check.check(token);
    assert.ok(typeof verdict === 'object' && 'refused' in verdict, name);
    assert.doesNotMatch(verdict.refused, /passwd|OR 1|evil/, name);
  }
  assert.equal(reads, 1);
  assert.equal(await check.check('no-jwt-at-all'), undefined);
});

test('a token for a pinned entrance opens that one alone, and one without pins opens the pinned ones too', async () => {
  const check = checking();
  const opens = async (aud: string, entrance: string) =>
    'id' in Object(await check.check(await sign(claims({ aud: base + aud })), entrance));
  assert.equal(await opens('/readonly/mcp', '/readonly/mcp'), true);
  assert.equal(await opens('/mcp', '/readonly/mcp'), true);
  assert.equal(await opens('/mcp', '/sse'), true);
  assert.equal(await opens('/readonly/mcp', '/mcp'), false);
  assert.equal(await opens('/readonly/mcp', '/x/users/mcp'), false);
  assert.equal(await opens('/x/users/mcp', '/x/users,groups/mcp'), false);
  assert.equal(await opens('/elsewhere', '/elsewhere'), false);
});

test('a token for one account opens no other', async () => {
  const check = checking();
  const opens = async (aud: string, entrance: string) =>
    'id' in Object(await check.check(await sign(claims({ aud: base + aud })), entrance));
  assert.equal(await opens('/account/second/mcp', '/account/second/mcp'), true);
  assert.equal(await opens('/account/second/mcp', '/account/second/readonly/mcp'), true);
  assert.equal(await opens('/account/second/readonly/mcp', '/account/second/mcp'), false);
  assert.equal(await opens('/account/default/mcp', '/mcp'), true);
  for (const [aud, entrance] of [
    ['/mcp', '/account/second/mcp'],
    ['/sse', '/account/second/sse'],
    ['/mcp', '/account/second/readonly/mcp'],
    ['/account/second/mcp', '/mcp'],
    ['/account/second/mcp', '/account/third/mcp'],
    ['/account/second/mcp', '/account/second2/mcp'],
  ] as const) {
    assert.equal(await opens(aud, entrance), false, `${aud} at ${entrance}`);
  }
});

test('clocks may be a minute apart', async () => {
  const check = checking();
  for (const over of [{ exp: seconds - 59 }, { nbf: seconds + 59 }]) {
    assert.ok('id' in Object(await check.check(await sign(claims(over)))), JSON.stringify(over));
  }
});

// S114
test('a flood of unknown keys has the keys read once a minute, and a rotated key is found', async () => {
  let time = 0;
  let reads = 0;
  let keys = keySet();
  const check = checking(
    () => {
      reads += 1;
      return keys;
    },
    () => time,
  );
  await check.check(await sign(claims()));
  const unknown = await sign(claims(), other.privateKey, { kid: 'new' });
  for (let at = 0; at < 1_000; at += 1) await check.check(unknown);
  assert.equal(reads, 1);
  time += 60_000;
  await Promise.all(Array.from({ length: 100 }, () => check.check(unknown)));
  assert.equal(reads, 2);
  keys = Promise.resolve({ keys: [{ ...(await exportJWK(other.publicKey)), kid: 'new', alg: 'RS256' }] });
  time += 60_000;
  assert.ok('id' in Object(await check.check(unknown)));
  assert.equal(reads, 3);
});

test('while the issuer is down the last keys count, and without any the answer is 503, not 401', async (t) => {
  let time = 0;
  let isDown = false;
  let reads = 0;
  const read = async () => {
    reads += 1;
    if (isDown) throw new Error('ECONNREFUSED');
    return keySet();
  };
  const check = checking(read, () => time);
  const token = await sign(claims());
  await check.check(token);
  isDown = true;
  time += 700_000;
  assert.ok('id' in Object(await check.check(token)));
  assert.equal(reads, 2);

  const front = await stage(t, {
    parts: { metadata, authenticator: createAuthenticator([checking(read, () => time)]) },
  });
  for (let at = 0; at < 5; at += 1) {
    const answer = await post(front, message('tools/list'), { authorization: `Bearer ${token}` });
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '60']);
  }
  assert.equal(reads, 3, 'failed readings are not repeated either');
});

/** A server of keys on this machine. */
async function keyServer(t: TestContext, answer: (response: ServerResponse) => void) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const problems: string[] = [];
  const keys = createKeySource({
    url: new URL(`http://127.0.0.1:${port}/keys`),
    now: () => 0,
    onProblem: (problem) => problems.push(problem),
    times: { patience: 200 },
  });
  t.after(() => keys.close());
  const check = createJwtCheck({ issuer, isAudience: metadata.isOwn, keys, date: () => date });
  return { verdict: async () => check.check(await sign(claims()), '/mcp'), problems, count: () => requests };
}

test('keys are read over the network', async (t) => {
  const document = JSON.stringify(await keySet());
  const { verdict } = await keyServer(t, (response) => response.end(document));
  assert.ok('id' in Object(await verdict()));
});

test('a document of keys that is slow, huge, moved, broken or no document is not taken', async (t) => {
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    slow: (response) => void response.write('{'),
    silent: () => {},
    huge: (response) => void response.end(JSON.stringify({ keys: [], padding: 'x'.repeat(300 * 1024) })),
    crowded: (response) => void response.end(JSON.stringify({ keys: Array.from({ length: 101 }, () => ({})) })),
    moved: (response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
    failing: (response) => void response.writeHead(500).end(),
    broken: (response) => void response.end('{"keys":'),
    none: (response) => void response.end('[]'),
  };
  for (const [name, answer] of Object.entries(answers)) {
    const { verdict, problems, count } = await keyServer(t, answer);
    assert.equal(await verdict(), 'unavailable', name);
    assert.equal(await verdict(), 'unavailable', name);
    assert.equal(count(), 1, name);
    assert.equal(problems.length, 1, name);
  }
});

// S116
test('the metadata document names the address that was used, the issuer and the scopes', async (t) => {
  const { port } = await stage(t, { parts: { metadata } });
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  const known = '/.well-known/oauth-protected-resource';
  for (const [path, entrance] of [
    ['', '/mcp'],
    ['/mcp', '/mcp'],
    ['/sse', '/sse'],
    ['/x/users/mcp', '/x/users/mcp'],
  ] as const) {
    const answer = await get(known + path);
    assert.equal(answer.headers.get('content-type'), 'application/json');
    assert.deepEqual(await answer.json(), {
      resource: base + entrance,
      authorization_servers: [issuer],
      scopes_supported: ['dbx:read', 'dbx:write', 'dbx:admin', 'dbx:secrets'],
      bearer_methods_supported: ['header'],
      resource_name: 'Databricks account actions',
    });
  }
  for (const path of ['/messages', '/other', 'x', '/']) assert.equal((await get(known + path)).status, 404, path);
});

test('without an issuer there is no document and no pointer to one', async (t) => {
  const front = await stage(t);
  assert.equal((await fetch(`http://${front.host}/.well-known/oauth-protected-resource`)).status, 404);
  const answer = await post(front, message('tools/list'), { authorization: 'Bearer x' });
  assert.doesNotMatch(answer.headers.get('www-authenticate') ?? '', /resource_metadata/);
});

test('a stream ends when the token of its caller does', async (t) => {
  const caller = { id: 'jwt:a#b', scopes: new Set(['dbx:read'] as const), expiresAt: 1_050 };
  const front = await stage(t, {
    parts: { date: () => 1_000, authenticator: { authenticate: async () => ({ caller }) } },
    answer: () => new Response(new ReadableStream({}), { headers: { 'content-type': 'text/event-stream' } }),
  });
  const stream = await fetch(`http://${front.host}/mcp`);
  assert.equal(stream.status, 200);
  await assert.rejects(stream.text());
});

test('a token for a pinned entrance opens no other one over HTTP, nor the posts of another', async (t) => {
  const { check } = checking();
  const front = await stage(t, { parts: { metadata, authenticator: createAuthenticator([{ check }]) } });
  const authorization = `Bearer ${await sign(claims({ aud: `${base}/readonly/sse` }))}`;
  const statusAt = async (path: string) => (await post(front, message('ping'), { authorization }, path)).status;
  assert.deepEqual(
    await Promise.all(['/readonly/messages', '/messages', '/mcp', '/readonly/mcp', '/x/users/messages'].map(statusAt)),
    [200, 401, 401, 401, 401],
  );
});
