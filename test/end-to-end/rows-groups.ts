/** SCIM groups and their members. */
import assert from 'node:assert/strict';
import { type Account, v20 } from './account.js';
import { appliedAndKept, appliedSilently, type Rows, reads } from './row.js';

const path = `${v20}/scim/v2/Groups`;
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const membersOf = async (account: Account, group: string): Promise<string[]> => {
  const { members = [] } = await account.get(`${path}/${group}`);
  return members.map(({ value }: { value: string }) => value);
};

export const groups: Rows = {
  databricks_list_groups: () => ({
    args: { filter: 'displayName sw "analytics"', sortBy: 'displayName', count: 2 },
    wire: [
      {
        method: 'GET',
        path,
        query: { filter: 'displayName sw "analytics"', sortBy: 'displayName', count: '2' },
      },
    ],
    judge: reads((body, args) => ({ data: body.Resources, total: 4, nextPage: { ...args, startIndex: 3 } })),
  }),

  databricks_get_group: async (account) => {
    const { id } = await account.scim('Groups', 'analytics');
    return {
      args: { id },
      wire: [{ method: 'GET', path: `${path}/${id}` }],
      judge: async (given) => {
        await reads((body) => ({ data: body }))(given);
        assert.equal(given.answer.data.members.length, 4);
      },
    };
  },

  databricks_create_group: async (account) => {
    const user = await account.scim('Users', 'Mei-Ling Chen');
    const principal = await account.scim('ServicePrincipals', 'dbt-nightly');
    const group = {
      displayName: 'Contrôle de gestion',
      members: [{ value: user.id }, { value: principal.id }],
      roles: [{ value: 'account_admin' }],
    };
    return {
      args: group,
      // It grants a role.
      asks: true,
      wire: [{ method: 'POST', path, body: group }],
      judge: async (given) => {
        const { id } = given.answer.data;
        await appliedAndKept(() => `${path}/${id}`, { displayName: 'Contrôle de gestion' })(given);
        assert.deepEqual(await membersOf(account, id), [user.id, principal.id]);
      },
    };
  },

  databricks_update_group: async (account) => {
    const { id } = await account.scim('Groups', 'contractors');
    const user = await account.scim('Users', 'Omar Haddad');
    return {
      args: {
        id,
        Operations: [
          { op: 'replace', path: 'displayName', value: 'contractors-2026' },
          { op: 'replace', path: 'members', value: `[{"value":"${user.id}"}]` },
        ],
      },
      wire: [
        {
          method: 'PATCH',
          path: `${path}/${id}`,
          body: {
            schemas: [patchOp],
            Operations: [
              { op: 'replace', path: 'displayName', value: 'contractors-2026' },
              { op: 'replace', path: 'members', value: [{ value: user.id }] },
            ],
          },
        },
      ],
      judge: appliedSilently(async () => {
        assert.equal((await account.get(`${path}/${id}`)).displayName, 'contractors-2026');
        assert.deepEqual(await membersOf(account, id), [user.id]);
      }),
    };
  },

  databricks_delete_group: async (account) => {
    const { id } = await account.create(path, { displayName: 'to-be-deleted' });
    return {
      args: { id },
      wire: [{ method: 'DELETE', path: `${path}/${id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${path}/${id}`))),
    };
  },

  databricks_add_group_member: async (account) => {
    const { id } = await account.scim('Groups', 'security');
    const { id: member } = await account.scim('ServicePrincipals', 'ci-deploy');
    const before = await membersOf(account, id);
    return {
      args: { group_id: id, member_id: member },
      wire: [
        {
          method: 'PATCH',
          path: `${path}/${id}`,
          body: { schemas: [patchOp], Operations: [{ op: 'add', path: 'members', value: [{ value: member }] }] },
        },
      ],
      judge: appliedSilently(async () => assert.deepEqual(await membersOf(account, id), [...before, member])),
    };
  },

  databricks_remove_group_member: async (account) => {
    const { id } = await account.scim('Groups', 'ml-platform');
    const [member = '', ...others] = await membersOf(account, id);
    return {
      args: { group_id: id, member_id: member },
      wire: [
        {
          method: 'PATCH',
          path: `${path}/${id}`,
          body: { schemas: [patchOp], Operations: [{ op: 'remove', path: `members[value eq "${member}"]` }] },
        },
      ],
      judge: appliedSilently(async () => assert.deepEqual(await membersOf(account, id), others)),
    };
  },
};
