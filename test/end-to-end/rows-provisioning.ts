/** What workspaces are built from: networks and storage; and the workspaces themselves, which are read only here. */
import assert from 'node:assert/strict';
import { type Account, hugeWorkspace, v20 } from './account.js';
import { applied, appliedAndKept, type Rows, reads } from './row.js';

const networks = `${v20}/networks`;
const storage = `${v20}/storage-configurations`;
const workspaces = `${v20}/workspaces`;

const network = async (account: Account, name: string) =>
  account.one(await account.get(networks), 'network_name', name);

export const networking: Rows = {
  databricks_list_networks: () => ({
    args: {},
    wire: [{ method: 'GET', path: networks }],
    judge: reads((body) => ({ data: body })),
  }),

  databricks_get_network: async (account) => {
    const { network_id } = await network(account, 'lumen-vpc-staging');
    return {
      args: { network_id },
      wire: [{ method: 'GET', path: `${networks}/${network_id}` }],
      judge: reads((body) => ({ data: body })),
    };
  },

  databricks_create_network: () => {
    const configuration = {
      network_name: 'lumen-vpc-ap',
      vpc_id: 'vpc-0a1b2c3d4e5f60718',
      subnet_ids: ['subnet-0a1b2c3d4e5f60718', 'subnet-1a1b2c3d4e5f60718'],
      security_group_ids: ['sg-0a1b2c3d4e5f60718'],
      vpc_endpoints: {
        rest_api: ['6f0c2b1e-3d54-4a7b-8c9d-0e1f2a3b4c5d'],
        dataplane_relay: ['7a1d3c2f-4e65-4b8c-9dae-1f2a3b4c5d6e'],
      },
    };
    return {
      args: configuration,
      wire: [{ method: 'POST', path: networks, body: configuration }],
      judge: appliedAndKept(({ network_id }) => `${networks}/${network_id}`, configuration),
    };
  },

  databricks_delete_network: async (account) => {
    const deleted = await network(account, 'lumen-vpc-spare');
    const path = `${networks}/${deleted.network_id}`;
    return {
      args: { network_id: deleted.network_id },
      wire: [{ method: 'DELETE', path }],
      judge: applied(deleted, async () => {
        // Deleting goes on after the answer: the network is still read a few times.
        let reads = 0;
        while (!(await account.isGone(path))) reads += 1;
        assert.ok(reads > 0);
      }),
    };
  },
};

export const provisioning: Rows = {
  databricks_list_storage_configurations: () => ({
    args: {},
    wire: [{ method: 'GET', path: storage }],
    judge: reads((body) => ({ data: body })),
  }),

  databricks_get_storage_configuration: async (account) => {
    const { storage_configuration_id } = account.one(
      await account.get(storage),
      'storage_configuration_name',
      'lumen-root-staging',
    );
    return {
      args: { storage_configuration_id },
      wire: [{ method: 'GET', path: `${storage}/${storage_configuration_id}` }],
      judge: reads((body) => ({ data: body })),
    };
  },

  databricks_list_workspaces: () => ({
    args: {},
    wire: [{ method: 'GET', path: workspaces }],
    judge: async (given) => {
      await reads((body) => ({ data: body }))(given);
      assert.equal(given.answer.data.at(-1).workspace_id, hugeWorkspace);
    },
  }),

  databricks_get_workspace: () => ({
    args: { workspace_id: hugeWorkspace },
    wire: [{ method: 'GET', path: `${workspaces}/9223372036854775801` }],
    judge: async (given) => {
      await reads((body) => ({ data: body }))(given);
      assert.equal(given.answer.data.workspace_name, 'lumen-finance');
    },
  }),
};
