// Seeds budgets and log delivery configurations, as far as the cloud has them.

import type { Account } from '../account.js';
import type { Budget, LogDelivery } from '../records.js';
import { COMPANY_DOMAIN, DAY_MS, SEED_TIME } from './identity.js';

const budgets: readonly [name: string, threshold: number, team: string | undefined][] = [
  ['Whole account', 48_000, undefined],
  ['Data engineering', 15_000, 'data-platform'],
  ['Finance reporting', 2_500, 'finance'],
  ['ML research (GPU)', 9_000, 'ml-research'],
  ['EMEA analytics', 4_200, 'analytics-emea'],
];

export function seedBilling(account: Account): void {
  if (account.cloud !== 'gcp') for (const [index, plan] of budgets.entries()) seedBudget(account, index, plan);
  if (account.cloud !== 'azure') seedLogDelivery(account);
}

function seedBudget(account: Account, index: number, [display_name, threshold, team]: (typeof budgets)[number]): void {
  const id = account.ids.uuid();
  const firstWorkspace = account.workspaces.values().next().value?.workspace_id;
  const filter: Budget['filter'] = team
    ? { tags: [{ key: 'team', value: { operator: 'IN', values: [team] } }] }
    : { workspace_id: { operator: 'IN', values: firstWorkspace === undefined ? [] : [firstWorkspace] } };
  account.budgets.set(id, {
    budget_configuration_id: id,
    account_id: account.id,
    display_name,
    create_time: SEED_TIME + index * DAY_MS,
    update_time: SEED_TIME + index * 2 * DAY_MS,
    filter,
    alert_configurations: [
      {
        alert_configuration_id: account.ids.uuid(),
        time_period: 'MONTH',
        trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
        quantity_type: 'LIST_PRICE_DOLLARS_USD',
        quantity_threshold: `${threshold}.000000000000000000`,
        action_configurations: [
          {
            action_configuration_id: account.ids.uuid(),
            action_type: 'EMAIL_NOTIFICATION',
            target: `finops@${COMPANY_DOMAIN}`,
          },
        ],
      },
    ],
  });
}

type Plan = Pick<LogDelivery, 'config_name' | 'log_type' | 'output_format' | 'status' | 'workspace_ids_filter'>;

function seedLogDelivery(account: Account): void {
  const workspaces = [...account.workspaces.values()].map(({ workspace_id }) => workspace_id);
  const audit = { log_type: 'AUDIT_LOGS', output_format: 'JSON' } as const;
  const usage = { log_type: 'BILLABLE_USAGE', output_format: 'CSV' } as const;
  const plans: Plan[] = [
    { config_name: 'audit-account', ...audit, status: 'ENABLED' },
    { config_name: 'audit-prod', ...audit, status: 'ENABLED', workspace_ids_filter: workspaces.slice(0, 2) },
    { config_name: 'audit-old-bucket', ...audit, status: 'DISABLED' },
  ];
  // Usage logs are an AWS feature.
  if (account.cloud === 'aws') {
    plans.push({ config_name: 'usage-account', ...usage, status: 'ENABLED' });
    plans.push({
      config_name: 'usage-finance',
      ...usage,
      status: 'ENABLED',
      workspace_ids_filter: workspaces.slice(-1),
    });
  }
  for (const [index, plan] of plans.entries()) {
    const config_id = account.ids.uuid();
    const last = new Date(SEED_TIME + 200 * DAY_MS + index * 60_000).toISOString();
    account.logDeliveries.set(config_id, {
      ...plan,
      config_id,
      account_id: account.id,
      credentials_id: account.credentials.keys().next().value ?? account.ids.uuid(),
      storage_configuration_id: account.storageConfigurations.keys().next().value ?? account.ids.uuid(),
      delivery_path_prefix: plan.log_type === 'AUDIT_LOGS' ? 'audit' : 'usage',
      creation_time: SEED_TIME + index * DAY_MS,
      update_time: SEED_TIME + index * DAY_MS,
      log_delivery_status: {
        status: 'SUCCEEDED',
        message: 'Latest delivery succeeded.',
        last_attempt_time: last,
        last_successful_attempt_time: last,
      },
    });
  }
}
