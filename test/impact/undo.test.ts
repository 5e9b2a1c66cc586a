/** Every undo an impact of the platform areas names, carried out: the account is as it was, apart from ids and times. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arguments, HttpAction } from '../../tools/action.js';
import { createBudget, deleteBudget, updateBudget } from '../../tools/billing.js';
import { deleteIpAccessList } from '../../tools/ip-access-lists.js';
import { updateLogDeliveryConfig } from '../../tools/log-delivery.js';
import { assignMetastoreToWorkspace, deleteMetastoreFromWorkspace, updateMetastore } from '../../tools/metastores.js';
import { updateCustomAppIntegration } from '../../tools/oauth-apps.js';
import { createNetwork, deleteCredential, deleteNetwork } from '../../tools/provisioning.js';
import { type Body, hugeWorkspace, v20 } from '../end-to-end/account.js';
import { type Bench, withBench } from './writing.js';

interface Case {
  readonly what: string;
  readonly action: HttpAction;
  readonly args: (bench: Bench) => Arguments | Promise<Arguments>;
  /** The part of the account it changes. */
  readonly part: string;
  /** Fields that Databricks gives anew. */
  readonly anew: readonly string[];
  /** What has to be waited for before the undo. */
  readonly settled?: (bench: Bench, args: Arguments) => Promise<void>;
}

const idIn = (bench: Bench, part: string, field: string, value: string): string => {
  const found = Object.entries(bench.state(part)).find(([, each]) => each[field] === value);
  assert.ok(found !== undefined, `${part} has ${value}`);
  return found[0];
};

const alertIds = ['alert_configuration_id', 'action_configuration_id'];
const ofBudgets = { part: 'budgets', anew: ['update_time'] } as const;
const hugeBudget = {
  display_name: 'Huge',
  filter: {
    workspace_id: { operator: 'IN', values: [hugeWorkspace] },
    tags: [{ key: 'team', value: { operator: 'IN', values: ['ml'] } }],
  },
  resource_type: 'BUDGET_RESOURCE_TYPE_ALL_RESOURCES',
  include_external_spend: true,
  alert_configurations: [
    {
      time_period: 'MONTH',
      trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
      quantity_type: 'LIST_PRICE_DOLLARS_USD',
      quantity_threshold: '1234.56',
      scope_type: 'ALERT_CONFIGURATION_SCOPE_TYPE_PER_USER',
      principal_overrides: [{ principal_id: hugeWorkspace, override_threshold: '5' }],
      action_configurations: [
        { action_type: 'EMAIL_NOTIFICATION', target: 'a@lumenfreight.example' },
        { action_type: 'BLOCK_USAGE' },
      ],
    },
  ],
};
const cheap = { ...hugeBudget.alert_configurations[0], quantity_threshold: '1', action_configurations: [] };
const huge = async (bench: Bench) => {
  await bench.write(createBudget, hugeBudget);
  return idIn(bench, 'budgets', 'display_name', 'Huge');
};

const cases: readonly Case[] = [
  {
    what: 'deleting an IP access list',
    action: deleteIpAccessList,
    args: (bench) => ({ ip_access_list_id: idIn(bench, 'ipAccessLists', 'label', 'VPN egress') }),
    part: 'ipAccessLists',
    anew: ['list_id', 'created_at', 'created_by', 'updated_at', 'updated_by'],
  },
  {
    what: 'assigning another metastore',
    action: assignMetastoreToWorkspace,
    args: (bench) => ({
      workspace_id: idIn(bench, 'workspaces', 'workspace_name', 'lumen-prod-us'),
      metastore_id: idIn(bench, 'metastores', 'name', 'lumen-eu-west-1'),
    }),
    part: 'metastoreAssignments',
    anew: [],
  },
  {
    what: 'assigning a first metastore',
    action: assignMetastoreToWorkspace,
    args: (bench) => ({
      workspace_id: hugeWorkspace,
      metastore_id: idIn(bench, 'metastores', 'name', 'lumen-eu-west-1'),
    }),
    part: 'metastoreAssignments',
    anew: [],
  },
  {
    what: 'changing the default catalog',
    action: assignMetastoreToWorkspace,
    args: (bench) => ({
      workspace_id: idIn(bench, 'workspaces', 'workspace_name', 'lumen-prod-us'),
      metastore_id: idIn(bench, 'metastores', 'name', 'lumen-us-east-1'),
      default_catalog_name: 'other',
    }),
    part: 'metastoreAssignments',
    anew: [],
  },
  {
    what: 'unassigning a metastore',
    action: deleteMetastoreFromWorkspace,
    args: (bench) => ({
      workspace_id: idIn(bench, 'workspaces', 'workspace_name', 'lumen-prod-us'),
      metastore_id: idIn(bench, 'metastores', 'name', 'lumen-us-east-1'),
    }),
    part: 'metastoreAssignments',
    anew: [],
  },
  {
    what: 'changing a metastore',
    action: updateMetastore,
    args: (bench) => ({
      metastore_id: idIn(bench, 'metastores', 'name', 'lumen-us-east-1'),
      owner: 'new-team',
      external_access_enabled: false,
    }),
    part: 'metastores',
    anew: ['updated_at', 'updated_by'],
  },
  {
    what: 'ending sharing outside the account',
    action: updateMetastore,
    args: async (bench) => {
      const metastore_id = idIn(bench, 'metastores', 'name', 'lumen-us-east-1');
      const lifetime = { delta_sharing_recipient_token_lifetime_in_seconds: 86_400 };
      await bench.write(updateMetastore, { metastore_id, delta_sharing_scope: 'INTERNAL_AND_EXTERNAL', ...lifetime });
      return { metastore_id, delta_sharing_scope: 'INTERNAL' };
    },
    part: 'metastores',
    anew: ['updated_at', 'updated_by'],
  },
  {
    what: 'deleting a credential configuration',
    action: deleteCredential,
    args: (bench) => ({ credentials_id: idIn(bench, 'credentials', 'credentials_name', 'lumen-legacy-role') }),
    part: 'credentials',
    anew: ['credentials_id', 'creation_time'],
  },
  {
    what: 'deleting a network configuration',
    action: deleteNetwork,
    args: async (bench) => {
      const parts = { vpc_id: 'vpc-1', subnet_ids: ['subnet-1', 'subnet-2'], security_group_ids: ['sg-1'] };
      const vpc_endpoints = { rest_api: ['vpce-1'], dataplane_relay: ['vpce-2'] };
      const { network_id } = await bench.write(createNetwork, { network_name: 'private', ...parts, vpc_endpoints });
      return { network_id };
    },
    part: 'networks',
    anew: ['network_id', 'creation_time'],
    // It is read for a while after it was deleted, and keeps its name as long.
    settled: async ({ account }, { network_id }) => {
      for (let read = 0; !(await account.isGone(`${v20}/networks/${network_id}`)); read += 1) assert.ok(read < 10);
    },
  },
  {
    what: 'changing a custom OAuth app',
    action: updateCustomAppIntegration,
    args: (bench) => ({
      integration_id: idIn(bench, 'customApps', 'name', 'Data portal'),
      redirect_urls: ['https://elsewhere.example/cb'],
      scopes: ['openid'],
      token_access_policy: { access_token_ttl_in_minutes: 15, enable_single_use_refresh_tokens: true },
    }),
    part: 'customApps',
    anew: [],
  },
  {
    what: 'replacing a budget and keeping its alert',
    action: updateBudget,
    args: async (bench) => {
      const budget_id = await huge(bench);
      const [alert] = bench.state('budgets')[budget_id].alert_configurations;
      const { alert_configuration_id, action_configurations } = alert;
      const alert_configurations = [{ ...cheap, alert_configuration_id, action_configurations }];
      return { budget_id, display_name: 'Other', alert_configurations };
    },
    ...ofBudgets,
  },
  {
    what: 'replacing a budget and losing its alert',
    action: updateBudget,
    args: async (bench) => ({ budget_id: await huge(bench), display_name: 'Other', alert_configurations: [cheap] }),
    part: 'budgets',
    anew: ['update_time', ...alertIds],
  },
  {
    what: 'deleting a budget',
    action: deleteBudget,
    args: async (bench) => ({ budget_id: await huge(bench) }),
    part: 'budgets',
    anew: ['budget_configuration_id', 'create_time', 'update_time', ...alertIds],
  },
  ...(['audit-account', 'audit-old-bucket'] as const).map(
    (name): Case => ({
      what: `switching the log delivery ${name}`,
      action: updateLogDeliveryConfig,
      args: (bench) => {
        const id = idIn(bench, 'logDeliveries', 'config_name', name);
        const status = bench.state('logDeliveries')[id].status === 'ENABLED' ? 'DISABLED' : 'ENABLED';
        return { log_delivery_configuration_id: id, status };
      },
      part: 'logDeliveries',
      anew: ['update_time'],
    }),
  ),
];

for (const { what, action, args, part, anew, settled } of cases) {
  test(`undoing it restores the account after ${what}`, () =>
    withBench(async (bench) => {
      const given = await args(bench);
      const impact = await bench.impact(action, given, { ownAddresses: ['203.0.113.40'] });
      assert.notEqual(impact.reversible, 'no');
      const before = comparable(bench.state(part), anew);
      await bench.write(action, given);
      assert.notDeepEqual(comparable(bench.state(part), anew), before, 'the write changed something');
      await settled?.(bench, given);
      await bench.undo(impact);
      assert.deepEqual(comparable(bench.state(part), anew), before);
    }));
}

/** The objects of a part without their ids where those are given anew, in an order of their own. */
function comparable(state: Record<string, Body>, anew: readonly string[]): readonly string[] {
  const strip = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => !anew.includes(name))
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value;
  const isNamedByKey = !anew.some((name) => name.endsWith('_id')) || anew.every((name) => alertIds.includes(name));
  return Object.entries(state)
    .map(([id, each]) => JSON.stringify(isNamedByKey ? { id, ...each } : each, strip))
    .sort();
}
