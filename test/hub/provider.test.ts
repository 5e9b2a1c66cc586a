/** Signing in with an identity provider: whom it lets in, and everything that has to fit for that. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createIssuerHttp } from '../../src/http/auth/issuer-http.js';
import { createProvider } from '../../src/hub/provider.js';
import { openPlace, type Place, type Visitor } from './place.js';
import { client, type IdentityProvider, type Misbehaviour, otherKeys, startProvider } from './provider.js';

interface Options {
  readonly operators?: readonly string[];
  /** A client without a secret. */
  readonly isPublic?: boolean;
}

async function setUp(t: TestContext, { operators = ['Ann@Example.com'], isPublic = false }: Options = {}) {
  const idp = await startProvider(t);
  const http = createIssuerHttp(2_000);
  t.after(() => http.close());
  let passed = 0;
  const place = await openPlace(t, (at) => ({
    signIn: {
      links: at.links,
      owner: 'owner',
      command: () => 'hub link',
      provider: createProvider({
        issuer: idp.issuer,
        clientId: client.id,
        clientSecret: isPublic ? undefined : client.secret,
        operators,
        base: () => at.url,
        http,
        date: () => Date.now() + passed,
        key: randomBytes(32),
      }),
    },
  }));
  const wait = (time: number) => {
    passed += time;
  };
  return { idp, place, wait };
}

/** To the provider and back, as a browser goes. */
async function walk(place: Place, idp: IdentityProvider, visitor: Visitor = place.visitor(), next = '') {
  const away = await visitor.get(`/hub/sign-in/provider${next}`);
  assert.equal(away.status, 303, away.text);
  const back = new URL(idp.consent(away.to ?? ''));
  return { visitor, away, back, end: await visitor.get(`${back.pathname}${back.search}`, fromThere) };
}

const fromThere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

test('who is named by a verified address is let in, and goes on by a page, as the new cookie would not follow', async (t) => {
  const { idp, place } = await setUp(t);
  assert.match((await place.visitor().get('/hub/sign-in')).text, /Sign in with 127\.0\.0\.1/);
  const { visitor, away, end } = await walk(place, idp, place.visitor(), '?next=/hub/journal');
  const asked = new URL(away.to ?? '').searchParams;
  assert.equal(asked.get('response_type'), 'code');
  assert.equal(asked.get('code_challenge_method'), 'S256');
  assert.equal(asked.get('redirect_uri'), `${place.url}/hub/sign-in/callback`);
  for (const name of ['state', 'nonce', 'code_challenge']) assert.ok((asked.get(name) ?? '').length >= 43, name);
  assert.equal(end.status, 200);
  assert.match(end.text, /http-equiv="refresh" content="0;url=\/hub\/journal"/);
  const cookies = end.headers.getSetCookie();
  assert.ok(
    cookies.some((each) => /^hub-\d+=[\w-]{43}; Path=\/hub; HttpOnly; SameSite=Strict$/.test(each)),
    cookies.join(),
  );
  assert.match((await visitor.get('/hub/journal')).text, /ann@example\.com/);
  assert.match(idp.asked[0]?.authorization ?? '', /^Basic /);
  assert.ok(place.lines.some((line) => /hub_sign_in.*"ok":true.*"by":"jwt:http:.*#4711"/.test(line)));
});

test('a person may be named by the provider’s id, and a client may have no secret', async (t) => {
  const { idp, place } = await setUp(t, { operators: ['sub:4711'], isPublic: true });
  const { visitor } = await walk(place, idp);
  assert.equal((await visitor.get('/hub/journal')).status, 200);
  assert.equal(idp.asked[0]?.authorization, undefined);
  assert.equal(idp.asked[0]?.form.get('client_id'), client.id);
});

test('nobody else gets in: other addresses, unverified ones, an id that looks like an address', async (t) => {
  const { idp, place } = await setUp(t, { operators: ['ann@example.com', 'mark@example.com', 'sub:1'] });
  for (const claims of [
    { email: 'eve@example.com' },
    { email_verified: false },
    { email_verified: 'true' },
    { email: undefined, sub: 'ann@example.com' },
    { email: 'ann@example.com.evil.com' },
    { email: 'mar\u212a@example.com' },
    { email: undefined, sub: '11' },
  ]) {
    idp.wrong.claims = claims;
    const { visitor, end } = await walk(place, idp);
    assert.equal(end.status, 403, JSON.stringify(claims));
    assert.match(end.text, /none of this hub’s operators/);
    assert.equal((await visitor.get('/hub/journal')).status, 303);
    place.pass(60_000);
  }
  assert.ok(place.lines.some((line) => /warn hub_sign_in.*eve@example\.com is no operator/.test(line)));
});

test('an ID token that is not for this sign-in, this client, of this issuer or in time is refused', async (t) => {
  const { idp, place } = await setUp(t);
  const past = Math.floor(Date.now() / 1_000) - 3_600;
  const wrongs: readonly Misbehaviour[] = [
    { claims: { nonce: 'another' } },
    { claims: { nonce: undefined } },
    { claims: { aud: 'another-client' } },
    { claims: { iss: 'https://evil.example' } },
    { claims: { sub: undefined } },
    { key: otherKeys.privateKey },
    { answer: { status: 200, body: JSON.stringify({ access_token: 'x', token_type: 'Bearer' }) } },
    { answer: { status: 400, body: JSON.stringify({ error: 'invalid_grant' }) } },
    { answer: { status: 302, body: '', headers: { location: 'https://evil.example' } } },
    { answer: { status: 200, body: 'x'.repeat(300 * 1024) } },
    { answer: { status: 500, body: 'no' } },
    {
      answer: {
        status: 200,
        body: JSON.stringify({ access_token: 'x', token_type: 'Bearer', id_token: expired(past) }),
      },
    },
  ];
  for (const wrong of wrongs) {
    Object.assign(idp.wrong, { claims: {}, key: undefined, answer: undefined }, wrong);
    const { visitor, end } = await walk(place, idp);
    assert.equal(end.status, 403, JSON.stringify(wrong).slice(0, 200));
    assert.match(end.text, /did not confirm who you are/);
    assert.equal((await visitor.get('/hub/journal')).status, 303);
    place.pass(60_000);
  }
});

/** Unsigned besides. */
const expired = (at: number) => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ iss: 'x', aud: client.id, sub: '4711', exp: at, iat: at - 60 })}.`;
};

test('what comes back has to be of this browser, this sign-in and this provider, and comes once', async (t) => {
  const { idp, place, wait } = await setUp(t);
  const { back, end } = await walk(place, idp);
  assert.equal(end.status, 200);
  const refused = async (visitor: Visitor, url: URL, why: string) => {
    const { status } = await visitor.get(`${url.pathname}${url.search}`, fromThere);
    assert.equal(status, 403, why);
    assert.equal((await visitor.get('/hub/journal')).status, 303, why);
    place.pass(60_000);
  };
  await refused(place.visitor(), back, 'another browser');
  const begin = async () => {
    const visitor = place.visitor();
    const { to } = await visitor.get('/hub/sign-in/provider');
    return { visitor, back: new URL(idp.consent(to ?? '')) };
  };
  for (const [why, change] of [
    ['another state', (url: URL) => url.searchParams.set('state', 'x')],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['another code', (url: URL) => url.searchParams.set('code', 'x')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['an error', (url: URL) => url.searchParams.set('error', 'access_denied')],
  ] as const) {
    const begun = await begin();
    change(begun.back);
    await refused(begun.visitor, begun.back, why);
  }
  const tampered = await begin();
  for (const [name, value] of tampered.visitor.cookies)
    tampered.visitor.cookies.set(name, `${value.slice(0, -9)}AAAAAAAAA`);
  await refused(tampered.visitor, tampered.back, 'a cookie of another');
  const late = await begin();
  wait(600_000);
  await refused(late.visitor, late.back, 'too late');
});

test('a provider that is down, elsewhere or of another name begins nothing', async (t) => {
  const { idp, place } = await setUp(t);
  idp.wrong.document = { issuer: 'https://evil.example' };
  const visitor = place.visitor();
  const { status, text } = await visitor.get('/hub/sign-in/provider');
  assert.equal(status, 502);
  assert.match(text, /cannot be reached/);
  assert.equal(visitor.cookies.size, 0);
  idp.wrong.document = { authorization_endpoint: 'javascript:alert(1)' };
  assert.equal((await visitor.get('/hub/sign-in/provider')).status, 502);
});

test('where to go afterwards is a page of the hub, whatever was asked for', async (t) => {
  const { idp, place } = await setUp(t);
  for (const next of [
    'https://evil.example',
    '//evil.example',
    '/hub//evil.example',
    '/hub/../mcp',
    '/mcp',
    'javascript:1',
  ]) {
    const { end } = await walk(place, idp, place.visitor(), `?next=${encodeURIComponent(next)}`);
    assert.match(end.text, /content="0;url=\/hub"/, next);
    place.pass(60_000);
  }
});
