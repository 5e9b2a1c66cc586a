/** Linking an account on the page: tried for real, each problem by its name, the secret stored and never shown. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Trial } from '../../src/link/trial.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { Client } from '../sandbox/client.js';
import { openPlace, type Page, type Place, type Visitor } from './place.js';

async function setUp(t: TestContext, options: SandboxOptions = {}) {
  const sandbox = await startSandbox(options);
  t.after(() => sandbox.close());
  const place = await openPlace(t);
  return { sandbox, place, visitor: await place.operator() };
}

const answers = ({ url, accountId, clientId, clientSecret }: Sandbox, over: Record<string, string> = {}) => ({
  cloud: 'aws',
  host: url,
  account_id: accountId,
  client_id: clientId,
  client_secret: clientSecret,
  scopes: '',
  place: 'file',
  name: 'prod',
  ...over,
});

const profiles = ({ state }: Place) => {
  const file = join(state, 'databrickscfg');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** A principal of the account that is no admin, and its secret. */
async function nobody(sandbox: Sandbox) {
  const client = new Client(sandbox);
  const { json } = await client.get('/scim/v2/ServicePrincipals?filter=displayName%20eq%20%22ci-deploy%22');
  const [{ id, applicationId }] = json.Resources;
  const { secret } = (await client.post(`/servicePrincipals/${id}/credentials/secrets`, {})).json;
  return { client_id: String(applicationId), client_secret: String(secret) };
}

const refusals = ({ lines }: Place) => lines.filter((line) => line.startsWith('warn hub_account_refused'));

async function refused(visitor: Visitor, form: Record<string, string>, kind: string): Promise<Page> {
  const page = await visitor.send('/hub/accounts', form);
  assert.equal(page.status, 422, page.text.slice(0, 2_000));
  assert.match(page.text, new RegExp(`data-problem="${kind}"`));
  assert.match(page.text, /role="alert"/);
  if (form.client_secret) assert.ok(!page.text.includes(form.client_secret));
  return page;
}

test('an account that works is stored, leads to what it opens, and its secret is in no page and no log', async (t) => {
  const { sandbox, place, visitor } = await setUp(t, { scopes: ['scim', 'billing'] });
  const seen: Page[] = [await visitor.get('/hub/accounts')];
  assert.match(seen[0]?.text ?? '', /No account is linked yet/);
  const linked = await visitor.send('/hub/accounts', answers(sandbox, { scopes: 'scim, billing' }));
  seen.push(linked);
  assert.deepEqual([linked.status, linked.to], [303, '/hub/accounts/prod'], linked.text);
  const page = await visitor.get('/hub/accounts/prod');
  seen.push(page, await visitor.get('/hub/accounts'), await visitor.get('/hub/use/prod'));
  assert.match(page.text, /It signs in and reads/);
  assert.match(page.text, /<code class="id">scim<\/code>/);
  assert.match(page.text, /<dt>Users<\/dt><dd>5 of 5<\/dd>/);
  assert.match(page.text, /<dt>Metastores<\/dt><dd>0 of 9<\/dd>/);
  assert.match(seen[3]?.text ?? '', /<a href="\/hub\/accounts\/prod">prod<\/a>/);
  for (const { text, headers } of seen) {
    assert.ok(!text.includes(sandbox.clientSecret));
    assert.equal(headers.get('cache-control'), 'no-store');
  }
  assert.ok(!place.lines.join().includes(sandbox.clientSecret));
  assert.ok(place.lines.some((line) => /^warn hub_account_linked.*"by":"local".*"profile":"prod"/.test(line)));

  assert.match(profiles(place), /^\[prod\]\nhost *= *http/m);
  assert.match(profiles(place), /scopes *= *billing scim/);
  assert.ok(!profiles(place).includes(sandbox.clientSecret));
  const secret = join(place.state, 'credentials', 'prod.secret');
  assert.equal(readFileSync(secret, 'utf8').trim(), sandbox.clientSecret);
  assert.equal(statSync(secret).mode & 0o777, 0o600);
});

test('an address of the account console is taken for the account id it holds', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  const address = `https://accounts.cloud.databricks.com/users?account_id=${sandbox.accountId.toUpperCase()}&o=1`;
  await visitor.send('/hub/accounts', answers(sandbox, { account_id: address }));
  assert.ok(profiles(place).includes(`account_id = ${sandbox.accountId}\n`), profiles(place));
});

test('the profile itself keeps the secret where that is wished', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox, { place: 'profile' }));
  assert.match(profiles(place), new RegExp(`client_secret *= *${sandbox.clientSecret}`));
  assert.equal(statSync(join(place.state, 'databrickscfg')).mode & 0o777, 0o600);
});

test('each problem has its name and a next step, the answers stay but the secret, and nothing is stored', async (t) => {
  const { sandbox, place, visitor } = await setUp(t, { scopes: ['scim'] });
  const wrong: readonly (readonly [string, Record<string, string>])[] = [
    ['form', { client_secret: '' }],
    ['wrong_host', { host: 'https://acme.example' }],
    ['wrong_host', { host: 'https://dbc-1.cloud.databricks.com' }],
    ['wrong_host', { host: 'https://user:pass@accounts.cloud.databricks.com' }],
    ['wrong_account', { account_id: '1234' }],
    ['wrong_secret', { client_secret: 'no-such-secret-0123456789' }],
    ['scope_not_assigned', { scopes: 'scim unity-catalog' }],
    ['unreachable', { host: 'http://127.0.0.1:9' }],
  ];
  for (const [kind, over] of wrong) {
    const form = answers(sandbox, { scopes: 'scim', ...over });
    const { text } = await refused(visitor, form, kind);
    assert.ok(text.includes(`value="${form.client_id}"`), kind);
    assert.match(text, /name="client_secret" type="password" value=""/);
    assert.doesNotMatch(text, /user:pass/);
    const line = refusals(place).at(-1) ?? '';
    assert.match(line, new RegExp(`"by":"local","profile":"prod","kind":"${kind}"`));
    if (form.client_secret) assert.ok(!place.lines.join().includes(form.client_secret));
    assert.doesNotMatch(text, /--(?!allow)[a-z]+-?[a-z]* or |flag --|DATABRICKS_(?!MCP_)[A-Z_]+/, kind);
    place.pass(20_000);
  }
  assert.equal(profiles(place), '');
});

test('who signs in without the admin role is told so, and links it only by saying so', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  const principal = await nobody(sandbox);
  const { text } = await refused(visitor, answers(sandbox, principal), 'no_admin_role');
  assert.match(text, /name="despite"/);
  assert.match(text, /all-apis/);
  assert.equal(profiles(place), '');
  const { status } = await visitor.send('/hub/accounts', answers(sandbox, { ...principal, despite: 'on' }));
  assert.equal(status, 303);
  assert.ok(place.lines.some((line) => /^warn hub_account_linked.*"despite":"no_admin_role"/.test(line)));
  assert.match((await visitor.get('/hub/accounts/prod')).text, /No account admin/);
});

test('a secret in the wrong field is in no page either', async (t) => {
  const { sandbox, visitor } = await setUp(t);
  const secret = `dose${'0123456789abcdef'.repeat(2)}`;
  for (const field of ['client_id', 'account_id', 'host', 'scopes', 'name']) {
    const { text } = await visitor.send('/hub/accounts', answers(sandbox, { client_secret: 'x', [field]: secret }));
    assert.ok(!text.includes(secret), field);
  }
});

test('"all the same" lets nothing through that did not sign in', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  const form = answers(sandbox, { client_secret: 'no-such-secret-0123456789', despite: 'on' });
  await refused(visitor, form, 'wrong_secret');
  assert.equal(profiles(place), '');
});

test('a profile that is there is replaced only on demand, and a name that is none is refused', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  writeFileSync(join(place.state, 'databrickscfg'), '# mine\n[prod]\nhost = https://dbc-1.cloud.databricks.com\n', {
    mode: 0o600,
  });
  const { text } = await refused(visitor, answers(sandbox), 'form');
  assert.match(text, /name="replace"/);
  assert.match(profiles(place), /dbc-1/);
  assert.equal((await visitor.send('/hub/accounts', answers(sandbox, { replace: 'on' }))).status, 303);
  assert.match(profiles(place), /^# mine\n\[prod\]\n/);
  await refused(visitor, answers(sandbox, { name: '../x' }), 'form');
  await refused(visitor, answers(sandbox, { name: '' }), 'form');
});

test('an account is tested again as it is stored now', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  const again = async () => {
    const { to } = await visitor.send('/hub/accounts/prod/test', {});
    assert.equal(to, '/hub/accounts/prod');
    return (await visitor.get('/hub/accounts/prod')).text;
  };
  assert.match(await again(), /data-trial="ok"/);
  writeFileSync(join(place.state, 'credentials', 'prod.secret'), 'not-the-secret-it-was', { mode: 0o600 });
  assert.match(await again(), /data-trial="wrong_secret"/);
});

test('unlinking asks first, then takes the profile and its secret away and says what is left', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  const asked = await visitor.get('/hub/accounts/prod/unlink');
  assert.match(asked.text, /Unlink prod\?/);
  assert.match(profiles(place), /\[prod\]/);
  const { to } = await visitor.send('/hub/accounts/prod/unlink', {});
  assert.equal(to, '/hub/accounts?unlinked=prod');
  assert.ok(place.lines.some((line) => /^warn hub_account_unlinked.*"by":"local","profile":"prod"/.test(line)));
  assert.match((await visitor.get(to ?? '')).text, /Unlinked: its profile is out of/);
  assert.doesNotMatch(profiles(place), /\[prod\]/);
  assert.ok(!existsSync(join(place.state, 'credentials', 'prod.secret')));
  assert.equal((await visitor.get('/hub/accounts/prod')).status, 404);
  assert.equal((await visitor.send('/hub/accounts/prod/unlink', {})).status, 404);
});

test('one account is tried at a time, and not on and on', async (t) => {
  let release = (_trial: Trial) => {};
  const held = new Promise<Trial>((resolve) => {
    release = resolve;
  });
  const none: Trial = { signedIn: false, granted: [], missing: [], opens: [] };
  let tried = 0;
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const place = await openPlace(t, () => ({}), {
    tryAccount: async () => {
      tried += 1;
      return tried === 1 ? held : { ...none, problem: { kind: 'other', message: 'No.', next: 'Nothing.' } };
    },
  });
  const visitor = await place.operator();
  const first = visitor.send('/hub/accounts', answers(sandbox));
  while (tried === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await visitor.send('/hub/accounts', answers(sandbox))).status, 429);
  release({ ...none, problem: { kind: 'other', message: 'No.', next: 'Nothing.' } });
  assert.equal((await first).status, 422);
  const statuses: number[] = [];
  for (let count = 0; count < 9; count += 1) {
    statuses.push((await visitor.send('/hub/accounts', answers(sandbox))).status);
  }
  assert.deepEqual(statuses.slice(-2), [429, 429], statuses.join());
  assert.match(refusals(place).at(-1) ?? '', /"kind":"busy"/);
});

test('nothing of an account is seen, tried, linked or unlinked without a session', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  const before = sandbox.requests.length;
  const stranger = place.visitor();
  for (const path of ['/hub/accounts', '/hub/accounts/prod', '/hub/accounts/prod/unlink', '/hub/use/prod']) {
    assert.equal((await stranger.get(path)).status, 303, path);
  }
  for (const path of ['/hub/accounts', '/hub/accounts/prod/test', '/hub/accounts/prod/unlink']) {
    assert.equal((await stranger.send(path, answers(sandbox, { name: 'evil' }))).status, 403, path);
    assert.equal((await visitor.send(path, { ...answers(sandbox), csrf: 'x' })).status, 403, path);
  }
  assert.equal(sandbox.requests.length, before);
  assert.match(profiles(place), /\[prod\]/);
  assert.doesNotMatch(profiles(place), /evil/);
});

test('every client has a block to paste that starts this program for the profile, and none holds a secret', async (t) => {
  const { sandbox, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  const { text } = await visitor.get('/hub/use/prod');
  for (const title of ['Claude Desktop', 'Claude Code', 'Cursor', 'VS Code', 'Windsurf', 'Codex', 'Gemini CLI']) {
    assert.ok(text.includes(`>${title}</h3>`), title);
  }
  assert.match(text, /&quot;--profile&quot;,/);
  assert.match(text, /\[mcp_servers\.dbx-prod\]/);
  assert.match(text, /init --client cursor --profile prod/);
  assert.doesNotMatch(text, /--read-only/);
  assert.equal((await visitor.get('/hub/use/nobody')).status, 404);
});

test('a link has block and command keep the server to reads, and another takes it back', async (t) => {
  const { sandbox, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  const link = /href="([^"]+)">Keep the server to reads/.exec((await visitor.get('/hub/use/prod')).text)?.[1] ?? '';
  const { text } = await visitor.get(link);
  assert.match(text, /&quot;prod&quot;,\s+&quot;--read-only&quot;/);
  assert.match(text, /init --client cursor --profile prod --read-only/);
  assert.match(text, /<a href="\/hub\/use\/prod">Let it write as well/);
});

test('each block names its file: that of this machine to who sits at it, the usual one to others', async (t) => {
  const { sandbox, place, visitor } = await setUp(t);
  await visitor.send('/hub/accounts', answers(sandbox));
  assert.match((await visitor.get('/hub/use/prod')).text, /Goes into the file <code>\/home\/ann\/cursor</);
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  for (const [host, address] of [
    [place.url, '192.0.2.7'],
    [place.url.replace('127.0.0.1', 'hub.example.com'), '127.0.0.1'],
  ] as const) {
    const request = new Request(`${host}/hub/use/prod`, { headers: { cookie } });
    const text = await (await place.pages.fetch(request, { address, requestId: 'r' })).text();
    assert.match(text, /Goes into the file <code>~\/\.cursor\/mcp\.json</);
    assert.match(text, /Goes into the file <code>claude_desktop_config\.json</);
    assert.doesNotMatch(text, /\/home\/ann/);
  }
});
