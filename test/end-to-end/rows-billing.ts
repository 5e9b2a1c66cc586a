/** Billing: usage, log delivery, budgets. Budgets live under API version 2.1. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Account, hugeUser, hugeWorkspace, v20, v21 } from './account.js';
import { applied, appliedAndKept, appliedSilently, listed, type Rows, reads } from './row.js';

const budget = async (account: Account, name: string) =>
  account.one(await account.all(`${v21}/budgets`, 'budgets'), 'display_name', name);

const logDelivery = async (account: Account, name: string) =>
  account.one(await account.all(`${v20}/log-delivery`, 'log_delivery_configurations'), 'config_name', name);

export const billing: Rows = {
  databricks_download_billable_usage: () => ({
    args: { start_month: '2026-01', end_month: '2026-02', personal_data: true },
    wire: [
      {
        method: 'GET',
        path: `${v20}/usage/download`,
        query: { start_month: '2026-01', end_month: '2026-02', personal_data: 'true' },
      },
    ],
    judge: async ({ account, answer, sent }) => {
      const { text } = await account.request('GET', sent[0] ?? '');
      const { path, bytes, sha256, months, rows } = answer.data;
      assert.equal(readFileSync(path, 'utf8'), text);
      assert.equal(statSync(path).mode & 0o777, 0o600);
      assert.equal(bytes, Buffer.byteLength(text));
      assert.equal(sha256, createHash('sha256').update(text).digest('hex'));
      assert.equal(rows, text.trimEnd().split('\n').length - 1);
      assert.deepEqual(months, ['2026-01', '2026-02']);
    },
  }),

  databricks_list_log_delivery_configs: [
    async (account) => {
      const { credentials_id, storage_configuration_id } = await logDelivery(account, 'audit-prod');
      const query = { status: 'ENABLED', credentials_id, storage_configuration_id };
      return {
        args: query,
        wire: [{ method: 'GET', path: `${v20}/log-delivery`, query }],
        judge: listed('log_delivery_configurations'),
      };
    },
    () => ({
      args: {},
      wire: [{ method: 'GET', path: `${v20}/log-delivery` }],
      judge: listed('log_delivery_configurations'),
    }),
  ],

  databricks_get_log_delivery_config: async (account) => {
    const { config_id } = await logDelivery(account, 'usage-finance');
    return {
      args: { log_delivery_configuration_id: config_id },
      wire: [{ method: 'GET', path: `${v20}/log-delivery/${config_id}` }],
      judge: async (given) => {
        await reads((body) => ({ data: body.log_delivery_configuration }))(given);
        assert.deepEqual(given.answer.data.workspace_ids_filter, [hugeWorkspace]);
      },
    };
  },

  databricks_create_log_delivery_config: async (account) => {
    const { credentials_id, storage_configuration_id } = await logDelivery(account, 'audit-prod');
    const plain = {
      log_type: 'BILLABLE_USAGE',
      output_format: 'CSV',
      credentials_id,
      storage_configuration_id,
      config_name: 'usage-of-finance',
      delivery_path_prefix: 'finance/usage',
      delivery_start_time: '2026-01',
      status: 'ENABLED',
    };
    const body = { ...plain, workspace_ids_filter: [9223372036854775801n] };
    return {
      args: { ...plain, workspace_ids_filter: [hugeWorkspace] },
      wire: [{ method: 'POST', path: `${v20}/log-delivery`, body: { log_delivery_configuration: body } }],
      judge: appliedAndKept(({ config_id }) => `${v20}/log-delivery/${config_id}`, body, 'log_delivery_configuration'),
    };
  },

  databricks_update_log_delivery_config: async (account) => {
    const { config_id } = await logDelivery(account, 'usage-account');
    return {
      args: { log_delivery_configuration_id: config_id, status: 'DISABLED' },
      wire: [{ method: 'PATCH', path: `${v20}/log-delivery/${config_id}`, body: { status: 'DISABLED' } }],
      judge: appliedSilently(async () => {
        assert.equal((await logDelivery(account, 'usage-account')).status, 'DISABLED');
      }),
    };
  },

  databricks_list_budgets: () => ({
    args: {},
    wire: [{ method: 'GET', path: `${v21}/budgets` }],
    judge: listed('budgets'),
  }),

  databricks_get_budget: async (account) => {
    const { budget_configuration_id } = await budget(account, 'Whole account');
    return {
      args: { budget_id: budget_configuration_id },
      wire: [{ method: 'GET', path: `${v21}/budgets/${budget_configuration_id}` }],
      judge: reads((body) => ({ data: body.budget })),
    };
  },

  databricks_create_budget: () => {
    const alert = {
      time_period: 'MONTH',
      trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
      quantity_type: 'LIST_PRICE_DOLLARS_USD',
      quantity_threshold: '840.84',
      scope_type: 'ALERT_CONFIGURATION_SCOPE_TYPE_PER_USER',
      action_configurations: [{ action_type: 'EMAIL_NOTIFICATION', target: 'finops@lumenfreight.example' }],
    };
    const tags = [{ key: 'team', value: { operator: 'IN', values: ['ml', 'data science'] } }];
    const rest = {
      display_name: 'Notebooks of the science team',
      resource_type: 'BUDGET_RESOURCE_TYPE_ALL_RESOURCES',
      include_external_spend: false,
    };
    const budgetWith = (workspace: string | bigint, principal: string | bigint) => ({
      ...rest,
      filter: { workspace_id: { operator: 'IN', values: [workspace] }, tags },
      alert_configurations: [
        { ...alert, principal_overrides: [{ principal_id: principal, override_threshold: '1200.50' }] },
      ],
    });
    const sent = budgetWith(9223372036854775801n, 9223372036854775783n);
    return {
      args: budgetWith(hugeWorkspace, hugeUser),
      wire: [{ method: 'POST', path: `${v21}/budgets`, body: { budget: sent } }],
      judge: appliedAndKept(
        ({ budget_configuration_id }) => `${v21}/budgets/${budget_configuration_id}`,
        { ...rest, filter: sent.filter },
        'budget',
      ),
    };
  },

  databricks_update_budget: async (account) => {
    const { budget_configuration_id, alert_configurations } = await budget(account, 'Finance reporting');
    const [{ alert_configuration_id, action_configurations }] = alert_configurations;
    const [{ action_configuration_id }] = action_configurations;
    // A PUT: everything to keep is sent again, with the ids that keep the alert what it is.
    const whole = {
      budget_configuration_id,
      display_name: 'Finance reporting, closing season',
      filter: { workspace_id: { operator: 'IN', values: [9223372036854775801n] } },
      alert_configurations: [
        {
          alert_configuration_id,
          time_period: 'MONTH',
          trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
          quantity_type: 'LIST_PRICE_DOLLARS_USD',
          quantity_threshold: '3000.00',
          action_configurations: [{ action_configuration_id, action_type: 'BLOCK_USAGE' }],
        },
      ],
    };
    const path = `${v21}/budgets/${budget_configuration_id}`;
    return {
      args: {
        budget_id: budget_configuration_id,
        ...whole,
        filter: { workspace_id: { operator: 'IN', values: [hugeWorkspace] } },
      },
      // It blocks what goes over it.
      asks: true,
      wire: [{ method: 'PUT', path, body: { budget: whole } }],
      judge: async (given) => {
        const { display_name, filter } = whole;
        await appliedAndKept(() => path, { budget_configuration_id, display_name, filter }, 'budget')(given);
        assert.equal(given.answer.data.alert_configurations[0].alert_configuration_id, alert_configuration_id);
      },
    };
  },

  databricks_delete_budget: async (account) => {
    const { budget_configuration_id } = await budget(account, 'EMEA analytics');
    const path = `${v21}/budgets/${budget_configuration_id}`;
    return {
      args: { budget_id: budget_configuration_id },
      wire: [{ method: 'DELETE', path }],
      judge: applied(null, async () => assert.ok(await account.isGone(path))),
    };
  },
};
