/** Named tokens: what is accepted, what a refusal looks like, how the file is kept, and what the caller may do. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { createAuthenticator } from '../../src/http/auth/authenticator.js';
import { openLocalToken } from '../../src/http/auth/local-token.js';
import { createMetadata } from '../../src/http/auth/metadata.js';
import { createStaticTokens, digestOf, matching, parseTokens } from '../../src/http/auth/static-tokens.js';
import { openTokenFile } from '../../src/http/auth/token-file.js';
import { isEntrance } from '../../src/http/routes.js';
import { errorOf, temporaryDirectory } from '../databricks/servers.js';
import { message, noToken, post, raw, readToken, requestText, stage, token } from './stage.js';

const metadata = createMetadata('https://mcp.example.com', 'https://issuer.example.com', isEntrance);
const pointer = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';

// S111
test('without a valid token the answer is 401 with a challenge, whatever was sent', async (t) => {
  const front = await stage(t, { parts: { metadata } });
  const guess = 'x'.repeat(40);
  const attempts: Readonly<Record<string, readonly [string, string]>> = {
    none: ['', 'scope="dbx:read"'],
    garbage: ['Authorization: Bearer \u00ff\u00fe', 'error="invalid_request"'],
    'another scheme': [`Authorization: Basic ${token}`, 'error="invalid_request"'],
    unknown: [`Authorization: Bearer ${guess}`, 'error="invalid_token"'],
    cut: [`Authorization: Bearer ${token.slice(0, -1)}`, 'error="invalid_token"'],
    longer: [`Authorization: Bearer ${token}1`, 'error="invalid_token"'],
    'trailing data': [`Authorization: Bearer ${token} x`, 'error="invalid_request"'],
    'two tokens': [`Authorization: Bearer ${token}, Bearer ${token}`, 'error="invalid_request"'],
    'two headers': [`Authorization: Bearer ${token}\r\nAuthorization: Bearer ${token}`, 'error="invalid_request"'],
    'no token': ['Authorization: Bearer', 'error="invalid_request"'],
    'in the query': ['X-Nothing: x', 'scope="dbx:read"'],
  };
  for (const [name, [header, expected]] of Object.entries(attempts)) {
    const path = name === 'in the query' ? `/mcp?access_token=${token}` : '/mcp';
    const head = [`Host: ${front.host}`, 'Content-Type: application/json', ...(header === '' ? [] : [header])];
    const { status, text } = await raw(front.port, Buffer.from(requestText(`POST ${path} HTTP/1.1`, head), 'latin1'));
    assert.equal(status, 401, name);
    const challenge = /^www-authenticate: (.*)\r$/m.exec(text)?.[1] ?? '';
    assert.match(challenge, /^Bearer realm="databricks-actions-mcp", /, name);
    assert.ok(challenge.includes(expected) && challenge.endsWith(pointer), `${name}: ${challenge}`);
    assert.equal(expected.startsWith('scope'), !challenge.includes('error='), name);
  }
  assert.equal(front.arrivals.length, 0);
  assert.ok(!JSON.stringify(front.lines).includes(token), 'no token in the log');
  assert.ok(!JSON.stringify(front.lines).includes(guess), 'no guess in the log');
});

test('the scheme is taken in any case, and a token in the query goes no further', async (t) => {
  const front = await stage(t);
  const answer = await post(
    front,
    message('tools/list'),
    { authorization: `bEARER ${token}` },
    `/mcp?access_token=${token}`,
  );
  assert.equal(answer.status, 200);
  assert.equal(front.arrivals[0]?.caller.id, 'token:ci');
  assert.ok(!JSON.stringify({ ...front.arrivals[0], lines: front.lines }).includes(token));
});

test('a megabyte of token is refused by the limit of the headers', async (t) => {
  const { port, host } = await stage(t);
  const head = [`Host: ${host}`, `Authorization: Bearer ${'x'.repeat(1024 * 1024)}`];
  assert.equal((await raw(port, requestText('GET /mcp HTTP/1.1', head))).status, 431);
});

test('the challenge points to the document of the address that was used', async (t) => {
  const front = await stage(t, { parts: { metadata } });
  for (const [path, entrance] of [
    ['/readonly/mcp', '/readonly/mcp'],
    ['/messages', '/sse'],
    ['/x/users/messages', '/x/users/sse'],
  ] as const) {
    const { headers } = await post(front, message('tools/list'), { authorization: 'Bearer x' }, path);
    const expected = `https://mcp.example.com/.well-known/oauth-protected-resource${entrance}"`;
    assert.ok(headers.get('www-authenticate')?.endsWith(expected), path);
  }
});

// S118
test('a call beyond the scopes of its caller is refused with the one scope that is missing', async (t) => {
  const front = await stage(t, { parts: { metadata } });
  const ask = (bearer: string, name: string) =>
    post(front, message('tools/call', { name }), { authorization: `Bearer ${bearer}` });
  assert.equal((await ask(readToken, 'look')).status, 200);
  for (const [name, scope] of [
    ['change', 'dbx:write'],
    ['remove', 'dbx:admin'],
    ['mint', 'dbx:secrets'],
  ] as const) {
    const answer = await ask(readToken, name);
    assert.equal(answer.status, 403, name);
    const challenge = `error="insufficient_scope", scope="${scope}", ${pointer}`;
    assert.ok(answer.headers.get('www-authenticate')?.endsWith(challenge), name);
    assert.equal((await ask(token, name)).status, 200, name);
  }
  const batch = [message('tools/call', { name: 'look' }), message('tools/call', { name: 'remove' })].join(',');
  assert.equal((await post(front, `[${batch}]`, { authorization: `Bearer ${readToken}` })).status, 403);
  const none = await post(front, message('tools/list'), { authorization: `Bearer ${noToken}` });
  assert.equal(none.status, 403);
  assert.match(none.headers.get('www-authenticate') ?? '', /scope="dbx:read"/);
  assert.deepEqual(
    front.arrivals.map(({ caller }) => caller.id),
    ['token:viewer', 'token:ci', 'token:ci', 'token:ci'],
  );
});

// S113
test('every token is compared, as a digest of the same length, wherever the first difference is', () => {
  const tokens = ['a', 'b', 'c'].map((name) => ({ name, digest: digestOf(name.repeat(40)), scopes: [] }));
  for (const [presented, found] of [
    ['a'.repeat(40), 'a'],
    ['c'.repeat(40), 'c'],
    ['', undefined],
    ['b', undefined],
  ] as const) {
    const compared: [Buffer, Buffer][] = [];
    const match = matching(tokens, presented, (one, other) => {
      compared.push([one, other]);
      return one.equals(other);
    });
    assert.equal(match?.name, found);
    assert.deepEqual(
      compared,
      tokens.map(({ digest }) => [digest, digestOf(presented)]),
    );
  }
  const source = readFileSync(join(import.meta.dirname, '../../../src/http/auth/static-tokens.ts'), 'utf8');
  assert.match(source, /compare: Compare = timingSafeEqual/);
});

const entry = (over: Record<string, unknown> = {}) => ({
  name: 'ci',
  token: 't'.repeat(32),
  scopes: ['dbx:read'],
  ...over,
});

test('a token file takes tokens or their digests, and anything else is named without repeating it', () => {
  const sha256 = createHash('sha256').update('s'.repeat(32)).digest('hex');
  const parsed = parseTokens(JSON.stringify([entry(), { name: 'cd', sha256, scopes: ['dbx:admin', 'dbx:read'] }]));
  assert.ok(typeof parsed !== 'string');
  assert.equal(matching(parsed, 's'.repeat(32))?.name, 'cd');
  const wrong: readonly unknown[] = [
    {},
    [],
    ['x'],
    [entry({ name: 'a b' })],
    [entry({ scopes: [] })],
    [entry({ scopes: ['dbx:all'] })],
    [entry({ sha256 })],
    [{ name: 'ci', scopes: ['dbx:read'] }],
    [entry({ token: undefined, sha256: 'abc' })],
    [entry({ token: 'short-secret' })],
    [entry({ token: `secret ${'t'.repeat(40)}` })],
    [entry({ scope: 'dbx:read' })],
    [entry(), entry({ token: 'u'.repeat(32) })],
    [entry(), entry({ name: 'cd' })],
  ];
  for (const list of wrong) {
    const problem = parseTokens(JSON.stringify(list));
    assert.equal(typeof problem, 'string', JSON.stringify(list));
    assert.doesNotMatch(String(problem), /short-secret|ttt/);
  }
  assert.equal(parseTokens('{'), 'is no JSON');
});

test('the token file is read again when it changes, and closes the door when it is gone or open to others', async (t) => {
  const path = join(temporaryDirectory(t), 'tokens.json');
  const write = (...entries: readonly unknown[]) => writeFileSync(path, JSON.stringify(entries), { mode: 0o600 });
  const problems: string[] = [];
  let time = 0;
  write(entry());
  const tokens = await openTokenFile({ path, now: () => time, onProblem: (problem) => problems.push(problem) });
  const accepts = async (presented: string) => {
    time += 1_000;
    return (await createStaticTokens(tokens).check(presented, '/mcp')) !== undefined;
  };
  const [old, next] = ['t'.repeat(32), 'n'.repeat(33)];
  assert.equal(await accepts(old), true);
  write(entry({ token: next }));
  assert.deepEqual([await accepts(next), await accepts(old)], [true, false]);
  writeFileSync(path, '[{"name":');
  assert.equal(await accepts(next), true, 'half written');
  write(entry({ token: next }));
  chmodSync(path, 0o644);
  assert.equal(await accepts(next), false, 'readable for others');
  chmodSync(path, 0o600);
  assert.equal(await accepts(next), true);
  rmSync(path);
  assert.equal(await accepts(next), false, 'gone');
  assert.equal(problems.length, 3, problems.join('\n'));
  assert.match(problems[1] ?? '', /0644/);
});

test('a token file that is open to others, missing or wrong stops the start', async (t) => {
  const path = join(temporaryDirectory(t), 'tokens.json');
  const start = () => errorOf(openTokenFile({ path, now: () => 0, onProblem: () => {} }));
  assert.match((await start()).message, /ENOENT/);
  writeFileSync(path, JSON.stringify([entry()]), { mode: 0o640 });
  assert.match((await start()).message, /0640/);
  writeFileSync(path, '[]');
  chmodSync(path, 0o600);
  assert.match((await start()).message, /no list of tokens/);
});

test('the token made at the first start is its owner’s alone, stays, and opens everything', async (t) => {
  const directory = join(temporaryDirectory(t), 'state');
  const first = await openLocalToken(directory);
  assert.equal(first.made, true);
  assert.equal(statSync(first.path).mode & 0o777, 0o600);
  const value = readFileSync(first.path, 'utf8').trim();
  assert.match(value, /^[\w-]{43}$/);
  const second = await openLocalToken(directory);
  assert.deepEqual([second.made, second.token.digest], [false, first.token.digest]);
  const { caller } = await createAuthenticator([createStaticTokens(async () => [second.token])]).authenticate(
    [`Bearer ${value}`],
    '/mcp',
    undefined,
  );
  assert.equal(caller?.id, 'token:local');
  assert.equal(caller?.scopes.size, 4);
  chmodSync(first.path, 0o644);
  assert.match((await errorOf(openLocalToken(directory))).message, /not yours alone/);
  writeFileSync(first.path, 'short');
  chmodSync(first.path, 0o600);
  assert.match((await errorOf(openLocalToken(directory))).message, /holds no token/);
  assert.ok(existsSync(first.path));
  if (process.platform === 'win32') return;
  chmodSync(directory, 0o755);
  const refused = await errorOf(openLocalToken(directory));
  assert.match(refused.message, /No token can be kept in .*: others may enter it/);
  assert.equal(refused.failure.next, `Run: chmod 700 ${JSON.stringify(directory)}`);
});
