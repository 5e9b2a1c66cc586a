/** From flags, environment and file to one policy: what each place may say, and that nothing wrong is passed over. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActionError, type Failure } from '../../src/core/errors.js';
import { type PolicyFlags, readPolicy } from '../../src/guard/policy-settings.js';
import { actions, areas } from '../../tools/index.js';
import { type FakeFile, machine } from '../config/machine.js';
import { policyOf, policyPath, type Said } from './catalogue.js';

const real = (said: Said) => policyOf(said, areas);

function refusal(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ActionError, String(error));
    assert.equal(error.failure.kind, 'configuration');
    return error.failure;
  }
  return assert.fail('The policy was taken.');
}

/** The policy of a file with this text. */
function withFile(file: FakeFile | string, platform: NodeJS.Platform = 'linux') {
  const io = machine({}, { [policyPath]: file }, platform);
  return readPolicy({ policyFile: '~/policy.json' }, io, areas);
}

test('with nothing set there is a policy, and nothing to tell of it', () => {
  const policy = real({});
  assert.deepEqual(policy.settings, []);
  assert.deepEqual(
    [policy.readOnly, policy.approveIn, policy.allowSelfLockout, policy.returnSecrets],
    [false, 'auto', false, false],
  );
  assert.deepEqual([policy.ownAddresses, policy.secretCommand], [undefined, undefined]);
  assert.deepEqual(policy.limits, { destructive: { calls: 5, minutes: 10 }, secret: { calls: 2, minutes: 10 } });
});

test('a file may say everything, and each setting is told with its place', () => {
  const policy = real({
    file: {
      read_only: false,
      areas: ['users', 'groups'],
      rules: { 'delete_*': 'deny', create_user: 'allow_without_approval', destructive: 'deny' },
      limits: { secret: { calls: 1, minutes: 60 } },
      approve_in: 'terminal',
      allow_self_lockout: true,
      own_addresses: ['203.0.113.7', '2001:db8::/32'],
      secret_command: ['/usr/bin/vault', 'kv', 'token=hush'],
      dangerously_return_secrets: true,
    },
  });
  const source = 'policy file ~/policy.json';
  assert.deepEqual(policy.settings, [
    { setting: 'policy_file', value: '~/policy.json', source: 'environment DATABRICKS_MCP_POLICY_FILE' },
    { setting: 'read_only', value: 'false', source },
    { setting: 'areas', value: 'users groups', source },
    { setting: 'deny', value: 'delete_* destructive', source },
    { setting: 'allow_without_approval', value: 'create_user', source },
    { setting: 'limits', value: 'destructive 5 in 10 min, secret 1 in 60 min', source },
    { setting: 'approve_in', value: 'terminal', source },
    { setting: 'allow_self_lockout', value: 'true', source },
    { setting: 'own_addresses', value: '203.0.113.7 2001:db8::/32', source },
    { setting: 'secret_command', value: '/usr/bin/vault', source },
    { setting: 'dangerously_return_secrets', value: 'true', source },
  ]);
  assert.deepEqual(policy.secretCommand, ['/usr/bin/vault', 'kv', 'token=hush']);
  assert.deepEqual(policy.limits.secret, { calls: 1, minutes: 60 });
  assert.deepEqual(policy.ownAddresses, ['203.0.113.7', '2001:db8::/32']);
});

test('flags win over the environment, and that over the file', () => {
  const file = { approve_in: 'terminal', areas: ['users'], own_addresses: ['192.0.2.1'], allow_self_lockout: true };
  const env = {
    DATABRICKS_MCP_APPROVE_IN: 'client',
    DATABRICKS_MCP_AREAS: 'groups, billing',
    DATABRICKS_MCP_OWN_ADDRESSES: '192.0.2.2 192.0.2.3',
    DATABRICKS_MCP_ALLOW_SELF_LOCKOUT: 'no',
  };
  const flags: PolicyFlags = { approveIn: 'auto', areas: 'metastores', ownAddresses: ['192.0.2.4', '192.0.2.0/28'] };
  const facts = (said: Said) => {
    const { approveIn, ownAddresses, allowSelfLockout, settings } = real(said);
    return [approveIn, ownAddresses, allowSelfLockout, settings.find(({ setting }) => setting === 'areas')?.value];
  };
  assert.deepEqual(facts({ file }), ['terminal', ['192.0.2.1'], true, 'users']);
  assert.deepEqual(facts({ file, env }), ['client', ['192.0.2.2', '192.0.2.3'], false, 'groups billing']);
  assert.deepEqual(facts({ file, env, flags }), ['auto', ['192.0.2.4', '192.0.2.0/28'], false, 'metastores']);
});

test('a switch in the environment takes the usual words, and an empty one is none', () => {
  const isReadOnly = (value: string) => real({ env: { DATABRICKS_MCP_READ_ONLY: value } }).readOnly;
  assert.deepEqual(['true', '1', 'YES', ' on '].map(isReadOnly), [true, true, true, true]);
  assert.deepEqual(['false', '0', 'no', 'Off', '', ' '].map(isReadOnly), [false, false, false, false, false, false]);
});

/** What is said, what is refused in it, and the way out. */
const refused: readonly (readonly [Said, message: RegExp, fix: RegExp])[] = [
  [{ env: { DATABRICKS_MCP_READ_ONLY: 'ture' } }, /DATABRICKS_MCP_READ_ONLY is not understood/, /true or false/],
  [
    { env: { DATABRICKS_MCP_READONLY: 'true' } },
    /no variable "DATABRICKS_MCP_READONLY"/,
    /mean DATABRICKS_MCP_READ_ONLY\?/,
  ],
  [{ env: { DATABRICKS_MCP_DENNY: 'read' } }, /no variable/, /mean DATABRICKS_MCP_DENY\?/],
  [{ env: { DATABRICKS_MCP_DENY: ',' } }, /DATABRICKS_MCP_DENY names nothing/, /leave it out/],
  [{ flags: { deny: ['delete_metastor'] } }, /--deny "delete_metastor" matches no action/, /mean delete_metastore\?/],
  [{ flags: { deny: ['databricks_delete_'] } }, /matches no action/, /./],
  [{ flags: { ask: ['delte_*'] } }, /--ask "delte_\*" matches no action/, /mean delete_\*/],
  [{ flags: { deny: ['delete_?ser'] } }, /matches no action/, /delete_user/],
  [{ flags: { deny: ['[a-z]*'] } }, /matches no action/, /Name an action, a glob/],
  [{ flags: { deny: ['Delete_*'] } }, /matches no action/, /mean delete_\*/],
  [{ flags: { deny: ['destructve'] } }, /matches no action/, /mean destructive\?/],
  [{ flags: { deny: ['billing'] } }, /matches no action/, /mean area:billing\?/],
  [{ flags: { deny: ['area:grops'] } }, /matches no action/, /mean area:groups\?/],
  [{ flags: { deny: ['area:*'] } }, /matches no action/, /./],
  [{ flags: { deny: [''] } }, /--deny names nothing/, /./],
  [{ flags: { areas: 'users,grops' } }, /no area "grops"/, /mean groups\?/],
  [{ flags: { areas: '' } }, /--areas is not understood/, /at least one/],
  [{ flags: { approveIn: 'browser' } }, /--approve-in is not understood/, /auto, client, terminal/],
  [{ flags: { ownAddresses: ['10.0.0'] } }, /--own-address is not understood/, /IP addresses/],
  [{ env: { DATABRICKS_MCP_SECRET_COMMAND: 'vault kv put hush' } }, /SECRET_COMMAND is not understood/, /JSON list/],
  [{ file: { secret_command: [] } }, /secret_command in ~\/policy.json is not understood/, /JSON list/],
  [{ file: { secret_command: ['a', 1] } }, /is not understood/, /JSON list/],
  [{ file: { readonly: true } }, /unknown key "readonly"/, /mean read_only\?/],
  [{ file: { whatever: true } }, /unknown key "whatever"/, /Known are read_only, areas/],
  [{ file: JSON.parse('{"__proto__": {"read_only": true}}') }, /unknown key "__proto__"/, /Known are/],
  [{ file: { read_only: 'true' } }, /read_only in ~\/policy.json is not understood/, /true or false/],
  [{ file: { read_only: null } }, /read_only in ~\/policy.json is not understood/, /true or false/],
  [{ file: { areas: 'users' } }, /areas in ~\/policy.json is not understood/, /list of strings/],
  [{ file: { areas: [] } }, /areas in/, /at least one/],
  [{ file: { rules: ['deny'] } }, /rules in ~\/policy.json is no object/, /"delete_\*": "deny"/],
  [{ file: { rules: { read: 'alow' } } }, /"read" in ~\/policy.json has an unknown gate/, /mean allow\?/],
  [{ file: { rules: { read: true } } }, /unknown gate/, /one of allow, allow_without_approval, ask, deny/],
  [
    { file: { rules: { 'delte_*': 'deny' } } },
    /"delte_\*": "deny" in ~\/policy.json matches no action/,
    /mean delete_\*/,
  ],
  [{ file: { limits: 5 } }, /limits in ~\/policy.json is no object/, /"calls": 5/],
  [{ file: { limits: { secrets: { calls: 1, minutes: 1 } } } }, /unknown key "secrets"/, /mean secret\?/],
  [{ file: { limits: { secret: { calls: 0, minutes: 1 } } } }, /limits.secret in ~\/policy.json is no limit/, /./],
  [{ file: { limits: { secret: { calls: 1, minutes: 1, hours: 1 } } } }, /is no limit/, /./],
  [{ file: { limits: { destructive: 'none' } } }, /limits.destructive in/, /./],
  // What is overruled has to be right all the same.
  [{ file: { approve_in: 'x' }, flags: { approveIn: 'client' } }, /approve_in in ~\/policy.json/, /one of/],
  [{ env: { DATABRICKS_MCP_AREAS: 'pets' }, flags: { areas: 'users' } }, /no area "pets"/, /There are billing/],
];

for (const [said, message, fix] of refused) {
  test(`refused: ${JSON.stringify(said)}`, () => {
    const failure = refusal(() => real(said));
    assert.match(failure.message, message);
    assert.match(failure.next ?? '', fix);
    assert.ok(!`${failure.message} ${failure.next}`.includes('hush'), 'the value is not repeated');
  });
}

test('all that is wrong is told at once, each with its fix', () => {
  const { message } = refusal(() => real({ flags: { deny: ['delte_*'], areas: 'user' }, file: { rules: { x: 'y' } } }));
  assert.equal(message.split('\n').length, 1 + 3);
  for (const part of [/Did you mean delete_\*/, /Did you mean users/, /unknown gate/]) assert.match(message, part);
});

test('variables of others are left alone', () => {
  const env = { DATABRICKS_MCP_ALLOWED_HOSTS: 'x.example', DATABRICKS_MCP_LOCALE: 'nl', DATABRICKS_HOST: 'h' };
  assert.deepEqual(real({ env }).settings, []);
});

test('a policy file that cannot be read whole is refused', () => {
  const files: readonly (readonly [FakeFile | string, RegExp])[] = [
    [{ text: '{}', fails: 'EACCES' }, /cannot be read \(EACCES\)/],
    [{ text: '{}', isFile: false }, /is no plain file/],
    [`{"rules": {}}${' '.repeat(100_000)}`, /is too large/],
    [' '.repeat(1_000_000), /is too large/],
    ['', /is not valid JSON/],
    ['{"read_only": true,}', /is not valid JSON/],
    ['client_secret = dose-hush', /is not valid JSON/],
    ['[]', /is no JSON object/],
    ['null', /is no JSON object/],
    [`{"rules": ${'['.repeat(100)}`, /nested too deeply/],
    ['{"read_only": true, "read_only" \n : true}', /says "read_only" twice/],
    ['{"rules": {"delete_*": "deny", "\\u0064elete_*": "deny"}}', /says "delete_\*" twice/],
  ];
  for (const [file, message] of files) {
    const { policy, problems } = withFile(file);
    assert.equal(policy, undefined);
    assert.match(problems.map((each) => each.message).join(), message);
    assert.ok(!JSON.stringify(problems).includes('hush'));
  }
  const missing = readPolicy({ policyFile: '/nowhere' }, machine(), areas);
  assert.match(missing.problems[0]?.message ?? '', /The policy file \/nowhere cannot be read \(ENOENT\)/);
});

test('a policy file that others may change is refused, except on Windows, where modes say nothing', () => {
  for (const mode of [0o660, 0o602, 0o666]) {
    const [problem] = withFile({ text: '{}', mode }).problems;
    assert.match(problem?.message ?? '', /has mode 06\d\d: others may change it/);
    assert.equal(problem?.fix, 'Run: chmod go-w ~/policy.json');
  }
  assert.deepEqual(withFile({ text: '{}', mode: 0o644 }).problems, []);
  const io = machine({}, { 'C:\\policy.json': { text: '{}', mode: 0o666 } }, 'win32');
  assert.deepEqual(readPolicy({ policyFile: 'C:\\policy.json' }, io, areas).problems, []);
});

test('a byte order mark, as editors on Windows write it, is no part of the policy', () => {
  assert.equal(withFile('\ufeff{"read_only": true}').policy?.readOnly, true);
});

test('one key in two objects is not said twice', () => {
  const text =
    '{"limits": {"secret": {"calls": 1, "minutes": 2}, "destructive": {"calls": 3, "minutes": 4}}, "rules": {}}';
  assert.deepEqual(withFile(text).problems, []);
});

test('a preset stands for its areas, and read-only among them for no writes', () => {
  const on = (said: Said) => {
    const policy = real(said);
    return areas.filter(({ actions: [first] }) => first && policy.isOn(first)).map(({ id }) => id);
  };
  assert.deepEqual(on({ flags: { areas: 'identity' } }), ['users', 'groups', 'service-principals', 'unified']);
  assert.deepEqual(on({ flags: { areas: 'platform,billing' } }), [
    'billing',
    'metastores',
    'provisioning',
    'workspaces',
  ]);
  const policy = real({ flags: { areas: 'read-only,security' } });
  const deleteUser = actions.find(({ id }) => id === 'databricks_delete_user');
  assert.equal(policy.readOnly, true);
  assert.deepEqual(policy.settings, [
    { setting: 'read_only', value: 'true', source: 'flag --areas' },
    { setting: 'areas', value: 'read-only security', source: 'flag --areas' },
  ]);
  assert.match(String(deleteUser && policy.whyOff(deleteUser)), /read_only \(flag --areas\)/);
  // It keeps what a lower place says of areas, and takes nothing back that one says of writes.
  const both = { flags: { areas: 'read-only' }, env: { DATABRICKS_MCP_AREAS: 'groups' } };
  assert.deepEqual(on(both), ['groups']);
  assert.equal(real({ flags: { areas: 'users' }, env: { DATABRICKS_MCP_AREAS: 'read-only' } }).readOnly, true);
});
