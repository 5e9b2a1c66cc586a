/** `sandbox`: an account as a program of its own. */
import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { json, run, start, startSandbox } from './program.js';

test('--json prints one line with all that a client needs, and the account answers to it', async () => {
  const { account } = await startSandbox('--scopes', 'scim,billing');
  assert.deepEqual(account.scopes, ['billing', 'scim']);
  assert.equal(account.env.DATABRICKS_HOST, account.url);
  const me = json(await run(['call', 'unified_get_me'], account.env));
  assert.deepEqual(me.data.scopes, ['billing', 'scim']);
});

test('without --json it prints lines ready for a shell', { skip: process.platform === 'win32' }, async () => {
  const child = start(['sandbox']);
  const printed = await new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data))));
  child.kill('SIGINT');
  assert.match(printed, /^ {2}export DATABRICKS_HOST=http:\/\/127\.0\.0\.1:\d+$/m);
  for (const name of ['ACCOUNT_ID', 'CLIENT_ID', 'CLIENT_SECRET']) {
    assert.match(printed, new RegExp(`^  export DATABRICKS_${name}=\\S+$`, 'm'));
  }
  assert.equal((await child.ended).code, 0);
});

test('each request is one line on stderr', async () => {
  const { account, child } = await startSandbox();
  await run(['call', 'list_groups'], account.env);
  child.kill();
  const { stderr } = await child.ended;
  assert.match(stderr, /^POST \/oidc\/accounts\/\S+\/v1\/token 200$/m);
  assert.match(stderr, /^GET \/api\/2\.0\/accounts\/\S+\/scim\/v2\/Groups 200$/m);
});

test('an address other machines could reach is refused', async () => {
  const { code, stdout, stderr } = await run(['sandbox', '--host', '0.0.0.0']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /listens on this machine only/);
});

test('a port that is taken is named', async () => {
  const { account } = await startSandbox();
  const { code, stderr } = await run(['sandbox', '--port', new URL(account.url).port]);
  assert.equal(code, 2);
  assert.match(stderr, /cannot be used \(EADDRINUSE\)/);
});
