/** Metastores, which workspace uses which, and the credential configurations (AWS) that share their scope. */
import assert from 'node:assert/strict';
import { type Account, hugeWorkspace, v20 } from './account.js';
import { applied, appliedAndKept, appliedSilently, listed, type Rows, reads } from './row.js';

const metastores = `${v20}/metastores`;
const credentials = `${v20}/credentials`;
const ofHugeWorkspace = `${v20}/workspaces/9223372036854775801/metastore`;

const metastore = async (account: Account, name: string) =>
  account.one((await account.get(metastores)).metastores, 'name', name);

const credential = async (account: Account, name: string) =>
  account.one(await account.get(credentials), 'credentials_name', name);

export const metastoreRows: Rows = {
  databricks_list_metastores: () => ({
    args: {},
    wire: [{ method: 'GET', path: metastores }],
    judge: listed('metastores'),
  }),

  databricks_get_metastore: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    return {
      args: { metastore_id },
      wire: [{ method: 'GET', path: `${metastores}/${metastore_id}` }],
      judge: reads((body) => ({ data: body.metastore_info })),
    };
  },

  databricks_create_metastore: () => {
    const info = {
      name: 'lumen-ap-southeast-2',
      region: 'ap-southeast-2',
      storage_root: 's3://lumen-unity-catalog/ap-southeast-2',
      external_access_enabled: true,
    };
    return {
      args: info,
      wire: [{ method: 'POST', path: metastores, body: { metastore_info: info } }],
      judge: appliedAndKept(({ metastore_id }) => `${metastores}/${metastore_id}`, info, 'metastore_info'),
    };
  },

  databricks_update_metastore: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-us-east-1');
    const change = {
      owner: 'platform-admins',
      delta_sharing_scope: 'INTERNAL_AND_EXTERNAL',
      delta_sharing_recipient_token_lifetime_in_seconds: 0,
      delta_sharing_organization_name: 'Lumen Freight',
      external_access_enabled: false,
    };
    const path = `${metastores}/${metastore_id}`;
    return {
      args: { metastore_id, ...change },
      wire: [{ method: 'PUT', path, body: { metastore_info: change } }],
      judge: appliedAndKept(() => path, { ...change, name: 'lumen-us-east-1' }, 'metastore_info'),
    };
  },

  databricks_get_workspace_metastore: [
    async (account) => {
      const [{ workspace_id }] = await account.get(`${v20}/workspaces`);
      return {
        args: { workspace_id: String(workspace_id) },
        wire: [{ method: 'GET', path: `${v20}/workspaces/${workspace_id}/metastore` }],
        judge: reads((body) => ({ data: body.metastore_assignment })),
      };
    },
    // 404 is how Databricks says "none": an answer, not a failure.
    () => ({
      args: { workspace_id: hugeWorkspace },
      wire: [{ method: 'GET', path: ofHugeWorkspace }],
      judge: async ({ account, answer }) => {
        assert.equal(answer.data, null);
        assert.match(answer.note, /No metastore is assigned/);
        assert.ok(await account.isGone(ofHugeWorkspace));
      },
    }),
  ],

  databricks_assign_metastore_to_workspace: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    return {
      args: { workspace_id: hugeWorkspace, metastore_id, default_catalog_name: 'finance' },
      fromNothing: true,
      wire: [
        {
          method: 'POST',
          path: `${v20}/workspaces/9223372036854775801/metastores/${metastore_id}`,
          body: {
            metastore_assignment: {
              workspace_id: 9223372036854775801n,
              metastore_id,
              default_catalog_name: 'finance',
            },
          },
        },
      ],
      judge: appliedSilently(async () => {
        const { metastore_assignment } = await account.get(ofHugeWorkspace);
        const workspace_id = 9223372036854775801n;
        assert.deepEqual(metastore_assignment, { workspace_id, metastore_id, default_catalog_name: 'finance' });
      }),
    };
  },

  databricks_list_metastore_workspace_assignments: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    return {
      args: { metastore_id },
      wire: [{ method: 'GET', path: `${metastores}/${metastore_id}/workspaces` }],
      judge: async (given) => {
        await listed('workspace_ids')(given);
        assert.ok(given.answer.data.includes(hugeWorkspace));
      },
    };
  },

  databricks_delete_metastore_from_workspace: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    return {
      args: { workspace_id: hugeWorkspace, metastore_id },
      wire: [{ method: 'DELETE', path: `${v20}/workspaces/9223372036854775801/metastores/${metastore_id}` }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(ofHugeWorkspace))),
    };
  },

  databricks_delete_metastore: async (account) => {
    const { metastore_id } = await metastore(account, 'lumen-eu-west-1');
    return {
      args: { metastore_id, force: true },
      wire: [{ method: 'DELETE', path: `${metastores}/${metastore_id}`, query: { force: 'true' } }],
      judge: appliedSilently(async () => assert.ok(await account.isGone(`${metastores}/${metastore_id}`))),
    };
  },
};

export const credentialRows: Rows = {
  databricks_list_credentials: () => ({
    args: {},
    wire: [{ method: 'GET', path: credentials }],
    judge: reads((body) => ({ data: body })),
  }),

  databricks_get_credential: async (account) => {
    const { credentials_id } = await credential(account, 'lumen-cross-account-eu');
    return {
      args: { credentials_id },
      wire: [{ method: 'GET', path: `${credentials}/${credentials_id}` }],
      judge: reads((body) => ({ data: body })),
    };
  },

  databricks_create_credential: () => {
    const configuration = {
      credentials_name: 'lumen-cross-account-ap',
      aws_credentials: { sts_role: { role_arn: 'arn:aws:iam::123456789012:role/lumen-cross-account-ap' } },
    };
    return {
      args: configuration,
      wire: [{ method: 'POST', path: credentials, body: configuration }],
      judge: appliedAndKept(({ credentials_id }) => `${credentials}/${credentials_id}`, {
        credentials_name: 'lumen-cross-account-ap',
      }),
    };
  },

  databricks_delete_credential: async (account) => {
    const deleted = await credential(account, 'lumen-legacy-role');
    const path = `${credentials}/${deleted.credentials_id}`;
    return {
      args: { credentials_id: deleted.credentials_id },
      wire: [{ method: 'DELETE', path }],
      judge: applied(deleted, async () => assert.ok(await account.isGone(path))),
    };
  },
};
