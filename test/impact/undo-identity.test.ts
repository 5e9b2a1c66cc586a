/** The calls that take a change back are good calls, and they do: the account is as it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arguments } from '../../tools/action.js';
import { account, admin, type Bench } from './bench.js';

const user = (bench: Bench) => bench.id('users', 'Omar Haddad');
const group = (bench: Bench) => bench.id('groups', 'platform-admins');
const principal = (bench: Bench) => bench.id('servicePrincipals', 'terraform-provisioner');
const workspace = (bench: Bench) => bench.workspaces()[0]?.workspace_id ?? '';
/** One that is assigned to that workspace, as ADMIN. */
const assigned = (bench: Bench) => bench.id('groups', 'data-engineering');

const changes: Record<string, [string, (bench: Bench) => Arguments]> = {
  'a user': [
    'update_user',
    (bench) => ({
      id: user(bench),
      Operations: [
        { op: 'replace', path: 'active', value: false },
        { op: 'add', path: 'roles', value: admin },
        { op: 'replace', value: { displayName: 'x' } },
        { op: 'replace', path: 'name.givenName', value: 'X' },
        { op: 'add', path: 'externalId', value: 'e' },
      ],
    }),
  ],
  'a service principal': [
    'update_service_principal',
    (bench) => ({ id: principal(bench), Operations: [{ op: 'remove', path: 'roles' }] }),
  ],
  'a group': [
    'update_group',
    (bench) => ({
      id: group(bench),
      Operations: [
        { op: 'replace', path: 'members', value: [{ value: user(bench) }] },
        { op: 'remove', path: 'roles' },
        { op: 'replace', path: 'displayName', value: 'x' },
      ],
    }),
  ],
  'a member that comes': ['add_group_member', (bench) => ({ group_id: group(bench), member_id: user(bench) })],
  'a member that goes': [
    'remove_group_member',
    (bench) => ({
      group_id: group(bench),
      member_id: bench.all('groups').find(({ id }) => id === group(bench))?.members?.[0],
    }),
  ],
  'an assignment': [
    'create_or_update_workspace_permission_assignment',
    (bench) => ({ workspace_id: workspace(bench), principal_id: assigned(bench), permissions: ['USER'] }),
  ],
  'an assignment that goes': [
    'delete_workspace_permission_assignment',
    (bench) => ({ workspace_id: workspace(bench), principal_id: assigned(bench) }),
  ],
};

/** Lists count as sets. */
const state = (bench: Bench) => {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted).sort()
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sorted(inner)]))
        : value;
  return sorted(bench.sandbox.snapshot());
};

for (const [what, [name, args]] of Object.entries(changes)) {
  test(`a change is taken back by its undo: ${what}`, async (t) => {
    const bench = await account(t);
    const before = state(bench);
    const call = args(bench);
    const impact = await bench.impact(name, call);
    assert.equal(impact.reversible, 'yes');
    await bench.done(name, call);
    assert.notDeepEqual(state(bench), before, 'it was a change');
    const then = await bench.impact(name, call);
    if (impact.after !== undefined) assert.deepEqual(then.before, impact.after, 'the result was told');
    assert.ok(impact.undo !== undefined);
    await bench.done(impact.undo.tool, impact.undo.arguments);
    assert.deepEqual(state(bench), before);
  });
}

for (const [collection, remove, name] of [
  ['groups', 'delete_group', 'platform-admins'],
  ['users', 'delete_user', 'Omar Haddad'],
] as const) {
  test(`what ${remove} removes is made anew by its undo, with another id`, async (t) => {
    const bench = await account(t);
    const id = bench.id(collection, name);
    const { id: _, ...old } = bench.all(collection).find((each) => each.id === id) ?? { id };
    const { undo, reversible } = await bench.impact(remove, { id });
    assert.equal(reversible, 'partly');
    await bench.done(remove, { id });
    assert.ok(undo !== undefined);
    await bench.done(undo.tool, undo.arguments);
    const { id: fresh, ...made } = bench.all(collection).find((each) => each.displayName === name) ?? { id };
    assert.notEqual(fresh, id);
    assert.deepEqual(made, old);
  });
}

test('what changes nothing has no undo', async (t) => {
  const bench = await account(t);
  const id = user(bench);
  const idle = { id, Operations: [{ op: 'replace', path: 'active', value: true }] };
  assert.equal((await bench.impact('update_user', idle)).undo, undefined);
  const gone = { group_id: group(bench), member_id: id };
  assert.equal((await bench.impact('remove_group_member', gone)).undo, undefined);
  const members = bench.all('groups').find((each) => each.id === group(bench))?.members ?? [];
  const there = { group_id: group(bench), member_id: members[0] };
  assert.equal((await bench.impact('add_group_member', there)).undo, undefined);
});
