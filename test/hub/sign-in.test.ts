/** Signing in to the hub by a link, and what a session is: what opens it, what it opens, and what ends it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { createKeys } from '../../src/guard/keys.js';
import { createSignInLinks } from '../../src/hub/links.js';
import { csrfIn, openPlace } from './place.js';

const privatePages = ['/hub/accounts', '/hub/approvals', '/hub/journal', '/hub/secrets', '/hub/whatever'];

test('a link signs in with its button, once, and opening it does not use it up', async (t) => {
  const place = await openPlace(t);
  const token = await place.links.make();
  const visitor = place.visitor();
  for (let times = 0; times < 3; times += 1) {
    const { status, text } = await place.visitor().get(`/hub/sign-in?token=${token}`);
    assert.equal(status, 200);
    assert.match(text, /<form method="post" action="\/hub\/sign-in"/);
  }
  const { status, to, headers } = await visitor.send('/hub/sign-in', { token });
  assert.deepEqual([status, to, headers.get('cache-control')], [303, '/hub', 'no-store']);
  assert.match((await visitor.get('/hub')).text, /Sign out/);
  const again = await place.visitor().send('/hub/sign-in', { token });
  assert.equal(again.status, 403);
  assert.match(again.text, /used already, or it is older than ten minutes/);
  assert.deepEqual(again.headers.getSetCookie(), []);
});

test('of many who use a link at the same moment one gets in', async (t) => {
  const place = await openPlace(t);
  const token = await place.links.make();
  const tries = Array.from({ length: 8 }, () => place.visitor().send('/hub/sign-in', { token }));
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 303).length, 1, statuses.join());
});

test('a link works for ten minutes', async (t) => {
  const place = await openPlace(t);
  const [first, second] = [await place.links.make(), await place.links.make()];
  place.pass(599_000);
  assert.equal((await place.visitor().send('/hub/sign-in', { token: first })).status, 303);
  place.pass(1_000);
  assert.equal((await place.visitor().send('/hub/sign-in', { token: second })).status, 403);
});

test('a link is 256 bits; what is kept of it opens nothing, and one of another key is none', async (t) => {
  const place = await openPlace(t);
  const token = await place.links.make();
  assert.equal(Buffer.from(token, 'base64url').length, 32);
  const folder = join(place.state, 'hub', 'links');
  const [file = ''] = readdirSync(folder);
  assert.ok(!`${file}${readFileSync(join(folder, file), 'utf8')}`.includes(token));
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);

  const other = await openPlace(t);
  const forged = await createSignInLinks({ state: place.state, keys: other.keys, date: Date.now }).make();
  for (const guess of [forged, file.slice(0, 43), token.slice(1), `${token}A`, '', '../../key', token.toLowerCase()]) {
    assert.equal((await place.visitor().send('/hub/sign-in', { token: guess })).status, 403, guess);
    place.pass(20_000);
  }
  assert.equal((await place.visitor().send('/hub/sign-in', { token })).status, 303);
});

test('the time of a link cannot be lengthened by who writes to its file', async (t) => {
  const place = await openPlace(t);
  const token = await place.links.make();
  const folder = join(place.state, 'hub', 'links');
  const [file = ''] = readdirSync(folder);
  const text = readFileSync(join(folder, file), 'utf8');
  writeFileSync(join(folder, file), text.replace(/made_at\\":\d+/, `made_at\\":${Date.now() + 1_000}`));
  assert.equal((await place.visitor().send('/hub/sign-in', { token })).status, 403);
});

test('a link of another process with the same files works, which is how the command makes one', async (t) => {
  const place = await openPlace(t);
  await place.links.make();
  const token = await createSignInLinks({ state: place.state, keys: createKeys(place.state), date: Date.now }).make();
  assert.equal((await place.visitor().send('/hub/sign-in', { token })).status, 303);
});

test('whoever tries links has to wait after ten, and each failure is in the log without the link', async (t) => {
  const place = await openPlace(t);
  const guess = 'x'.repeat(43);
  const statuses: number[] = [];
  for (let times = 0; times < 12; times += 1) {
    statuses.push((await place.visitor().send('/hub/sign-in', { token: guess })).status);
  }
  assert.deepEqual(statuses, [...Array(10).fill(403), 429, 429]);
  const failures = place.lines.filter((line) => line.startsWith('warn hub_sign_in'));
  assert.equal(failures.length, 12);
  assert.match(failures[0] ?? '', /"ok":false.*"address":"127\.0\.0\.1"/);
  assert.ok(!place.lines.some((line) => line.includes(guess)));
  place.pass(60_000);
  assert.equal((await place.visitor().send('/hub/sign-in', { token: await place.links.make() })).status, 303);
});

test('every page but the guide and the sign-in leads there who is not signed in, and takes no form', async (t) => {
  const place = await openPlace(t);
  for (const path of privatePages) {
    const visitor = place.visitor();
    const { status, to, text } = await visitor.get(path);
    assert.deepEqual([status, to, text], [303, `/hub/sign-in?next=${path}`, ''], path);
    assert.equal((await visitor.send(path, {})).status, 403, path);
  }
  for (const path of ['/hub', '/hub/sign-in']) assert.equal((await place.visitor().get(path)).status, 200, path);
  assert.equal((await place.visitor().get('/')).to, '/hub');
});

test('who follows a link on another site is let go on by a page of the hub, as the cookie does not come along', async (t) => {
  const place = await openPlace(t);
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const { status, text } = await place.visitor().get('/hub/approvals?x=1', link);
  assert.equal(status, 200);
  assert.match(text, /<meta http-equiv="refresh" content="0;url=\/hub\/approvals"/);
  assert.match(text, /<a href="\/hub\/approvals">/);
});

test('what it is let go on to is a page of the hub, however its address was written', async (t) => {
  const place = await openPlace(t);
  const { hostname, port } = new URL(place.url);
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  for (const path of ['/hub/..//evil.com', '/hub/%2e%2e//evil.com', '/hub/..\\\\evil.com', '/hub/x/../../\\evil.com']) {
    // As it is: other ways to ask would tidy the path up.
    const text = await new Promise<string>((resolve, reject) => {
      const asked = get({ hostname, port, path, headers }, async (answer) => {
        answer.setEncoding('utf8');
        resolve((await answer.toArray()).join(''));
      });
      asked.on('error', reject);
    });
    assert.match(text, /http-equiv="refresh" content="0;url=\/hub"/, path);
    assert.doesNotMatch(text, /evil/, path);
  }
});

test('the cookie is for this server and this port alone, out of reach of scripts and of other sites', async (t) => {
  const place = await openPlace(t);
  const { headers } = await place.visitor().send('/hub/sign-in', { token: await place.links.make() });
  const { port } = new URL(place.url);
  const [cookie = '', ...more] = headers.getSetCookie();
  assert.deepEqual(more, []);
  assert.match(cookie, new RegExp(`^hub-${port}=[\\w-]{43}; Path=/hub; HttpOnly; SameSite=Strict$`));
});

test('what signs in is new each time, and signing in again ends the session before', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  const [[name = '', before = ''] = []] = visitor.cookies;
  await visitor.send('/hub/sign-in', { token: await place.links.make() });
  assert.notEqual(visitor.cookies.get(name), before);
  const thief = place.visitor();
  thief.cookies.set(name, before);
  assert.equal((await thief.get('/hub/whatever')).status, 303);
  // Planted by somebody else before anybody had signed in.
  const victim = place.visitor();
  victim.cookies.set(name, 'chosen');
  await victim.send('/hub/sign-in', { token: await place.links.make() });
  assert.notEqual(victim.cookies.get(name), 'chosen');
});

test('two cookies of one name are none: one of them is of somebody else', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  const [[name, value] = []] = visitor.cookies;
  const { status } = await place.visitor().get('/hub/whatever', { cookie: `${name}=${value}; ${name}=x` });
  assert.equal(status, 303);
});

test('a session ends after half an hour without use, and after eight hours in any case', async (t) => {
  const place = await openPlace(t);
  const idle = await place.operator();
  place.pass(29 * 60_000);
  assert.equal((await idle.get('/hub/whatever')).status, 404);
  place.pass(30 * 60_000);
  assert.equal((await idle.get('/hub/whatever')).status, 303);

  const busy = await place.operator();
  for (let halfHours = 0; halfHours < 19; halfHours += 1) {
    place.pass(25 * 60_000);
    assert.equal((await busy.get('/hub/whatever')).status, 404, `${halfHours}`);
  }
  place.pass(6 * 60_000);
  assert.equal((await busy.get('/hub/whatever')).status, 303);
});

test('signing out ends the session, also for who has kept the cookie', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  const kept = new Map(visitor.cookies);
  const { status, to } = await visitor.send('/hub/sign-out', {});
  assert.deepEqual([status, to], [303, '/hub/sign-in']);
  assert.equal(visitor.cookies.size, 0);
  const thief = place.visitor();
  for (const [name, value] of kept) thief.cookies.set(name, value);
  assert.equal((await thief.get('/hub/whatever')).status, 303);
});

test('of more sessions than there may be the one unused for longest makes way', async (t) => {
  const place = await openPlace(t);
  const first = await place.operator();
  const second = await place.operator();
  place.pass(1_000);
  await first.get('/hub');
  for (let count = 0; count < 19; count += 1) {
    place.pass(10_000);
    await place.operator();
  }
  assert.equal((await first.get('/hub/whatever')).status, 404);
  assert.equal((await second.get('/hub/whatever')).status, 303);
});

test('a form without the secret of its session, with that of another, or from elsewhere does nothing', async (t) => {
  const place = await openPlace(t);
  const visitor = await place.operator();
  const other = await place.operator();
  const foreign = csrfIn((await other.get('/hub')).text) ?? assert.fail();
  for (const csrf of ['', 'x', foreign]) {
    const { status, text } = await visitor.send('/hub/sign-out', { csrf });
    assert.equal(status, 403, csrf);
    assert.match(text, /nothing was done/);
  }
  for (const origin of ['https://evil.example', 'null', place.url.replace('127.0.0.1', 'localhost')]) {
    assert.equal((await visitor.send('/hub/sign-out', {}, { origin })).status, 403, origin);
  }
  const bare = await fetch(`${place.url}/hub/sign-out`, {
    method: 'POST',
    body: new URLSearchParams({ csrf: csrfIn((await visitor.get('/hub')).text) ?? '' }),
    headers: { cookie: [...visitor.cookies].map((each) => each.join('=')).join() },
  });
  assert.equal(bare.status, 403);
  assert.equal((await visitor.get('/hub/whatever')).status, 404);
});

test('a page that is not there is one, and one that fails tells nothing of why', async (t) => {
  const place = await openPlace(t);
  const { status, text } = await (await place.operator()).get('/hub/<b>nowhere');
  assert.equal(status, 404);
  assert.match(text, /There is no such page/);
  assert.doesNotMatch(text, /<b>nowhere/);
});

test('the files of the pages may be kept for ever, and no other address below them is one', async (t) => {
  const place = await openPlace(t);
  const { text } = await place.visitor().get('/hub');
  const assets = [...text.matchAll(/(?:href|src)="(\/hub\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
  assert.equal(assets.length, 3);
  for (const path of assets) {
    const { status, headers } = await place.visitor().get(path);
    assert.equal(status, 200, path);
    assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.match(headers.get('content-type') ?? '', /^(text\/(css|javascript)|image\/svg)/);
  }
  assert.equal((await place.visitor().get('/hub/assets/other.js')).status, 404);
});
