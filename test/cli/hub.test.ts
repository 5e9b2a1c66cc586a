/** The `hub` command, and `http --hub`: where they are served, who gets in, and a call that is approved on the page. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { request } from 'undici';
import { openBrowser, openerOf } from '../../src/cli/hub/open-browser.js';
import { freePort } from '../http/serving.js';
import { csrfIn } from '../hub/place.js';
import { environment } from '../mcp/server-process.js';
import { client, journal, world } from '../trust/world.js';
import { home, run, start } from './program.js';

/** Starts it and waits until it serves. */
async function serving(args: readonly string[], env: Record<string, string> = {}) {
  const child = start(args, env);
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (part: Buffer) => {
      said += part.toString();
      const [, found] = /hub (?:is )?at (http\S+)\/hub\. (?:Ctrl|For)/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('close', () => reject(new Error(said)));
  });
  return { child, url, said: () => said };
}

/** Signs in with a link and returns the cookie. */
async function signIn(link: string): Promise<string> {
  const { origin, searchParams } = new URL(link);
  const { statusCode, headers, body } = await request(`${origin}/hub/sign-in`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token: searchParams.get('token') ?? '' }).toString(),
  });
  await body.dump();
  assert.equal(statusCode, 303);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

test('the hub is on this machine alone, has no doors to MCP, and prints a link that signs in', async () => {
  const { child, url, said } = await serving(['hub', '--port', '0', '--no-open']);
  assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await fetch(`${url}/mcp`, { method: 'POST' })).status, 404);
  assert.equal((await fetch(`${url}/hub`)).status, 200);
  const [link = ''] = /http\S+\/hub\/sign-in\?token=[\w-]{43}/.exec(said()) ?? [];
  const cookie = await signIn(link);
  assert.equal((await fetch(`${url}/hub/journal`, { headers: { cookie } })).status, 200);

  const { stdout, stderr, code } = await run(['hub', 'link']);
  assert.equal(code, 0, stderr);
  assert.ok(stdout.startsWith(`${url}/hub/sign-in?token=`), stdout);
  await signIn(stdout.trim());

  const taken = await run(['hub', '--port', new URL(url).port, '--no-open']);
  assert.equal(taken.code, 2);
  assert.match(taken.stderr, /EADDRINUSE.*Is a hub running already/s);

  child.kill('SIGTERM');
  const ended = await child.ended;
  assert.equal(ended.code, 0);
  assert.equal(ended.stdout, '');
  assert.deepEqual(readdirSync(join(home, 'databricks-actions-mcp', 'hub', 'served')), []);
  const gone = await run(['hub', 'link']);
  assert.notEqual(gone.code, 0);
  assert.match(gone.stderr, /No hub is served/);
});

test('the command to copy for a profile of somebody else’s making carries nothing out', async () => {
  const configFile = join(home, 'strange.databrickscfg');
  const account = 'host = https://accounts.cloud.databricks.com\naccount_id = 11111111-2222-4333-8444-555555555555\n';
  writeFileSync(configFile, `[a$(touch x)]\n${account}`, { mode: 0o600 });
  const { child, url } = await serving(['hub', '--port', '0', '--no-open', '--config-file', configFile]);
  const cookie = await signIn((await run(['hub', 'link'])).stdout.trim());
  const page = await fetch(`${url}/hub/use/${encodeURIComponent('a$(touch x)')}`, { headers: { cookie } });
  assert.match(await page.text(), /--profile &#39;a\$\(touch x\)&#39; --config-file/);
  child.kill();
  await child.ended;
});

test('whoever comes from another machine reads nothing of the folders on this one', async () => {
  const state = join(home, 'a state of its own');
  const signInPage = async (...more: string[]) => {
    const port = String(await freePort());
    const { child } = await serving(['http', '--sandbox', '--hub', '--port', port, '--state-dir', state, ...more]);
    const text = await (await fetch(`http://127.0.0.1:${port}/hub/sign-in`)).text();
    child.kill();
    await child.ended;
    return text;
  };
  assert.match(await signInPage(), /hub link --state-dir &#39;.*a state of its own&#39;/);
  const page = await signInPage('--public-url', 'https://mcp.example.com', '--behind-tls-proxy');
  assert.match(page, />databricks-actions-mcp hub link</);
  assert.ok(!page.includes('a state of its own'));
});

test('http serves the hub only where asked to, and then prints no link of its own', async () => {
  const { child, url, said } = await serving(['http', '--sandbox', '--port', '0', '--hub']);
  assert.equal((await fetch(`${url}/hub`)).status, 200);
  assert.doesNotMatch(said(), /token=/);
  const { stdout } = await run(['hub', 'link']);
  const cookie = await signIn(stdout.trim());
  // What opens the pages opens nothing of MCP.
  const answer = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(answer.status, 401);
  child.kill();
  await child.ended;
});

test('a call of a client that cannot ask names the page, and runs once it was approved there', async () => {
  const place = await world();
  const env = environment(place.home);
  const hub = await serving(['hub', '--port', '0', '--no-open'], env);
  const at = await client(place, 'modern');
  const user = await place.account.scim('Users', 'Marta Ruiz');
  const group = await place.account.scim('Groups', 'contractors');
  const again = () => at.call('add_group_member', { group_id: group.id, member_id: user.id });
  const { error } = (await again()).json;
  assert.equal(error.code, 'APPROVAL_NEEDED');
  assert.equal(error.approval.page, `${hub.url}/hub/approvals`);
  assert.ok(error.next.includes(error.approval.page), error.next);

  const { stdout } = await run(['hub', 'link'], env);
  const cookie = await signIn(stdout.trim());
  const text = await (await fetch(error.approval.page, { headers: { cookie } })).text();
  assert.match(text, /Add Group Member: group &quot;contractors&quot;/);
  const approved = await request(error.approval.page, {
    method: 'POST',
    headers: { cookie, origin: hub.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf: csrfIn(text) ?? '', id: error.approval.id, decision: 'approve' }).toString(),
  });
  assert.equal(approved.headers.location, '/hub/approvals?done=approved');
  assert.equal((await again()).json.outcome, 'applied');
  const given = journal(place).find(({ type }) => type === 'approval_given');
  assert.equal(given?.facts.channel, 'page');

  hub.child.kill();
  await hub.child.ended;
  const { error: later } = (await at.call('delete_group', { id: group.id })).json;
  assert.equal(later.approval.page, undefined);
});

test('the browser gets a private file that leads to the link, never the link itself', async () => {
  const started: string[][] = [];
  const spawn = ((program: string, args: string[]) => {
    started.push([program, ...args]);
    const child = new EventEmitter();
    setImmediate(() => child.emit('spawn'));
    return Object.assign(child, { unref: () => {} });
  }) as unknown as typeof import('node:child_process').spawn;
  const link = 'http://127.0.0.1:1/hub/sign-in?token=secret';
  const state = join(home, 'opening');
  for (const [platform, env, program] of [
    ['darwin', {}, '/usr/bin/open'],
    ['win32', {}, 'rundll32'],
    ['linux', { DISPLAY: ':0' }, 'xdg-open'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ] as const) {
    const opened = await openBrowser(link, state, env, platform, spawn);
    const words = started.at(-1) ?? [];
    assert.equal(words[0], program);
    assert.ok(!words.join(' ').includes('secret'));
    assert.deepEqual(readdirSync(join(state, 'hub')), [words.at(-1)?.split('/').at(-1)]);
    await opened?.forget();
    assert.deepEqual(readdirSync(join(state, 'hub')), []);
  }
  for (const env of [{ SSH_CONNECTION: 'x', DISPLAY: ':0' }, { SSH_TTY: 'x', DISPLAY: ':0' }, {}]) {
    assert.equal(openerOf('f', env, 'linux'), undefined);
  }
  assert.equal(openerOf('f', { SSH_CONNECTION: 'x' }, process.platform), undefined);
});

test('new secrets go to a page only where there is a hub, and to no two places', async () => {
  const nowhere = await run(['http', '--sandbox', '--port', '0', '--secrets-to', 'page']);
  assert.equal(nowhere.code, 78, nowhere.stderr);
  assert.match(nowhere.stderr, /--secrets-to page needs --hub/);
  const page = ['http', '--sandbox', '--port', '0', '--hub', '--secrets-to', 'page'];
  const twice = await run([...page, '--dangerously-return-secrets']);
  assert.equal(twice.code, 3, twice.stderr);
  assert.match(twice.stderr, /contradict each other/);
  const command = await run(page, { DATABRICKS_MCP_SECRET_COMMAND: '["/bin/true"]' });
  assert.match(command.stderr, /DATABRICKS_MCP_SECRET_COMMAND contradict each other/);
});
