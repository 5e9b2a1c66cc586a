/** IP access lists and who is assigned to a workspace. */
import assert from 'node:assert/strict';
import { type Account, hugeUser, hugeWorkspace, v20 } from './account.js';
import { applied, appliedAndKept, appliedSilently, listed, type Rows, reads } from './row.js';

const ipLists = `${v20}/ip-access-lists`;
const assignments = `${v20}/workspaces/9223372036854775801/permissionassignments`;

const ipList = async (account: Account, label: string) =>
  account.one((await account.get(ipLists)).ip_access_lists, 'label', label);

/** What the principal may do in the workspace with the huge id; undefined when nothing. */
async function permissionsOf(account: Account, principal: string): Promise<string[] | undefined> {
  const { permission_assignments } = await account.get(`${assignments}?max_results=1000`);
  const found = permission_assignments.find(
    (each: { principal: { principal_id: number | bigint } }) => String(each.principal.principal_id) === principal,
  );
  return found?.permissions;
}

export const access: Rows = {
  databricks_list_ip_access_lists: () => ({
    args: {},
    wire: [{ method: 'GET', path: ipLists }],
    judge: listed('ip_access_lists'),
  }),

  databricks_get_ip_access_list: async (account) => {
    const { list_id } = await ipList(account, 'VPN egress');
    return {
      args: { ip_access_list_id: list_id },
      wire: [{ method: 'GET', path: `${ipLists}/${list_id}` }],
      judge: reads((body) => ({ data: body.ip_access_list })),
    };
  },

  databricks_create_ip_access_list: () => {
    const list = {
      label: 'Warehouse Łódź',
      list_type: 'ALLOW',
      ip_addresses: ['203.0.113.77', '198.51.100.0/28', '2001:db8:77::/48'],
    };
    return {
      args: list,
      wire: [{ method: 'POST', path: ipLists, body: list }],
      judge: appliedAndKept(({ list_id }) => `${ipLists}/${list_id}`, { ...list, enabled: true }, 'ip_access_list'),
    };
  },

  databricks_delete_ip_access_list: async (account) => {
    const { list_id } = await ipList(account, 'Known scanners');
    return {
      args: { ip_access_list_id: list_id },
      wire: [{ method: 'DELETE', path: `${ipLists}/${list_id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${ipLists}/${list_id}`))),
    };
  },

  databricks_list_workspace_permission_assignments: () => ({
    args: { workspace_id: hugeWorkspace, max_results: 3 },
    wire: [{ method: 'GET', path: assignments, query: { max_results: '3' } }],
    judge: listed('permission_assignments'),
  }),

  databricks_create_or_update_workspace_permission_assignment: [
    () => ({
      args: { workspace_id: hugeWorkspace, principal_id: hugeUser, permissions: ['USER', 'ADMIN'] },
      wire: [
        {
          method: 'PUT',
          path: `${assignments}/principals/9223372036854775783`,
          body: { permissions: ['USER', 'ADMIN'] },
        },
      ],
      judge: applied(
        {
          permissions: ['ADMIN'],
          principal: {
            principal_id: '9223372036854775783',
            display_name: 'Grace Mwangi',
            user_name: 'grace.mwangi@lumenfreight.example',
          },
        },
        async ({ account }) => assert.deepEqual(await permissionsOf(account, hugeUser), ['ADMIN']),
      ),
    }),
    // An empty list is sent as such and takes everything away.
    async (account) => {
      const { id } = await account.scim('Groups', 'data-engineering');
      assert.ok(await permissionsOf(account, id));
      return {
        args: { workspace_id: hugeWorkspace, principal_id: id, permissions: [] },
        wire: [{ method: 'PUT', path: `${assignments}/principals/${id}`, body: { permissions: [] } }],
        judge: async ({ answer }) => {
          assert.equal(answer.outcome, 'applied');
          assert.deepEqual(answer.data.permissions, []);
          assert.equal(await permissionsOf(account, id), undefined);
        },
      };
    },
  ],

  databricks_delete_workspace_permission_assignment: () => ({
    args: { workspace_id: hugeWorkspace, principal_id: hugeUser },
    wire: [{ method: 'DELETE', path: `${assignments}/principals/9223372036854775783` }],
    judge: appliedSilently(async ({ account }) => assert.equal(await permissionsOf(account, hugeUser), undefined)),
  }),
};
