/** `http` as an operator runs it: closed unless told who may call, a token at the first start, an end without loss. */
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { served } from '../http/serving.js';
import { home, run, start } from './program.js';

/** Starts it on a free port and waits until it serves. */
async function serving(args: readonly string[] = [], env: Record<string, string> = {}) {
  const child = start(['http', '--sandbox', '--port', '0', ...args], env);
  return { child, ...(await served(child)) };
}

const ask = (url: string, token: string) =>
  fetch(`${url}/mcp`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{}',
  });

// S107
test('beyond this machine it does not start without saying who may call: exit 78 with the reason', async () => {
  for (const args of [
    ['--host', '0.0.0.0'],
    ['--host', '0.0.0.0', '--no-auth', '--behind-tls-proxy'],
  ]) {
    const { code, stderr, stdout } = await run(['http', '--sandbox', ...args]);
    assert.equal(code, 78);
    assert.match(stderr, /did not start/);
    assert.equal(stdout, '');
  }
  const { code, stderr } = await run(['http', '--sandbox'], { DATABRICKS_MCP_HTTP_HOST: '0.0.0.0' });
  assert.equal(code, 78);
  assert.match(stderr, /--token-file or --oauth-issuer/);
});

test('a start that fails ends the program, metrics and all', async () => {
  const args = ['--port', '0', '--metrics-port', '0', '--policy-file', join(home, 'no-policy.json')];
  const { code, stderr } = await run(['http', '--sandbox', ...args]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /no-policy\.json cannot be read/);
});

test('a profile that is not there is no account to serve, and a token for no account is none', async () => {
  const nobody = join(home, 'no-profiles.cfg');
  writeFileSync(nobody, '[first]\n', { mode: 0o600 });
  const args = ['http', '--sandbox', '--port', '0', '--config-file', nobody];
  const profile = await run([...args, '--serve-profile', 'secnd']);
  assert.equal(profile.code, 3, profile.stderr);
  assert.match(profile.stderr, /--serve-profile secnd is not configured/);
  const file = join(home, 'stray-token.json');
  const token = { name: 'ci', token: 'x'.repeat(43), scopes: ['dbx:read'], accounts: ['secnd'] };
  writeFileSync(file, JSON.stringify([token]), { mode: 0o600 });
  const stray = await run([...args, '--token-file', file]);
  assert.equal(stray.code, 3, stray.stderr);
  assert.match(stray.stderr, /there is no account secnd, only default/);
});

test('a certificate that is none is told as that', async () => {
  const file = join(home, 'no-certificate.pem');
  writeFileSync(file, 'nothing of the kind');
  const { code, stderr } = await run(['http', '--sandbox', '--port', '0', '--tls-cert', file, '--tls-key', file]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /are no certificate and its key/);
});

test('the first start makes a token, says where it is and not what, and ends on a signal with 0', async () => {
  const { child, url, said } = await serving();
  const file = join(home, 'databricks-actions-mcp', 'http-token');
  const token = readFileSync(file, 'utf8').trim();
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(said().includes(file));
  assert.equal((await ask(url, 'x'.repeat(43))).status, 401);
  assert.notEqual((await ask(url, token)).status, 401);
  child.kill('SIGTERM');
  const { code, stderr, stdout } = await child.ended;
  assert.equal(code, 0);
  assert.equal(stdout, '');
  assert.ok(!stderr.includes(token));
});

test('--no-auth is loud', async () => {
  const { child, url, said } = await serving(['--no-auth']);
  assert.match(said(), /warning: --no-auth: every program on this machine/);
  assert.notEqual((await fetch(`${url}/mcp`)).status, 401);
  child.kill('SIGINT');
  assert.equal((await child.ended).code, 0);
});

test('a token file takes the place of the made token, and metrics have a port of their own', async () => {
  const file = join(home, 'tokens.json');
  const token = 'ci-token-0123456789-0123456789-0123456789';
  writeFileSync(file, JSON.stringify([{ name: 'ci', token, scopes: ['dbx:read'] }]), { mode: 0o600 });
  const { child, url, said } = await serving(['--metrics-port', '0'], { DATABRICKS_MCP_HTTP_TOKEN_FILE: file });
  const [, metrics = ''] = /Serving metrics at (\S+)\.\n/.exec(said()) ?? [];
  const made = readFileSync(join(home, 'databricks-actions-mcp', 'http-token'), 'utf8').trim();
  assert.equal((await ask(url, made)).status, 401);
  assert.notEqual((await ask(url, token)).status, 401);
  const counted = await (await fetch(metrics)).text();
  assert.ok(/^databricks_mcp_http_requests_total\{route="\/mcp",status="4xx"\} \d$/m.test(counted));
  child.kill('SIGTERM');
  const { code, stderr } = await child.ended;
  assert.equal(code, 0);
  assert.match(stderr, /"caller":"token:ci"/);
});

test('a setting of the account that cannot be used keeps it from starting, and a host of Databricks is told apart', async () => {
  const missing = await run(['http', '--sandbox', '--token-file', join(home, 'none.json')]);
  assert.equal(missing.code, 3);
  assert.match(missing.stderr, /ENOENT/);
  const host = await run(['http', '--host', 'https://accounts.cloud.databricks.com']);
  assert.equal(host.code, 2);
  assert.match(host.stderr, /--account-host/);
});
