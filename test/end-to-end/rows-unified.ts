/** The unified identity actions: which SCIM requests they stand for, and the provider-neutral shape of their answers. */
import assert from 'node:assert/strict';
import { accountId, type Body, hugeUser, v20 } from './account.js';
import { type Rows, reads } from './row.js';

const users = `${v20}/scim/v2/Users`;
const groups = `${v20}/scim/v2/Groups`;
const principals = `${v20}/scim/v2/ServicePrincipals`;

const admin = { id: 'account_admin', remote_id: 'account_admin', name: 'Account admin' };
const organization = { id: accountId, remote_id: accountId, name: accountId, created_at: null, updated_at: null };

/** What account SCIM never tells about a user. */
const unknownOfUsers = {
  groups: null,
  permissions: null,
  avatar: null,
  last_active_at: null,
  last_login_at: null,
  created_at: null,
  updated_at: null,
  multi_factor_enabled: null,
  unified_custom_fields: null,
};

const user = ({ id, userName, displayName, name, active, roles = [] }: Body) => ({
  id,
  remote_id: id,
  primary_email_address: userName,
  first_name: name.givenName,
  last_name: name.familyName,
  name: displayName,
  username: userName,
  is_bot_user: false,
  roles: roles.length === 0 ? [] : [admin],
  status: { value: active ? 'enabled' : 'disabled', source_value: active },
  ...unknownOfUsers,
});

const group = ({ id, displayName, roles = [], meta }: Body) => ({
  id,
  remote_id: id,
  name: displayName,
  description: null,
  type: { value: 'group', source_value: meta.resourceType },
  roles: roles.length === 0 ? [] : [admin],
  parent_id: null,
  remote_parent_id: null,
  child_group_ids: null,
  organization_id: accountId,
  users: null,
  created_at: null,
  updated_at: null,
  unified_custom_fields: null,
});

const adminRole = {
  ...admin,
  description: null,
  type: { value: 'admin', source_value: 'account_admin' },
  policies: null,
  permissions: null,
  scope: null,
  created_at: null,
  updated_at: null,
};

/** Roles are no collection in Databricks: they are read off everyone who can hold one. */
const roleHolders = [users, groups, principals].map((path) => ({
  method: 'GET' as const,
  path,
  query: { attributes: 'id,roles', count: '1000' },
}));

const probe = { method: 'GET', path: groups, query: { count: '1' } } as const;

export const unified: Rows = {
  databricks_unified_list_users: () => ({
    args: { page_size: 7 },
    wire: [{ method: 'GET', path: users, query: { count: '7' } }],
    judge: async (given) => {
      const { next } = given.answer;
      assert.equal(typeof next, 'string');
      await reads((body) => ({
        data: body.Resources.map(user),
        next,
        total: body.totalResults,
        nextPage: { page_size: 7, next },
      }))(given);
    },
  }),

  databricks_unified_get_user: [
    () => ({
      args: { id: hugeUser, raw: true },
      wire: [{ method: 'GET', path: `${users}/9223372036854775783` }],
      judge: async (given) => {
        const url = `${given.account.sandbox.url}${users}/9223372036854775783`;
        await reads((body) => ({
          data: user(body),
          raw: [{ method: 'GET', url, body: null, response: body }],
        }))(given);
      },
    }),
    // Memberships are on no user record: they cost a look at every group.
    async (account) => {
      const { id } = await account.scim('Users', 'Priya Raghunathan');
      const { Resources } = await account.get(`${groups}?count=100`);
      return {
        args: { id, fields: 'id,groups', expand: 'groups' },
        wire: [
          { method: 'GET', path: `${users}/${id}` },
          { method: 'GET', path: groups, query: { count: '100' } },
          ...Resources.map((each: Body) => ({ method: 'GET', path: `${groups}/${each.id}` })),
        ],
        judge: ({ answer }) => {
          assert.equal(answer.data.id, id);
          const names = answer.data.groups.map((each: Body) => each.name);
          assert.deepEqual(names, ['analytics-amer', 'all-employees']);
        },
      };
    },
  ],

  databricks_unified_list_groups: () => ({
    args: { page_size: 3 },
    wire: [{ method: 'GET', path: groups, query: { count: '3' } }],
    judge: async (given) => {
      const { next } = given.answer;
      await reads((body) => ({
        data: body.Resources.map(group),
        next,
        total: body.totalResults,
        nextPage: { page_size: 3, next },
      }))(given);
    },
  }),

  databricks_unified_get_group: async (account) => {
    const { id } = await account.scim('Groups', 'analytics');
    const { id: child } = await account.scim('Groups', 'analytics-emea');
    const { id: bot } = await account.scim('ServicePrincipals', 'powerbi-gateway');
    return {
      args: { id, expand: 'users' },
      wire: [{ method: 'GET', path: `${groups}/${id}` }],
      judge: async ({ answer }) => {
        const { users: members, child_group_ids, ...rest } = answer.data;
        const { users: _, child_group_ids: __, ...expected } = group(await account.get(`${groups}/${id}`));
        assert.deepEqual(rest, expected);
        assert.equal(child_group_ids.length, 3);
        assert.ok(child_group_ids.includes(child));
        assert.deepEqual(
          members.map((member: Body) => [member.id, member.is_bot_user]),
          [[bot, true]],
        );
      },
    };
  },

  databricks_unified_list_roles: () => ({
    args: {},
    wire: roleHolders,
    judge: ({ answer }) => assert.deepEqual(answer, { data: [adminRole], next: null, total: 1 }),
  }),

  databricks_unified_get_role: () => ({
    args: { id: 'account_admin' },
    wire: roleHolders,
    judge: ({ answer }) => assert.deepEqual(answer, { data: adminRole }),
  }),

  databricks_unified_list_organizations: () => ({
    args: {},
    wire: [probe],
    judge: ({ answer }) => assert.deepEqual(answer, { data: [organization], next: null, total: 1 }),
  }),

  databricks_unified_get_organization: () => ({
    args: { id: accountId, fields: 'id,name' },
    wire: [probe],
    judge: ({ answer }) => assert.deepEqual(answer, { data: { id: accountId, name: accountId } }),
  }),

  databricks_unified_get_me: () => ({
    args: {},
    wire: [
      {
        method: 'GET',
        path: principals,
        query: {
          filter: 'applicationId eq "3e9d1b47-6a05-4c8f-a2d7-90b4c1e5f836"',
          attributes: 'id,applicationId,displayName,active,roles,groups,meta',
          count: '100',
        },
      },
    ],
    judge: async ({ account, answer }) => {
      const { id } = await account.scim('ServicePrincipals', 'mcp-admin');
      assert.deepEqual(answer, {
        data: {
          name: 'mcp-admin',
          auth_type: { value: 'oauth', source_value: 'oauth-m2m' },
          scopes: ['scim'],
          permissions: null,
          last_accessed_at: null,
          user: {
            id,
            remote_id: id,
            primary_email_address: null,
            first_name: null,
            last_name: null,
            name: 'mcp-admin',
            username: '3e9d1b47-6a05-4c8f-a2d7-90b4c1e5f836',
            is_bot_user: true,
            roles: [admin],
            status: { value: 'enabled', source_value: true },
            ...unknownOfUsers,
          },
        },
      });
    },
  }),
};
