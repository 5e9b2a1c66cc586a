/** The unified answers composed of several reads: what they ask, where they stop and what they say then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  unifiedGetGroup,
  unifiedGetMe,
  unifiedGetOrganization,
  unifiedGetRole,
  unifiedGetUser,
  unifiedListGroups,
  unifiedListOrganizations,
  unifiedListRoles,
  unifiedListUsers,
} from '../../tools/unified.js';
import type { Scim } from '../../tools/unified-model.js';
import { clientId, fakeComposition, ids, NotFound, people, run } from './fake-account.js';

const group = (id: string, ...members: string[]) => ({
  id,
  displayName: `g${id}`,
  members: members.map((value) => ({ value, $ref: `Users/${value}` })),
});

test('expanding groups reads the groups with their members and finds the direct memberships of a user', async () => {
  const account = { users: people(2), groups: [group('10', '1'), group('11', '1', '2'), group('12')] };
  const { data, note, calls } = await run(unifiedListUsers, { expand: 'groups' }, account);
  assert.deepEqual(
    data.map((user) => ids(user.groups as Scim[])),
    [['10', '11'], ['11']],
  );
  assert.equal(note, undefined);
  assert.equal(calls.length, 1 + 1 + 3);
  assert.equal((await run(unifiedGetUser, { id: '1' }, account)).data.groups, null);
});

test('groups that Databricks sends with a user are filled from the scan where it has them', async () => {
  const user = {
    id: '1',
    groups: [
      { value: '10', display: 'g10' },
      { value: '99', display: 'far' },
    ],
  };
  const { data } = await run(
    unifiedGetUser,
    { id: '1', expand: 'groups' },
    { users: [user], groups: [group('10', '1')] },
  );
  const [near, far] = data.groups as Scim[];
  assert.equal(near?.organization_id, 'acct');
  assert.deepEqual(far, { id: '99', remote_id: '99', name: 'far' });
});

test('a scan of groups that is cut says so', async () => {
  const groups = Array.from({ length: 201 }, (_, at) => group(String(at + 1000), '1'));
  const { data, note, calls } = await run(unifiedGetUser, { id: '1', expand: 'groups' }, { users: people(1), groups });
  assert.equal((data.groups as Scim[]).length, 200);
  assert.match(note ?? '', /first 200 groups/);
  assert.equal(calls.length, 1 + 2 + 200);
});

test('groups are listed without members unless users are expanded, one request per group', async () => {
  const account = { groups: [group('10', '1'), group('11')] };
  const plain = await run(unifiedListGroups, {}, account);
  assert.deepEqual(
    plain.data.map((each) => [each.users, each.child_group_ids]),
    [
      [null, null],
      [null, null],
    ],
  );
  const whole = await run(unifiedListGroups, { expand: 'users' }, account);
  assert.deepEqual(
    whole.data.map((each) => ids(each.users as Scim[])),
    [['1'], []],
  );
  assert.deepEqual(whole.calls.slice(1), ['get_group {"id":"10"}', 'get_group {"id":"11"}']);
});

test('a group by itself tells its children, and its users when expanded', async () => {
  const parent = {
    id: '10',
    members: [
      { value: '11', $ref: 'Groups/11' },
      { value: '1', $ref: 'Users/1' },
    ],
  };
  const { data } = await run(unifiedGetGroup, { id: '10', expand: 'users' }, { groups: [parent] });
  assert.deepEqual([data.child_group_ids, ids(data.users as Scim[])], [['11'], ['1']]);
});

const holders = {
  users: [{ id: '1', roles: [{ value: 'zeta' }, { value: 'account_admin' }] }, { id: '2' }],
  groups: [{ id: '3', roles: [{ value: 'beta', display: 'The beta' }] }],
  principals: [{ id: '4', roles: [{ value: 'zeta' }, { value: '' }, {}] }],
};

test('roles are the distinct ones that anybody holds, and account_admin, sorted', async () => {
  const { data, note, calls } = await run(unifiedListRoles, { fields: 'id,name' }, holders);
  assert.deepEqual(data, [
    { id: 'account_admin', name: 'Account admin' },
    { id: 'beta', name: 'The beta' },
    { id: 'zeta', name: 'Zeta' },
  ]);
  assert.equal(note, undefined);
  assert.deepEqual(calls.sort(), [
    'list_groups {"attributes":"id,roles","count":1000}',
    'list_service_principals {"attributes":"id,roles","count":1000}',
    'list_users {"attributes":"id,roles","count":1000}',
  ]);
  assert.deepEqual(ids((await run(unifiedListRoles, {}, {})).data), ['account_admin']);
});

test('roles are paged here, with the same cursor', async () => {
  const first = await run(unifiedListRoles, { page_size: 2 }, holders);
  const second = await run(unifiedListRoles, first.nextPage ?? {}, holders);
  assert.deepEqual(
    [ids(first.data), first.total, ids(second.data), second.next],
    [['account_admin', 'beta'], 3, ['zeta'], null],
  );
});

test('a scan of roles stops after twenty pages of a collection and says so', async () => {
  const { note, calls } = await run(unifiedListRoles, {}, { users: people(20_001) });
  assert.match(note ?? '', /roles may be missing/);
  assert.equal(calls.filter((call) => call.startsWith('list_users')).length, 20);
});

test('a role is found by its value, and one that nobody holds is not', async () => {
  assert.equal((await run(unifiedGetRole, { id: 'beta' }, holders)).data.name, 'The beta');
  await assert.rejects(run(unifiedGetRole, { id: 'gamma' }, holders), NotFound);
});

test('the one organization is the account, proved by a read', async () => {
  const { data, next, calls } = await run(unifiedListOrganizations, {}, {});
  assert.deepEqual([ids(data), next, calls], [['acct'], null, ['list_groups {"count":1}']]);
  assert.equal((await run(unifiedGetOrganization, { id: 'acct' }, {})).data.name, 'acct');
});

test('another organization is not found and nothing is sent', async () => {
  const with_ = fakeComposition();
  await assert.rejects(run(unifiedGetOrganization, { id: 'other' }, with_), NotFound);
  assert.deepEqual(with_.calls, []);
});

test('the own credentials show the principal behind the client id', async () => {
  const principals = [
    { id: '8', applicationId: 'another', displayName: 'other' },
    { id: '9', applicationId: clientId, displayName: 'ci', roles: [{ value: 'account_admin' }] },
  ];
  const { data, note, calls } = await run(unifiedGetMe, {}, { principals });
  const user = data.user as Scim;
  assert.deepEqual([data.name, data.scopes, data.permissions], ['ci', ['scim'], null]);
  assert.deepEqual([user.id, user.username, user.is_bot_user], ['9', clientId, true]);
  assert.equal(note, undefined);
  assert.match(calls[0] ?? '', /"filter":"applicationId eq \\"0a1b-client\\"","attributes":"[^"]*\broles\b/);
});

test('credentials whose principal is not visible say so', async () => {
  const { data, note } = await run(unifiedGetMe, {}, {});
  assert.deepEqual([data.name, data.user], [clientId, null]);
  assert.match(note ?? '', /not visible/);
});
