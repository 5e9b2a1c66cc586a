/**
 * Random changes of random accounts: where no lock-out is told the call is really made, and the own principal and a user
 * are still in charge; where one is told for certain, the call really takes that away.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startSandbox } from '../../src/sandbox/index.js';
import type { Arguments } from '../../tools/action.js';
import { runs } from '../fuzz/arbitraries.js';
import { action, admin, Bench } from './bench.js';

const verb = fc.constantFrom('add', 'remove', 'replace');
const urn = 'urn:ietf:params:scim:schemas:core:2.0';
const roleLists = fc.constantFrom<unknown>([], admin, [{ value: 'other' }], [...admin, { value: 'other' }]);
const memberLists = fc.subarray(['own', 'user', 'stranger', 'inner', 'empty']);

const one = (path: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
  fc.record({ op: verb, path, value }, { requiredKeys: ['op', 'path'] });

const onRoles = one(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('roles', 'roles[value eq "account_admin"]', 'ROLES') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `${urn}:User:roles`,
        'roles[value eq "Account_Admin"]',
        'Roles[ value ne "x" ]',
        'roles[value co "admin"]',
        'roles[value sw "o"]',
        'roles[value eq "x" or value eq "account_admin"]',
        'roles.value',
      ),
    },
  ),
  fc.oneof(roleLists, fc.constantFrom<unknown>('account_admin', 'other', '[]', '{}', true)),
);
const onActive = one(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('active', 'Active') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(`${urn}:ServicePrincipal:active`, 'active.value', 'active[value eq "true"]'),
    },
  ),
  fc.constantFrom<unknown>(true, false, 'true', 'false', 'False', 'no', 0, [{ value: 'false' }], []),
);
const onMembers = one(
  fc.constantFrom(
    'members',
    'MEMBERS',
    'members[value eq "own"]',
    'members[value eq "inner"]',
    'members[value ne "own"]',
  ),
  memberLists.map((list) => list.map((value) => ({ value }))),
);
const onName = one(fc.constantFrom('displayName', 'externalId'), fc.constant('x'));
const whole = (value: fc.Arbitrary<unknown>) => fc.record({ op: fc.constantFrom('add', 'replace'), value });

/** Mostly what the resource has: an attribute it has not is refused by the account and proves little. */
const operation = {
  person: fc.oneof(
    { weight: 3, arbitrary: onRoles },
    { weight: 3, arbitrary: onActive },
    { weight: 1, arbitrary: onName },
    { weight: 1, arbitrary: whole(fc.oneof(fc.record({ roles: roleLists }), fc.record({ active: fc.boolean() }))) },
  ),
  group: fc.oneof(
    { weight: 2, arbitrary: onRoles },
    { weight: 4, arbitrary: onMembers },
    { weight: 1, arbitrary: onName },
    { weight: 1, arbitrary: whole(fc.record({ roles: roleLists })) },
  ),
};

const call = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        { name: 'update_service_principal', target: 'own' },
        { name: 'update_user', target: 'user' },
        { name: 'update_group', target: 'top' },
        { name: 'update_group', target: 'inner' },
      )
      .chain((update) =>
        fc.record({
          ...mapped(update),
          Operations: fc.array(operation[update.name === 'update_group' ? 'group' : 'person'], {
            minLength: 1,
            maxLength: 3,
            size: 'small',
          }),
        }),
      ),
  },
  { weight: 1, arbitrary: fc.record(mapped({ name: 'delete_user', target: 'user' })) },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('delete_group'), target: fc.constantFrom('top', 'inner') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      name: fc.constantFrom('remove_group_member', 'add_group_member'),
      target: fc.constantFrom('top', 'inner'),
      member: fc.constantFrom('own', 'user', 'inner', 'stranger'),
    }),
  },
);

function mapped({ name, target }: { name: string; target: string }) {
  return { name: fc.constant(name), target: fc.constant(target) };
}

/** Who is admin how: `top` carries the role, `inner` is nested in it. */
const shape: fc.Arbitrary<Shape> = fc.record({
  ownIsDirect: fc.boolean(),
  userIsDirect: fc.boolean(),
  strangerIsDirect: fc.boolean(),
  nested: fc.boolean(),
  top: fc.subarray(['own', 'user', 'stranger']),
  inner: fc.subarray(['own', 'user', 'stranger']),
});

interface Shape {
  readonly ownIsDirect: boolean;
  readonly userIsDirect: boolean;
  readonly strangerIsDirect: boolean;
  readonly nested: boolean;
  readonly top: readonly string[];
  readonly inner: readonly string[];
}

type Ids = Readonly<Record<string, string>>;

test('no change without a lock-out shuts anybody out, and no certain lock-out is a false alarm', async (t) => {
  const sandbox = await startSandbox();
  t.after(() => sandbox.close());
  const seen = { free: 0, lockedOut: 0, refused: 0, uncertain: 0 };
  await fc.assert(
    fc.asyncProperty(shape, call, async (how, { name, target, ...rest }) => {
      sandbox.reset();
      const bench = new Bench(sandbox);
      const ids = await arrange(bench, how);
      const args = named(rest, ids, name.includes('member') ? 'group_id' : 'id', ids[target] ?? '');
      if (!action(name).input.safeParse(args).success || !bench.ownIsInCharge()) return;
      const adminsBefore = bench.adminUsers();
      const { lockouts = [] } = await bench.impact(name, args);
      const isUncertain = lockouts.some((reason) => reason.startsWith('It cannot be told'));
      const { status } = await bench.call(name, args);
      const isOwnLost = !bench.ownIsInCharge();
      const areUsersLost = adminsBefore.length > 0 && bench.adminUsers().length === 0;
      const told = JSON.stringify({ name, args, how, lockouts });
      if (lockouts.length === 0) assert.ok(!isOwnLost && !areUsersLost, told);
      else if (!isUncertain && status < 300) assert.ok(isOwnLost || areUsersLost, `a false alarm: ${told}`);
      seen[lockouts.length === 0 ? 'free' : isUncertain ? 'uncertain' : status < 300 ? 'lockedOut' : 'refused'] += 1;
    }),
    runs(250),
  );
  // Every kind is common among the calls: a run without one says the arbitraries are broken.
  assert.ok(seen.free > 0 && seen.lockedOut > 0 && seen.uncertain > 0, JSON.stringify(seen));
});

/** Rebuilds who is admin: the own principal last, because until then it does the work. */
async function arrange(bench: Bench, how: Shape): Promise<Ids> {
  const [user, stranger, ...others] = bench.adminUsers();
  const ids: Record<string, string> = {
    own: bench.own.id,
    user: user ?? '',
    stranger: stranger ?? '',
    top: bench.id('groups', 'platform-admins'),
    inner: bench.id('groups', 'automation'),
    empty: bench.id('groups', 'ml-platform'),
  };
  const members = (list: readonly string[]) => ({
    op: 'replace',
    path: 'members',
    value: list.map((name) => ({ value: ids[name] })),
  });
  const roles = (given: boolean) => ({ op: 'replace', path: 'roles', value: given ? admin : [] });
  await bench.patch('group', ids.top ?? '', members([...how.top, ...(how.nested ? ['inner'] : [])]));
  await bench.patch('group', ids.inner ?? '', members(how.inner));
  await bench.patch('group', ids.empty ?? '', members([]));
  for (const id of others) await bench.patch('user', id, roles(false));
  await bench.patch('user', ids.user ?? '', roles(how.userIsDirect));
  await bench.patch('user', ids.stranger ?? '', roles(how.strangerIsDirect));
  await bench.patch('service_principal', ids.own ?? '', roles(how.ownIsDirect));
  return ids;
}

/** The arguments with ids in place of the names. */
function named(rest: object, ids: Ids, target: string, id: string): Arguments {
  const text = JSON.stringify(rest).replace(
    /(?<=")(own|user|stranger|inner|empty)(?="|\\")/g,
    (name) => ids[name] ?? name,
  );
  const { member, ...args } = JSON.parse(text) as { member?: string };
  return { ...args, ...(member !== undefined && { member_id: member }), [target]: id };
}
