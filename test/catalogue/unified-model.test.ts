/** SCIM records in the unified shape: every documented field, no invented fact. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  iamCredentials,
  iamGroup,
  iamOrganization,
  iamPrincipal,
  iamRole,
  iamUser,
  wholeGroup,
} from '../../tools/unified-model.js';

const ana = {
  id: '42',
  userName: 'ana@example.com',
  displayName: 'Ana Diaz',
  name: { givenName: 'Ana', familyName: 'Diaz' },
  emails: [{ value: 'old@example.com' }, { value: 'ana@work.example', primary: true }],
  active: true,
  roles: [{ value: 'account_admin' }],
  meta: { created: '2026-01-01T00:00:00Z', lastModified: '2026-02-01T00:00:00Z' },
};

test('a user has every documented field, and null where Databricks has no fact', () => {
  assert.deepEqual(iamUser(ana), {
    id: '42',
    remote_id: '42',
    primary_email_address: 'ana@work.example',
    first_name: 'Ana',
    last_name: 'Diaz',
    name: 'Ana Diaz',
    username: 'ana@example.com',
    is_bot_user: false,
    roles: [{ id: 'account_admin', remote_id: 'account_admin', name: 'Account admin' }],
    groups: null,
    permissions: null,
    status: { value: 'enabled', source_value: true },
    avatar: null,
    last_active_at: null,
    last_login_at: null,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-02-01T00:00:00Z',
    multi_factor_enabled: null,
    unified_custom_fields: null,
  });
});

test('the status of a user follows active and is unknown without it', () => {
  assert.deepEqual(iamUser({ active: false }).status, { value: 'disabled', source_value: false });
  assert.equal(iamUser({}).status, null);
  assert.deepEqual(iamUser({ active: 'suspended' }).status, { value: 'unmapped_value', source_value: 'suspended' });
});

test('a user without a primary e-mail has the first one, else the user name', () => {
  assert.equal(iamUser({ emails: [{ value: 'a@x' }, { value: 'b@x' }] }).primary_email_address, 'a@x');
  assert.equal(iamUser({ userName: 'u@x', emails: [] }).primary_email_address, 'u@x');
  assert.equal(iamUser({}).primary_email_address, null);
});

test('a user without a display name is called by given and family name', () => {
  assert.equal(iamUser({ name: { givenName: 'Ana', familyName: 'Diaz' } }).name, 'Ana Diaz');
  assert.equal(iamUser({ name: { familyName: 'Diaz' } }).name, 'Diaz');
  assert.equal(iamUser({ name: {} }).name, null);
});

test('groups that Databricks sends with a user are taken as references', () => {
  const groups = [{ value: '5', display: 'ml', $ref: 'Groups/5' }, { value: '6' }];
  assert.deepEqual(iamUser({ groups }).groups, [
    { id: '5', remote_id: '5', name: 'ml' },
    { id: '6', remote_id: '6', name: null },
  ]);
});

test('expanded roles are whole roles', () => {
  assert.deepEqual(iamUser(ana, new Set(['roles'])).roles, [iamRole({ value: 'account_admin' })]);
  assert.deepEqual(iamRole({ value: 'account_admin' }), {
    id: 'account_admin',
    remote_id: 'account_admin',
    name: 'Account admin',
    description: null,
    type: { value: 'admin', source_value: 'account_admin' },
    policies: null,
    permissions: null,
    scope: null,
    created_at: null,
    updated_at: null,
  });
});

test('a role we know nothing about keeps its own name and is not mapped', () => {
  const arn = 'arn:aws:iam::1:instance-profile/x';
  const { name, type } = iamRole({ value: arn });
  assert.deepEqual({ name, type }, { name: arn, type: { value: 'unmapped_value', source_value: arn } });
  assert.equal(iamRole({ value: 'x', display: 'Ex' }).name, 'Ex');
});

test('a service principal is a bot that signs in with its application id', () => {
  const user = iamPrincipal({ id: '9', applicationId: '0a1b', displayName: 'ci', active: true });
  assert.deepEqual(
    [user.id, user.username, user.name, user.is_bot_user, user.primary_email_address],
    ['9', '0a1b', 'ci', true, null],
  );
});

const ml = {
  id: '5',
  displayName: 'ml',
  meta: { resourceType: 'Group' },
  members: [
    { value: '42', display: 'Ana', $ref: 'Users/42' },
    { value: '9', display: 'ci', $ref: 'ServicePrincipals/9' },
    { value: '6', display: 'child', $ref: 'Groups/6' },
    { value: '8', display: 'who' },
  ],
};

test('a group has every documented field', () => {
  assert.deepEqual(wholeGroup(ml, 'acct'), {
    id: '5',
    remote_id: '5',
    name: 'ml',
    description: null,
    type: { value: 'group', source_value: 'Group' },
    roles: [],
    parent_id: null,
    remote_parent_id: null,
    child_group_ids: ['6'],
    organization_id: 'acct',
    users: null,
    created_at: null,
    updated_at: null,
    unified_custom_fields: null,
  });
});

test('the expanded users of a group are its members that are no groups, with what a member entry tells', () => {
  const users = wholeGroup(ml, 'acct', new Set(['users'])).users as { id: string; is_bot_user: boolean; roles: null }[];
  assert.deepEqual(
    users.map((user) => [user.id, user.is_bot_user, user.roles]),
    [
      ['42', false, null],
      ['9', true, null],
      ['8', null, null],
    ],
  );
});

test('members that a list does not tell are unknown, members that a get does not tell are none', () => {
  const expand = new Set(['users']);
  assert.deepEqual(
    [iamGroup({ id: '5' }, 'a', expand).child_group_ids, iamGroup({ id: '5' }, 'a', expand).users],
    [null, null],
  );
  assert.deepEqual(
    [wholeGroup({ id: '5' }, 'a', expand).child_group_ids, wholeGroup({ id: '5' }, 'a', expand).users],
    [[], []],
  );
});

test('only a single parent is the parent of a group', () => {
  assert.equal(iamGroup({ groups: [{ value: '1' }] }, 'a').parent_id, '1');
  assert.equal(iamGroup({ groups: [{ value: '1' }, { value: '2' }] }, 'a').parent_id, null);
});

test('a resource type we do not know is not guessed at', () => {
  const typeOf = (resourceType?: string) => iamGroup({ meta: { resourceType } }, 'a').type;
  assert.deepEqual(typeOf('WorkspaceGroup'), { value: 'group', source_value: 'WorkspaceGroup' });
  assert.deepEqual(typeOf('Team'), { value: 'unmapped_value', source_value: 'Team' });
  assert.deepEqual(typeOf(), { value: 'group', source_value: null });
});

test('the organization is the account, which has no other name', () => {
  const organization = { id: 'acct', remote_id: 'acct', name: 'acct', created_at: null, updated_at: null };
  assert.deepEqual(iamOrganization('acct'), organization);
});

test('credentials without a visible principal have the client id for a name and no user', () => {
  assert.deepEqual(iamCredentials(undefined, 'client', ['scim']), {
    name: 'client',
    auth_type: { value: 'oauth', source_value: 'oauth-m2m' },
    scopes: ['scim'],
    permissions: null,
    last_accessed_at: null,
    user: null,
  });
});
