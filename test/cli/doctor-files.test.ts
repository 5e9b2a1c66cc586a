/** What `doctor` says of settings that are said twice and of files that others can get at; and that it shows no secret. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { home, json, nobodyAsked, run, startSandbox } from './program.js';

interface Finding {
  readonly section: string;
  readonly level: string;
  readonly check: string;
  readonly message: string;
  readonly fix?: string;
}

async function examine(env: Readonly<Record<string, string>>, ...args: string[]) {
  const ended = await run(['doctor', '--json', ...args], env);
  const { findings } = json(ended) as { findings: Finding[] };
  const of = (section: string, check: string) =>
    findings.find((finding) => finding.section === section && finding.check === check);
  return { ...ended, findings, of };
}

const onlyUnix = { skip: process.platform === 'win32' };
const place = () => mkdtempSync(join(home, 'place-'));

test('a setting that is said in several places tells which one counts and what it wins over', async () => {
  const { account } = await startSandbox();
  const file = join(place(), 'databrickscfg');
  writeFileSync(file, `[dev]\nhost = ${account.url}\naccount_id = ${account.account_id}\nscopes = scim\n`, {
    mode: 0o600,
  });
  const { of, code } = await examine(account.env, '--config-file', file, '--profile', 'dev', '--host', account.url);
  assert.equal(code, 0);
  const inProfile = `profile dev in ~${file.slice(home.length)}`;
  assert.equal(
    of('settings', 'host')?.message,
    `${account.url} (flag --host; the same in environment DATABRICKS_HOST and ${inProfile})`,
  );
  assert.equal(of('settings', 'scopes')?.message, `scim (${inProfile})`);
  const other = await examine(
    { ...account.env, DATABRICKS_SCOPES: 'all-apis' },
    '--config-file',
    file,
    '--profile',
    'dev',
  );
  assert.equal(
    other.of('settings', 'scopes')?.message,
    `all-apis (environment DATABRICKS_SCOPES; wins over ${inProfile})`,
  );
  assert.equal(other.of('settings', 'profile')?.message, `dev in ~${file.slice(home.length)} (flag --profile)`);
  assert.ok(other.of('files', 'config_file')?.message.startsWith(`~${file.slice(home.length)}`));
});

test('a profile that is not read although it is there is told with the reason', async () => {
  const { account } = await startSandbox();
  writeFileSync(join(home, '.databrickscfg'), '[DEFAULT]\nhost = https://accounts.cloud.databricks.com\n', {
    mode: 0o600,
  });
  const { of } = await examine(account.env);
  assert.match(of('settings', 'profile')?.message ?? '', /^none: ~\/\.databrickscfg was not read, because host is set/);
});

test('before the first change there is nothing in the state folder to find fault with', async () => {
  const { account } = await startSandbox();
  const state = join(place(), 'state');
  const { of, code } = await examine(account.env, '--state-dir', state);
  assert.equal(code, 0);
  assert.match(of('files', 'folder')?.message ?? '', /is made at first need/);
  assert.match(of('files', 'key')?.message ?? '', /is made at first need/);
  assert.throws(() => readdirSync(state), /ENOENT/, 'the doctor makes nothing');
});

test('folders and files of the state folder that others can get at are told with the command', onlyUnix, async () => {
  const { account } = await startSandbox();
  const state = join(place(), 'state');
  const arranged = ['--state-dir', state];
  await run(['call', 'create_group', 'displayName=x', ...arranged], { ...account.env, ...nobodyAsked });
  const well = await examine(account.env, ...arranged);
  assert.equal(well.code, 0, well.stdout);
  assert.match(well.of('files', 'key')?.message ?? '', /key has mode 0600/);
  assert.match(well.of('journal', 'journal')?.message ?? '', /^whole/);

  const [name = ''] = readdirSync(join(state, 'journal')).filter((file) => file.endsWith('.jsonl'));
  chmodSync(join(state, 'journal', name), 0o644);
  const journal = await examine(account.env, ...arranged);
  assert.match(journal.of('files', 'journal')?.fix ?? '', /^Run: chmod 600 .*\.jsonl$/);

  chmodSync(join(state, 'journal'), 0o755);
  const folder = await examine(account.env, ...arranged);
  assert.match(folder.of('files', 'folder')?.message ?? '', /state\/journal is not used: others may enter it/);
  assert.match(folder.of('files', 'folder')?.fix ?? '', /chmod 700/);
  assert.equal(folder.code, 9);

  chmodSync(join(state, 'journal'), 0o700);
  chmodSync(join(state, 'key'), 0o644);
  const key = await examine(account.env, ...arranged);
  assert.match(key.of('files', 'key')?.message ?? '', /can be read or written by others/);
});

test('the key file that replicas share is the one that is looked at', async () => {
  const { account } = await startSandbox();
  const { of, code } = await examine(account.env, '--key-file', join(home, 'no-such-key'));
  assert.equal(code, 9);
  assert.match(of('files', 'key')?.message ?? '', /no-such-key is missing/);
  assert.match(of('files', 'key')?.fix ?? '', /Make one for all replicas/);
});

test('the token file of the HTTP server is looked at where the environment names it', onlyUnix, async () => {
  const { account } = await startSandbox();
  const file = join(place(), 'tokens.json');
  writeFileSync(file, JSON.stringify([{ name: 'ci', token: 'a'.repeat(64), scopes: ['dbx:read'] }]), { mode: 0o644 });
  const env = { ...account.env, DATABRICKS_MCP_HTTP_TOKEN_FILE: file };
  const open = await examine(env);
  assert.equal(open.code, 3);
  assert.match(open.of('files', 'token_file')?.message ?? '', /has mode 0644.*chmod 600/);
  chmodSync(file, 0o600);
  assert.equal((await examine(env)).of('files', 'token_file')?.level, 'ok');
});

test('where the host is not reached, nothing behind it is tried', async () => {
  const { account, child } = await startSandbox();
  child.kill();
  await child.ended;
  const { findings, of } = await examine(account.env);
  assert.equal(of('account', 'sign-in')?.message, 'not tried: the host was not reached');
  assert.equal(of('account', 'sign-in')?.level, 'skip');
  assert.ok(!findings.some(({ section }) => section === 'areas'));
});

test('no secret is shown, whatever is wrong and however it is shown', async () => {
  const { account } = await startSandbox();
  const folder = place();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'databrickscfg');
  writeFileSync(file, `[dev]\nclient_secret = canary-of-profile-1\ntoken = canary-of-profile-2\n`, { mode: 0o600 });
  const tokens = join(folder, 'tokens.json');
  writeFileSync(tokens, `[{ "name": "ci", "token": "canary-of-tokens", "scopes": ["x"] }]`, { mode: 0o600 });
  const more = {
    DATABRICKS_MCP_HTTP_TOKEN_FILE: tokens,
    HTTPS_PROXY: 'http://ana:canary-of-proxy@127.0.0.1:1',
    DATABRICKS_CONFIG_FILE: file,
    DATABRICKS_CONFIG_PROFILE: 'dev',
  };
  const secret = { DATABRICKS_CLIENT_SECRET: 'canary-of-environment' };
  for (const env of [
    { ...account.env, ...more },
    { ...account.env, ...more, ...secret },
    { ...account.env, ...secret, DATABRICKS_CLIENT_ID: secret.DATABRICKS_CLIENT_SECRET },
    { ...account.env, ...more, ...secret, DATABRICKS_HOST: 'https://accounts.cloud.databricks.com' },
    { ...more, ...secret, DATABRICKS_CLIENT_ID: secret.DATABRICKS_CLIENT_SECRET },
  ]) {
    for (const args of [['doctor'], ['doctor', '--json']]) {
      const { stdout, stderr } = await run(args, env);
      assert.notEqual(stdout, '');
      assert.doesNotMatch(stdout + stderr, /canary-of/);
      assert.ok(!(stdout + stderr).includes(account.client_secret));
    }
  }
});
