/** One-time pages of secrets: to whom they open, how often, for how long, and that nothing else shows a value. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createApp } from '../../src/app.js';
import { createFileSink } from '../../src/guard/secret-files.js';
import { createSecretPages, type PageFacts } from '../../src/guard/secret-pages.js';
import { actions } from '../../tools/index.js';
import { unasked } from '../mcp/unasked.js';
import { openPlace } from './place.js';
import { signedInAs } from './provider.js';

const canary = 'dosecafecafecafecafecafecafecafecafe';

async function setUp(t: TestContext) {
  let passed = 0;
  const shown: [PageFacts, string][] = [];
  const tokens: string[] = [];
  const pages = createSecretPages({
    now: () => Date.now() + passed,
    random: randomBytes,
    url: (token) => {
      tokens.push(token);
      return `http://hub/hub/secrets/${token}`;
    },
  });
  t.after(() => pages.close());
  const place = await openPlace(t, (at) => ({
    secrets: { pages, shelves: [], onShown: async (facts, by) => void shown.push([facts, by]) },
    signIn: signedInAs(at),
  }));
  const mint = async (caller = 'token:ci') => {
    await pages.sink.store('service_principal_secret-1 <b>', canary, { account_id: 'a-1' }, caller);
    return `/hub/secrets/${tokens.at(-1)}`;
  };
  return {
    place,
    pages,
    mint,
    shown,
    wait: (time: number) => {
      passed += time;
    },
  };
}

// S105
test('a secret is shown once, after a button; opening its address shows who it is for and uses nothing up', async (t) => {
  const { place, mint, shown } = await setUp(t);
  const path = await mint();
  const visitor = await place.operator();
  for (let times = 0; times < 3; times += 1) {
    const { status, text } = await visitor.get(path);
    assert.equal(status, 200);
    assert.match(text, /service_principal_secret-1 &lt;b&gt;/);
    assert.match(text, /token:ci/);
    assert.ok(!text.includes(canary));
  }
  const { status, text, headers } = await visitor.send(path, {});
  assert.equal(status, 200);
  assert.ok(text.includes(`>${canary}</code>`));
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.deepEqual(
    shown.map(([facts, by]) => [facts.caller, by]),
    [['token:ci', 'ann']],
  );
  for (const again of [await visitor.send(path, {}), await visitor.get(path)]) {
    assert.equal(again.status, 410);
    assert.match(again.text, /shown already, its time is over, or there never was one/);
    assert.ok(!again.text.includes(canary));
  }
  assert.equal(shown.length, 1);
  assert.ok(!place.lines.join().includes(canary));
});

// S105
test('after five minutes, and for a guess, there is nothing', async (t) => {
  const { place, mint, wait } = await setUp(t);
  const visitor = await place.operator();
  const path = await mint();
  for (const guess of [`${path}A`, path.slice(0, -1), '/hub/secrets/x', `/hub/secrets/${'A'.repeat(43)}`]) {
    assert.equal((await visitor.get(guess)).status, 410, guess);
    assert.equal((await visitor.send(guess, {})).status, 410, guess);
  }
  wait(299_000);
  assert.equal((await visitor.get(path)).status, 200);
  wait(1_000);
  assert.equal((await visitor.get(path)).status, 410);
  assert.equal((await visitor.send(path, {})).status, 410);
});

// S105
test('a visitor of the identity provider opens what they made over MCP, and nobody else’s', async (t) => {
  const { place, mint, pages } = await setUp(t);
  const issuer = 'https://idp.example';
  const bob = place.visitor();
  await bob.get(`/hub/sign-in/callback?who=bob`);
  const foreign = await mint('token:ci');
  for (const answer of [await bob.get(foreign), await bob.send(foreign, {})]) {
    assert.equal(answer.status, 403);
    assert.match(answer.text, /It still waits for them/);
    assert.ok(!answer.text.includes(canary));
  }
  assert.equal((await (await place.operator()).get(foreign)).status, 200);
  const own = await mint(`jwt:${issuer}#bob`);
  const listed = await bob.get('/hub/secrets');
  assert.match(listed.text, /For jwt:https:\/\/idp\.example#bob/);
  assert.doesNotMatch(listed.text, /For token:ci/);
  assert.ok((await bob.send(own, {})).text.includes(canary));
  assert.equal(pages.waiting('token:ci').length, 1);
});

test('without a session or its form nothing is opened', async (t) => {
  const { place, mint } = await setUp(t);
  const path = await mint();
  const stranger = place.visitor();
  const { status, to } = await stranger.get(path);
  assert.deepEqual([status, to], [303, `/hub/sign-in?next=${path}`]);
  assert.equal((await stranger.send(path, {})).status, 403);
  const visitor = await place.operator();
  assert.equal((await visitor.send(path, { csrf: 'x' })).status, 403);
  assert.ok((await visitor.send(path, {})).text.includes(canary));
});

test('what is kept in files is listed with its place, and no value', async (t) => {
  const place = await openPlace(t);
  await createFileSink(join(place.state, 'secrets')).store('made-1', canary, { id: '1', account_id: 'a-1' });
  const { text } = await (await place.operator()).get('/hub/secrets');
  assert.match(text, /made-1/);
  assert.ok(text.includes(join(place.state, 'secrets')));
  assert.ok(!text.includes(canary));
  assert.doesNotMatch(text, /Waiting to be seen/);
});

test('a secret minted by a call waits for the caller of that call; the answer tells where, and not the value', async (t) => {
  const { place, pages } = await setUp(t);
  const app = await createApp({
    flags: {},
    sandbox: true,
    env: unasked(place.state),
    stateDirectory: place.state,
    secretSink: pages.sink,
    logLevel: 'silent',
  });
  t.after(() => app.close());
  const run = (id: string, args: object) => {
    const action = actions.find((each) => each.id === `databricks_${id}`);
    return app.executor.execute(action ?? assert.fail(), args, { caller: 'token:ci' });
  };
  const list = await run('list_service_principals', { count: 1 });
  const [principal] = list.data as { id: string }[];
  const args = { service_principal_id: principal?.id, scopes: ['scim'] };
  const { data } = await run('create_service_principal_secret', args);
  const { secret } = data as { secret: { stored_in: string; url: string } };
  assert.equal(secret.stored_in, 'page');
  assert.deepEqual(
    pages.waiting('token:ci').map(({ accountId }) => accountId),
    [app.configuration.accountId],
  );
  const { text } = await (await place.operator()).send(new URL(secret.url).pathname, {});
  const [, value = ''] = /<code id="secret">([^<]+)<\/code>/.exec(text) ?? [];
  assert.ok(value.length > 20);
  assert.ok(!JSON.stringify(data).includes(value));
});
