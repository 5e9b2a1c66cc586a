/** What a person is asked: target, loss and reversal in plain lines that nothing from outside can break or outgrow. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ActionError } from '../../src/core/errors.js';
import { hasHidden } from '../../src/core/visible.js';
import { type Asked, inWords } from '../../src/guard/wording.js';
import { actions } from '../../tools/index.js';
import { hostileText, runs } from '../fuzz/arbitraries.js';

const action = (id: string) => {
  const found = actions.find((each) => each.id === `databricks_${id}`);
  assert.ok(found !== undefined, id);
  return found;
};

const deleteUser: Asked = {
  action: action('delete_user'),
  risk: 'destructive',
  accountId: '11111111-2222-3333-4444-555555555555',
  cloud: 'aws',
  sandbox: false,
  arguments: { id: '7890', userName: 'ana@example.com' },
  impact: {
    target: { kind: 'user', id: '7890', name: 'ana@example.com' },
    facts: [
      { label: 'Active', value: true },
      { label: 'Groups', value: ['admins', 'analysts', 'ops', 'finance', 'legal'] },
      { label: 'Workspaces', value: [] },
      { label: 'Owned jobs', value: 12n },
    ],
    reversible: 'partly',
    reversal: 'The user can be made anew; its memberships have to be given back one by one.',
  },
};

test('a prompt says target, account, loss and reversal, in this order, and nothing twice', () => {
  assert.deepEqual(inWords({ ...deleteUser, client: 'Some Client' }), [
    'Delete User: user "ana@example.com" (7890)',
    'Account: 11111111-2222-3333-4444-555555555555 on aws',
    'Risk: destructive, deletes or removes',
    'Active: yes',
    'Groups: 5: "admins", "analysts", "ops", "finance", "legal"',
    'Workspaces: none',
    'Owned jobs: 12',
    'Can it be taken back: partly. The user can be made anew; its memberships have to be given back one by one.',
    'Asked through: "Some Client"',
  ]);
});

test('a change is told by what differs, with arguments nobody has told yet and without secrets', () => {
  const asked: Asked = {
    ...deleteUser,
    action: action('update_group'),
    risk: 'privilege',
    sandbox: true,
    arguments: {
      id: '1',
      displayName: 'ops',
      filter: { tags: [{ key: 'team', value: 'x' }] },
      workspace_id: 9007199254740993n,
      secret_id: 'abc',
      client_secret: 'hunter2hunter2',
      'my password': 'hunter3hunter3',
      nested: { private_key: { pem: 'hunter4hunter4' } },
      note: 'dose0123456789abcdef0123456789abcdef',
    },
    impact: {
      target: { kind: 'group', id: '1', name: 'operations' },
      facts: [],
      reversible: 'yes',
      reversal: 'Change it back.',
      lockouts: ['This is the last administrator.'],
      before: { displayName: 'operations', members: [{ value: '5' }, { value: '6' }], client_secret: 'old-secret' },
      after: { displayName: 'ops', members: [{ value: '6' }, { value: '7' }], client_secret: 'new-secret' },
    },
  };
  const lines = inWords(asked);
  assert.deepEqual(lines, [
    'Update Group: group "operations" (1)',
    'Account: 11111111-2222-3333-4444-555555555555 on aws - SANDBOX, nothing real is changed',
    'Risk: privilege, changes who or what has access',
    'WARNING: This is the last administrator.',
    'Can it be taken back: yes. Change it back.',
    'Changed: displayName: from "operations" to "ops"',
    'Removed: members: "5"',
    'Added: members: "7"',
    'Changed: client_secret: (not shown), differs in what is not shown',
    'As given in the call:',
    'filter.tags[0]: key "team", value "x"',
    'workspace_id: 9007199254740993',
    'secret_id: "abc"',
    'client_secret: (not shown)',
    '["my password"]: (not shown)',
    'nested.private_key.pem: (not shown)',
    'note: "[redacted]"',
  ]);
  assert.doesNotMatch(lines.join('\n'), /hunter|dose0|(old|new)-secret/);
});

const isTooMuch = (error: unknown) =>
  error instanceof ActionError && error.failure.kind === 'approval' && error.failure.code === 'TOO_MUCH_TO_SHOW';

// S022
test('a name that plays a prompt is one escaped line of at most 120 characters', () => {
  const name = `ana\n✔ Approved by security\r\n\u202egnp.exe\u{e0041}\u001b[2J"). Yes${'A'.repeat(5_000)}`;
  const impact = { ...deleteUser.impact, target: { kind: 'user', id: `7\n${name}`, name } };
  const lines = inWords({
    ...deleteUser,
    impact: { ...impact, facts: [{ label: 'Name', value: name }] },
    client: name,
  });
  const shown =
    '"ana\\n✔ Approved by security\\r\\n\\u202egnp.exe\\u{e0041}\\u001b[2J\\"). YesAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…"';
  assert.equal([...shown].length, 120);
  assert.equal(lines[0], `Delete User: user ${shown} ("7\\n${shown.slice(1, -5)}…")`);
  assert.equal(lines[3], `Name: ${shown}`);
  assert.equal(lines.at(-1), `Asked through: ${shown}`);
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\u202e\u{e0000}-\u{e007f}]/u);
});

test('however much there is to tell, title, risk and reversal are there and the prompt stays short', () => {
  const many = Array.from({ length: 300 }, (_, at) => `${at} ${'x'.repeat(100)}`);
  const lines = inWords({
    ...deleteUser,
    impact: {
      ...deleteUser.impact,
      facts: many.map((value) => ({ label: 'Fact', value: [value, value, value, value] })),
      before: Object.fromEntries(many.map((value, at) => [`field_${at}`, value])),
      after: {},
    },
  });
  assert.equal(lines[0], 'Delete User: user "ana@example.com" (7890)');
  assert.equal(lines[2], 'Risk: destructive, deletes or removes');
  assert.ok(lines.some((line) => line.startsWith('Can it be taken back: partly.')));
  assert.ok(lines.some((line) => line.startsWith('Fact: 4: "0 xxx')));
  const more = lines.filter((line) => /^and \d+ more (facts|changed fields)$/.test(line));
  assert.equal(more.length, 2, more.join());
  assert.ok(lines.join('\n').length <= 3_200, `${lines.join('\n').length}`);
});

test('whatever the values are, each line is one line and hides nothing', () => {
  const text = fc.oneof(hostileText, fc.string({ unit: 'binary', maxLength: 300 }));
  fc.assert(
    fc.property(text, text, fc.dictionary(text, text), (name, other, values) => {
      const lines = inWords({
        ...deleteUser,
        arguments: { given: other, values },
        impact: {
          target: { kind: 'user', id: other, name },
          facts: [{ label: 'Fact', value: [name, other] }],
          reversible: 'no',
          reversal: 'It cannot.',
          before: { values, name },
          after: { values: { [name]: other }, name: [other] },
        },
        client: other,
      });
      for (const line of lines) {
        assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029]/u);
        assert.equal(hasHidden(line), false);
      }
      assert.match(lines[0] ?? '', /^Delete User: user "/);
      assert.equal(lines.filter((line) => line.startsWith('Can it be taken back: no. It cannot.')).length, 1);
    }),
    runs(500),
  );
});

test('an argument is left out only where its text is told: flags, empty lists and what is cut off are not', () => {
  const long = 'x'.repeat(100);
  const facts = [
    { label: 'Active', value: true },
    { label: 'Role', value: 'viewer' },
    { label: 'Groups', value: [`a${long}`, `b${long}`, `c${long}`, 'hidden-admins'] },
    { label: 'Owner now', value: 'ana' },
  ];
  const lines = inWords({
    ...deleteUser,
    arguments: {
      id: '7890',
      force: true,
      permissions: [],
      role: 'viewer',
      group: 'hidden-admins',
      roles: ['viewer'],
      owner: 'ana',
    },
    impact: { ...deleteUser.impact, facts },
  });
  assert.deepEqual(lines.slice(8), [
    'As given in the call:',
    'force: yes',
    'permissions: none',
    'group: "hidden-admins"',
    'owner: "ana"',
  ]);
});

test('words of ours stand unquoted, so that no name can pass for them', () => {
  const facts = [
    { label: 'Roles', value: { words: 'none' } },
    { label: 'Groups', value: ['none'] },
    { label: 'Name', value: 'none' },
  ];
  const lines = inWords({ ...deleteUser, impact: { ...deleteUser.impact, facts } });
  assert.deepEqual(lines.slice(3, 6), ['Roles: none', 'Groups: "none"', 'Name: "none"']);
});

const update = (facts: Asked['impact']['facts'], before: unknown, after: unknown, given: Asked['arguments'] = {}) =>
  inWords({
    ...deleteUser,
    arguments: given,
    impact: { ...deleteUser.impact, facts, before, after },
  }).slice(3);

test('a change that facts tell is not told again, one that they tell of the present alone is', () => {
  const told = [
    { label: 'Owner now', value: 'ana' },
    { label: 'Owner then', value: 'bo (17)' },
    { label: 'Scopes removed', value: ['sql'] },
    { label: 'Roles now', value: ['admin'] },
    { label: 'Dollars now', value: '2500' },
    { label: 'Dollars then', value: '3000' },
  ];
  const before = { owner: 'ana', scopes: ['sql'], roles: ['admin'], sum: '2500.000', on: true };
  const after = { owner: '17', scopes: [], roles: [], sum: '3000.00', on: false };
  const lines = update(told, before, after, { owner: '17', on: false });
  assert.deepEqual(lines.slice(told.length + 1), ['Removed: roles: "admin"', 'Changed: on: from yes to no']);
});

test('what comes or goes in one list is one line, and an object of a list is told whole or not at all', () => {
  const members = (...ids: string[]) => ids.map((value) => ({ value }));
  const given = {
    Operations: [{ op: 'add', path: 'members', value: '9' }],
    roles: [{ value: 'admin' }],
    named: { 'a b': 1 },
  };
  const lines = update(
    [{ label: 'Roles granted', value: ['admin'] }],
    { members: members('1', '2') },
    { members: members('9', '8') },
    given,
  );
  assert.deepEqual(lines.slice(2), [
    'Removed: members: 2: "1", "2"',
    'Added: members: 2: "9", "8"',
    'As given in the call:',
    'Operations[0]: op "add", path "members", value "9"',
    'roles: "admin"',
    'named["a b"]: 1',
  ]);
});

test('an argument whose change found no room is told', () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`field_${at}`, `${at} ${'x'.repeat(90)}`]));
  const lines = update([], {}, { ...many, last: 'admins' }, { last: 'admins' });
  assert.ok(lines.some((line) => /^and \d+ more changed fields$/.test(line)));
  assert.ok(lines.includes('last: "admins"'), lines.join('\n'));
});

test('every argument is told whole, however far behind harmless ones the one that matters stands', () => {
  const url = `https://login.example.com/${'a'.repeat(200)}/evil.example`;
  const ranges = [...Array.from({ length: 30 }, (_, at) => `10.0.0.${at}`), '0.0.0.0/0'];
  const facts = [{ label: 'Name', value: `${url}?harmless` }];
  const { impact } = deleteUser;
  const given = { url, ip_addresses: ranges, roles: [{ value: 'a' }, { value: 'b' }, { value: 'c' }, { value: 'd' }] };
  const lines = inWords({ ...deleteUser, arguments: given, impact: { ...impact, facts } });
  assert.deepEqual(lines.slice(-3), [
    `url: "${url}"`,
    `ip_addresses: 31: ${ranges.map((each) => `"${each}"`).join(', ')}`,
    'roles: 4: "a", "b", "c", "d"',
  ]);
});

test('what a person cannot be shown whole cannot be approved', () => {
  const operations = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ op: 'add', path: 'members', value: [{ value: `${at}` }] }));
  const granting = { op: 'add', path: 'roles', value: [{ value: 'account_admin' }] };
  const put = (given: Record<string, unknown>) => inWords({ ...deleteUser, arguments: given });
  assert.ok(
    put({ Operations: [...operations(20), granting] }).includes(
      'Operations[20]: op "add", path "roles", value "account_admin"',
    ),
  );
  const tooMuch: Record<string, unknown>[] = [
    { Operations: [...operations(100), granting] },
    { members: Array.from({ length: 1_500 }, () => ({ value: '' })) },
    { text: 'x'.repeat(4_000) },
    Object.fromEntries(Array.from({ length: 1_200 }, (_, at) => [`${at}`, 1])),
  ];
  for (const given of tooMuch) {
    assert.throws(() => put(given), isTooMuch);
  }
});
