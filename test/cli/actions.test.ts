/** `actions`: needs no configuration and no network, and what it prints can go straight into a script. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actions, areas } from '../../tools/index.js';
import { json, run } from './program.js';

const ids = (list: { id: string }[]) => list.map(({ id }) => id);

test('without words every action is listed under its area', async () => {
  const { code, stdout, stderr } = await run(['actions']);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  for (const { title } of areas) assert.match(stdout, new RegExp(`^${title} --area`, 'm'));
  for (const { id, risk } of actions) assert.match(stdout, new RegExp(`^  ${id} +${risk} `, 'm'));
});

test('on a pipe there are no colours', async () => {
  const { stdout } = await run(['actions']);
  assert.ok(!stdout.includes('\u001b'));
});

test('words narrow the list by id, label, scope and description', async () => {
  const found = ids(json(await run(['actions', 'BUDGET', 'delete', '--json'])));
  assert.deepEqual(found, ['databricks_delete_budget']);
  const byScope = ids(json(await run(['actions', 'networking', '--json'])));
  assert.ok(byScope.includes('databricks_list_networks'));
});

test('area, risk and cloud narrow the list together', async () => {
  const found = json(await run(['actions', '--area', 'provisioning', '--risk', 'read', '--cloud', 'gcp', '--json']));
  assert.deepEqual(ids(found), ['databricks_list_networks', 'databricks_get_network']);
});

test('no match is said on stderr and is no failure', async () => {
  assert.deepEqual(await run(['actions', 'nothing-like-this']), {
    code: 0,
    stdout: '',
    stderr: 'No action matches. Without words and options all are listed.\n',
  });
});

test('--open-with lists what the scopes open, reads only for a :read scope', async () => {
  const found = json(await run(['actions', '--open-with', 'scim:read, billing', '--json']));
  const opened = ids(found);
  assert.ok(opened.includes('databricks_list_users') && opened.includes('databricks_create_budget'));
  assert.ok(!opened.includes('databricks_create_user'));
});

test('--scopes-for prints the least scopes, whichever way the actions are named', async () => {
  const names = ['databricks_list_users', 'Create-Budget', 'list_workspaces'];
  assert.equal((await run(['actions', '--scopes-for', ...names])).stdout, 'billing provisioning scim\n');
});

const separated = { space: 'billing scim', comma: 'billing,scim', semicolon: 'billing;scim', pipe: 'billing|scim' };
for (const [name, expected] of [...Object.entries(separated), ['newline', 'billing\nscim']] as const) {
  test(`--separator ${name} joins the scopes for the place they go to`, async () => {
    const { stdout } = await run(['actions', '--scopes-for', 'list_users,list_budgets', '--separator', name]);
    assert.equal(stdout, `${expected}\n`);
  });
}

test('--scopes-for with a name that does not exist exits 2 and says what was meant', async () => {
  const { code, stdout, stderr } = await run(['actions', '--scopes-for', 'user_list']);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /There is no action "user_list"\.\n {2}Did you mean list_users/);
});

test('--scopes-for --json tells the actions too', async () => {
  assert.deepEqual(json(await run(['actions', '--scopes-for', 'get_user', '--json'])), {
    actions: ['databricks_get_user'],
    scopes: ['scim'],
    text: 'scim',
  });
});

test('--show explains one action with its arguments, nested ones too', async () => {
  const { code, stdout } = await run(['actions', '--show', 'update_user']);
  assert.equal(code, 0);
  assert.match(stdout, /^databricks_update_user {2}Update User$/m);
  assert.match(stdout, /request {2}PATCH \/api\/2\.0\/accounts\/\{account_id\}\/scim\/v2\/Users\/\{id\}/);
  assert.match(stdout, /^ {2}id {2}string, required$/m);
  assert.match(stdout, /^ {6}op {2}string, required\n {10}One of add, remove, replace\.$/m);
});

test('--show --json has the schema a client sees', async () => {
  const shown = json(await run(['actions', '--show', 'unified_get_me', '--json']));
  assert.equal(shown.composed, true);
  assert.equal(shown.input_schema.type, 'object');
});
