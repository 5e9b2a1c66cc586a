/** `call`: the shared executor from a shell. Answers on stdout, everything else on stderr, and an exit code to act on. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { home, json, nobodyAsked, run, start, startSandbox } from './program.js';

test('an answer is one line of JSON on a pipe, and nothing else', async () => {
  const ended = await run(['call', 'list_users', 'filter=userName sw "marta."', '--sandbox']);
  assert.equal(ended.code, 0, ended.stderr);
  assert.equal(ended.stdout.trimEnd().split('\n').length, 1);
  assert.equal(json(ended).data[0].displayName, 'Marta Ruiz');
});

const ways: readonly (readonly [way: string, args: readonly string[], input?: string])[] = [
  ['words', ['count=2', 'attributes=id']],
  ['--input with JSON', ['--input', '{"count": 2, "attributes": "id"}']],
  ['--input with a file', ['--input', `@${join(home, 'input.json')}`]],
  ['--input with stdin', ['--input', '-'], '{"count": 2, "attributes": "id"}'],
  ['--input and words together', ['--input', '{"count": 2}', 'attributes=id']],
];
for (const [way, args, input] of ways) {
  test(`arguments are taken from ${way}`, async () => {
    writeFileSync(join(home, 'input.json'), '{"count": 2, "attributes": "id"}');
    const ended = await run(['call', 'databricks_list_groups', '--sandbox', ...args], {}, input);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(
      json(ended).data.map((group: object) => Object.keys(group).includes('displayName')),
      [false, false],
    );
  });
}

test('words take lists and objects as JSON, and single elements of lists as they are', async () => {
  const { account } = await startSandbox();
  const call = (...args: string[]) => run(['call', ...args], { ...account.env, ...nobodyAsked });
  const group = json(await call('create_group', 'displayName=night-shift'));
  const operations = '[{"op":"replace","path":"displayName","value":"day-shift"}]';
  assert.equal((await call('update_group', `id=${group.data.id}`, `Operations=${operations}`)).code, 0);
  const [workspace] = json(await call('list_workspaces', '--json')).data;
  const assigned = await call(
    'create_or_update_workspace_permission_assignment',
    `workspace_id=${workspace.workspace_id}`,
    `principal_id=${group.data.id}`,
    'permissions=USER',
  );
  assert.equal(assigned.code, 0, assigned.stderr);
  assert.equal(json(await call('get_group', `id=${group.data.id}`)).data.displayName, 'day-shift');
});

const refused: readonly (readonly [what: string, args: readonly string[], says: RegExp])[] = [
  ['an argument the action does not know', ['filtr=x'], /unknown argument "filtr"[\s\S]*Allowed arguments: filter/],
  ['a value out of range', ['count=0'], /count: too small/],
  ['a word that is no argument', ['marta'], /"marta" is no argument/],
  ['an argument given twice', ['count=1', 'count=2'], /count is given twice/],
  ['one given by --input and as a word', ['--input', '{"count":1}', 'count=2'], /count is given twice/],
  ['broken JSON, without repeating it', ['--input', '{hush'], /--input is not valid JSON/],
  ['JSON that is no object', ['--input', '[1]'], /--input has to be a JSON object/],
  ['a file that is not there', ['--input', '@nowhere.json'], /cannot be read \(ENOENT\)/],
];
for (const [what, args, says] of refused) {
  test(`${what} exits 2 before anything is sent`, async () => {
    const { code, stdout, stderr } = await run(['call', 'list_users', '--sandbox', ...args]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /hush/);
  });
}

test('an unknown action exits 2 with the one that was meant', async () => {
  const { code, stderr } = await run(['call', 'list_usres', '--sandbox']);
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean list_users/);
});

test('what Databricks does not find exits 6, with its words as a quotation', async () => {
  const { code, stdout, stderr } = await run(['call', 'get_user', 'id=42', '--sandbox']);
  assert.equal(code, 6);
  assert.equal(stdout, '');
  assert.match(stderr, /did not find it\. \(404 SCIM_404\)\n {2}Databricks said: "User with id 42 not found\."\n/);
});

test('with --json a failure is JSON on stdout', async () => {
  const ended = await run(['call', 'get_user', 'id=42', '--sandbox', '--json']);
  assert.equal(ended.code, 6);
  assert.equal(ended.stderr, '');
  assert.equal(json(ended).error.kind, 'not_found');
});

test('a scope that is missing exits 5', async () => {
  const { code, stderr } = await run(['call', 'list_budgets', '--sandbox', '--scopes', 'scim']);
  assert.equal(code, 5);
  assert.match(stderr, /needs the scope billing; granted: "scim"/);
});

test('without any configuration every missing setting is named and the exit code is 3', async () => {
  const { code, stdout, stderr } = await run(['call', 'list_users']);
  assert.equal(code, 3);
  assert.equal(stdout, '');
  for (const name of ['HOST', 'ACCOUNT_ID', 'CLIENT_ID', 'CLIENT_SECRET']) assert.match(stderr, new RegExp(name));
  assert.match(stderr, /--sandbox/);
});

test('a host that does not answer exits 8', async () => {
  const { account, child } = await startSandbox();
  child.kill();
  await child.ended;
  const ended = await run(['call', 'list_users', '--json'], account.env);
  assert.equal(ended.code, 8);
  assert.equal(json(ended).error.kind, 'network');
});

test('a secret that Databricks makes is in a private file and not on stdout', async () => {
  const { account } = await startSandbox();
  const [principal] = json(await run(['call', 'list_service_principals', 'count=1'], account.env)).data;
  const args = [
    'call',
    'databricks_create_service_principal_secret',
    `service_principal_id=${principal.id}`,
    'scopes=["scim"]',
  ];
  const ended = await run(args, { ...account.env, ...nobodyAsked });
  assert.equal(ended.code, 0, ended.stderr);
  const { stored_in } = json(ended).data.secret;
  const { value } = JSON.parse(readFileSync(stored_in, 'utf8')) as { value: string };
  assert.match(value, /^dose/);
  assert.ok(!(ended.stdout + ended.stderr).includes(value));
});

test('access_status can be called like an action', async () => {
  const status = json(await run(['call', 'access_status', '--sandbox', '--scopes', 'scim']));
  assert.deepEqual(status.scopes.granted, ['scim']);
});

test('Ctrl-C cancels the call and exits 130', { skip: process.platform === 'win32' }, async () => {
  const { account } = await startSandbox();
  await fetch(`${account.url}/_sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pattern: 'GET *', action: 'delay', delayMs: 30_000 }),
  });
  const child = start(['call', 'list_users', '--json'], account.env);
  for (let seen = 0; seen === 0; await wait(20)) {
    const { requests } = (await (await fetch(`${account.url}/_sandbox/requests`)).json()) as {
      requests: { method: string }[];
    };
    seen = requests.filter(({ method }) => method === 'GET').length;
  }
  child.kill('SIGINT');
  const ended = await child.ended;
  assert.equal(ended.code, 130, ended.stderr);
  assert.equal(json(ended).error.kind, 'cancelled');
});

test('an answer is what a model would see; --json has everything by name, unless fields say what', async () => {
  const seen = json(await run(['call', 'list_users', 'count=5', '--sandbox']));
  assert.deepEqual(seen.data.columns, ['id', 'userName', 'displayName', 'roles.value']);
  assert.deepEqual([seen.data.rows.length, seen.data.all_rows], [5, { active: true }]);
  const whole = json(await run(['call', 'list_users', 'all=true', '--sandbox', '--json']));
  assert.equal(whole.data.length, whole.total);
  assert.deepEqual(Object.keys(whole.data[1]), [
    'id',
    'userName',
    'displayName',
    'name',
    'emails',
    'active',
    'account_id',
  ]);
  const few = json(await run(['call', 'list_users', 'count=5', 'fields=id,name.givenName', '--sandbox', '--json']));
  assert.deepEqual(few.data[0], { id: whole.data[0].id, name: { givenName: 'Amara' } });
  assert.equal(few.nextPage.fields, 'id,name.givenName');
});

test('what a name hides is an escape on stdout, exact for a program, and the field is named', async () => {
  const { account } = await startSandbox();
  const displayName = 'ops\u202enimda\u200b';
  const made = await run(['call', 'create_group', `displayName=${displayName}`, '--json'], account.env);
  assert.equal(made.code, 0, made.stderr);
  assert.doesNotMatch(made.stdout, /[\u202e\u200b]/);
  assert.match(made.stdout, /"ops\\u202enimda\\u200b"/);
  assert.equal(json(made).data.displayName, displayName);
  assert.deepEqual(json(made).suspicious_fields, ['data.displayName']);
});

test('what Databricks said in a failure is one line in which nothing hides', async () => {
  const { stderr } = await run(['call', 'get_user', 'id=4\u202e2', '--sandbox']);
  assert.match(stderr, /Databricks said: "User with id 4\\u202e2 not found\."\n/);
  assert.ok(!stderr.includes('\u202e'));
  const failure = await run(['call', 'get_user', 'id=4\u202e2', '--sandbox', '--json']);
  assert.equal(json(failure).error.databricks_said, 'User with id 4\u202e2 not found.');
  assert.ok(!failure.stdout.includes('\u202e'));
});
