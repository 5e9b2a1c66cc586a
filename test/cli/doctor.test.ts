/** `doctor` against an account that is a process of its own: what is well, what is wrong, and what to do. */
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { checkCertificates, checkNode, oldestNode } from '../../src/cli/doctor/machine.js';
import { home, json, nobodyAsked, run, startSandbox } from './program.js';

interface Finding {
  readonly level: string;
  readonly check: string;
  readonly message: string;
  readonly fix?: string;
  readonly kind?: string;
}

async function examine(env: Readonly<Record<string, string>>, ...args: string[]) {
  const ended = await run(['doctor', '--json', ...args], env);
  const { ok, findings } = json(ended) as { ok: boolean; findings: Finding[] };
  const find = (check: string) => findings.find((finding) => finding.check === check && finding.level !== 'ok');
  return { ...ended, ok, findings, find };
}

test('an account that is set up well has no failure', async () => {
  const { account } = await startSandbox();
  const { code, ok, findings, stdout, stderr } = await examine(account.env);
  assert.equal(code, 0, stdout);
  assert.equal(stderr, '');
  assert.ok(ok);
  assert.deepEqual(
    findings.filter(({ level }) => level !== 'ok'),
    [],
  );
  const host = findings.find(({ check }) => check === 'host');
  assert.equal(host?.message, `${account.url} (environment DATABRICKS_HOST)`);
  assert.ok(!stdout.includes(account.client_secret));
});

test('for a person each finding is one line', async () => {
  const { account } = await startSandbox();
  const { code, stdout } = await run(['doctor'], account.env);
  assert.equal(code, 0);
  for (const line of stdout.trimEnd().split('\n')) assert.match(line, /^(ok|warn|fail|skip) {2,}\S/);
});

test('a wrong secret fails the sign-in, exits 4 and is not shown', async () => {
  const { account } = await startSandbox();
  const env = { ...account.env, DATABRICKS_CLIENT_SECRET: 'not-the-secret-it-was' };
  const { code, find, stdout } = await examine(env);
  assert.equal(code, 4);
  assert.equal(find('sign-in')?.kind, 'sign_in');
  assert.match(find('sign-in')?.fix ?? '', /client id.*account id/);
  assert.ok(!stdout.includes('not-the-secret'));
});

test('each area is read once, and what narrow scopes leave closed is named with its scope', async () => {
  const { account } = await startSandbox('--scopes', 'scim');
  const { code, findings } = await examine(account.env);
  assert.equal(code, 0);
  const of = (check: string) => findings.find((finding) => finding.check === check);
  assert.equal(of('users')?.message, 'Users: open, reading works');
  const billing = of('billing');
  assert.deepEqual(
    [billing?.level, billing?.message],
    ['skip', 'Billing and budgets: closed, needs the scope billing'],
  );
});

test('an area that the cloud does not have, and one that the policy switches off, are called that', async () => {
  const { account } = await startSandbox('--cloud', 'azure');
  const { code, findings } = await examine({ ...account.env, DATABRICKS_CLOUD: 'azure' }, '--deny', 'area:billing');
  assert.equal(code, 0);
  const of = (check: string) => findings.find((finding) => finding.check === check);
  assert.equal(of('log-delivery')?.message, 'Log delivery: azure does not have it');
  assert.equal(of('billing')?.message, 'Billing and budgets: switched off by the policy');
});

test('asking for a scope the secret is not bound to fails the sign-in', async () => {
  const { account } = await startSandbox('--scopes', 'scim');
  const { code, find } = await examine(account.env, '--scopes', 'all-apis');
  assert.equal(code, 4);
  assert.match(find('sign-in')?.message ?? '', /not bound to the scopes asked for \(all-apis\)/);
});

test('a service principal without the Account admin role is told so', async () => {
  const { account } = await startSandbox();
  const call = (...args: string[]) => run(['call', ...args], { ...account.env, ...nobodyAsked }).then(json);
  const [principal] = (await call('list_service_principals', 'filter=displayName eq "ci-deploy"')).data;
  const minting = ['create_service_principal_secret', `service_principal_id=${principal.id}`, 'scopes=["all-apis"]'];
  const { data } = await call(...minting);
  const { value } = JSON.parse(readFileSync(data.secret.stored_in, 'utf8')) as { value: string };
  const own = { DATABRICKS_CLIENT_ID: principal.applicationId, DATABRICKS_CLIENT_SECRET: value };
  const { code, find } = await examine({ ...account.env, ...own });
  assert.equal(code, 5);
  assert.equal(find('role')?.kind, 'forbidden');
  assert.match(find('users')?.message ?? '', /reading is forbidden, Databricks said/);
  assert.match(find('role')?.fix ?? '', /Account admin role/);
});

test('without any configuration each missing setting is a failure and the exit code is 3', async () => {
  const { code, findings } = await examine({});
  assert.equal(code, 3);
  const failed = findings.filter(({ level }) => level === 'fail').map(({ check }) => check);
  assert.deepEqual(failed, ['host', 'account_id', 'client_id', 'client_secret']);
});

test('a host that does not answer is named, with its error', async () => {
  const { account, child } = await startSandbox();
  child.kill();
  await child.ended;
  const { code, find } = await examine(account.env);
  assert.equal(code, 8);
  assert.match(find('reach')?.message ?? '', /ECONNREFUSED/);
});

test('a secret file that others can read is a failure', { skip: process.platform === 'win32' }, async () => {
  const { account } = await startSandbox();
  const file = join(home, 'secret');
  writeFileSync(file, account.client_secret);
  chmodSync(file, 0o644);
  const { DATABRICKS_CLIENT_SECRET: _, ...env } = account.env;
  const { code, find } = await examine({ ...env, DATABRICKS_CLIENT_SECRET_FILE: file });
  assert.equal(code, 3);
  assert.match(find('client_secret_file')?.fix ?? '', /chmod 600/);
});

test('the oldest Node it accepts is the one package.json names', () => {
  const manifest = join(import.meta.dirname, '..', '..', '..', 'package.json');
  const { engines } = JSON.parse(readFileSync(manifest, 'utf8')) as { engines: { node: string } };
  assert.equal(`${engines.node}.0`, `>=${oldestNode}`);
  assert.equal(checkNode('20.9.0').level, 'fail');
  assert.equal(checkNode('20.19.0').level, 'ok');
  assert.equal(checkNode('100.0.0').level, 'ok');
});

test('nothing is said of certificates while nothing special is set', () => {
  assert.deepEqual(checkCertificates({}, undefined), []);
});
