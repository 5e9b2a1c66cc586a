/** SCIM users. */
import assert from 'node:assert/strict';
import { hugeUser, v20 } from './account.js';
import { appliedAndKept, appliedSilently, type Rows, reads, scimListed } from './row.js';

const path = `${v20}/scim/v2/Users`;
const patchOp = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export const users: Rows = {
  databricks_list_users: [
    () => ({
      args: {
        filter: 'userName co "lumenfreight.example" and active eq true',
        attributes: 'id,userName,displayName',
        sortBy: 'userName',
        sortOrder: 'descending',
        startIndex: 11,
        count: 5,
      },
      wire: [
        {
          method: 'GET',
          path,
          query: {
            filter: 'userName co "lumenfreight.example" and active eq true',
            attributes: 'id,userName,displayName',
            sortBy: 'userName',
            sortOrder: 'descending',
            startIndex: '11',
            count: '5',
          },
        },
      ],
      judge: scimListed({ startIndex: 16 }),
    }),
    // A filter that breaks whoever encodes carelessly: quotes, an accent, a plus, an ampersand.
    () => ({
      args: { filter: 'displayName eq "Chloé Lefèvre" or displayName eq "a+b&c=d#e"', excludedAttributes: 'roles' },
      wire: [
        {
          method: 'GET',
          path,
          query: {
            filter: 'displayName eq "Chloé Lefèvre" or displayName eq "a+b&c=d#e"',
            excludedAttributes: 'roles',
            count: '100',
          },
        },
      ],
      judge: reads((body) => ({ data: body.Resources, total: 1 })),
    }),
  ],

  databricks_get_user: () => ({
    args: { id: hugeUser, attributes: 'userName,displayName,active', excludedAttributes: 'displayName' },
    wire: [
      {
        method: 'GET',
        path: `${path}/9223372036854775783`,
        query: { attributes: 'userName,displayName,active', excludedAttributes: 'displayName' },
      },
    ],
    judge: reads((body) => ({ data: body })),
  }),

  databricks_create_user: () => {
    const user = {
      userName: 'nora.ito@lumenfreight.example',
      displayName: 'Nora Itō',
      name: { givenName: 'Nora', familyName: 'Itō' },
      active: true,
      roles: [{ value: 'account_admin' }],
    };
    return {
      args: user,
      wire: [{ method: 'POST', path, body: user }],
      judge: appliedAndKept(({ id }) => `${path}/${id}`, {
        userName: 'nora.ito@lumenfreight.example',
        displayName: 'Nora Itō',
        name: { givenName: 'Nora', familyName: 'Itō' },
        active: true,
      }),
    };
  },

  databricks_update_user: async (account) => {
    const { id } = await account.scim('Users', 'Karl Weiß');
    return {
      args: {
        id,
        Operations: [
          { op: 'replace', path: 'active', value: 'false' },
          { op: 'add', path: 'roles', value: '[{"value":"account_admin"}]' },
          { op: 'replace', value: '{"displayName":"Karl Weiss"}' },
        ],
      },
      wire: [
        {
          method: 'PATCH',
          path: `${path}/${id}`,
          body: {
            schemas: [patchOp],
            Operations: [
              { op: 'replace', path: 'active', value: 'false' },
              { op: 'add', path: 'roles', value: [{ value: 'account_admin' }] },
              { op: 'replace', value: { displayName: 'Karl Weiss' } },
            ],
          },
        },
      ],
      judge: appliedSilently(async () => {
        const { active, displayName, roles } = await account.get(`${path}/${id}`);
        assert.equal(active, false);
        assert.equal(displayName, 'Karl Weiss');
        assert.equal(roles[0].value, 'account_admin');
      }),
    };
  },

  databricks_delete_user: async (account) => {
    const { id } = await account.create(path, { userName: 'leaver@lumenfreight.example' });
    return {
      args: { id },
      wire: [{ method: 'DELETE', path: `${path}/${id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${path}/${id}`))),
    };
  },
};
