/** Billable usage and budgets. */
import { z } from 'zod';
import { csv, http, item, list, tokenPages, wrapped } from './action.js';
import { flag, int64, oneOf, pageToken, text } from './fields.js';
import { budgetCreation, budgetDeletion, budgetRisk, budgetUpdate } from './impact/billing.js';
import { changedTo, createdIn, goneFrom } from './settlements.js';

const month = (description: string) =>
  z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as YYYY-MM')
    .refine((value) => value >= '2019-03', 'must not be before 2019-03')
    .describe(description);

export const downloadBillableUsage = http({
  id: 'databricks_download_billable_usage',
  label: 'Download Billable Usage',
  scopes: ['billing'],
  clouds: ['aws', 'gcp'],
  description:
    'Download billable usage as CSV for a range of months. It goes to a file; the answer has the path and the DBUs by ' +
    'SKU and workspace (no prices; no split by month: ask for one month at a time).',
  route: 'GET /api/2.0/accounts/{account_id}/usage/download',
  input: z.strictObject({
    start_month: month('YYYY-MM, from 2019-03.'),
    end_month: month('YYYY-MM, included.'),
    personal_data: flag('Adds e-mail addresses of cluster owners.').optional(),
  }),
  returns: csv,
});

const budgetFilter = z
  .strictObject({
    workspace_id: z
      .strictObject({ operator: oneOf(['IN']).optional(), values: z.array(int64()).optional() })
      .describe('{"operator":"IN","values":["<workspace id>"]}')
      .optional(),
    tags: z
      .array(
        z.strictObject({
          key: text().optional(),
          value: z
            .strictObject({ operator: oneOf(['IN']).optional(), values: z.array(z.string()).optional() })
            .optional(),
        }),
      )
      .describe('[{"key":"team","value":{"operator":"IN","values":["ml"]}}]')
      .optional(),
  })
  .describe('Without it the budget covers the whole account.');

const money = z.string().regex(/^\d+(\.\d+)?$/, 'must be a decimal number in a string, e.g. "1000.00"');

const actionFields = {
  action_type: oneOf(['EMAIL_NOTIFICATION', 'BLOCK_USAGE'], 'BLOCK_USAGE stops spending when crossed.').optional(),
  target: text('E-mail address for EMAIL_NOTIFICATION.').optional(),
};
const alertFields = {
  time_period: oneOf(['MONTH']).optional(),
  trigger_type: oneOf(['CUMULATIVE_SPENDING_EXCEEDED']).optional(),
  quantity_type: oneOf(['LIST_PRICE_DOLLARS_USD']).optional(),
  quantity_threshold: money.describe('Decimal string, e.g. "1000.00".').optional(),
  scope_type: oneOf(['ALERT_CONFIGURATION_SCOPE_TYPE_SHARED', 'ALERT_CONFIGURATION_SCOPE_TYPE_PER_USER']).optional(),
  principal_overrides: z
    .array(z.strictObject({ principal_id: int64().optional(), override_threshold: money.optional() }))
    .optional(),
};
const known = { create_time: z.int().optional(), update_time: z.int().optional() };

const budgetFields = {
  filter: budgetFilter.optional(),
  resource_type: oneOf(['BUDGET_RESOURCE_TYPE_ALL_RESOURCES', 'BUDGET_RESOURCE_TYPE_UNITY_AI_GATEWAY']).optional(),
};
const external = { include_external_spend: flag('Fixed after creation.').optional() };
const displayName = z.string().min(1).max(128);

const oneAlert = 'Exactly one, with time_period, trigger_type, quantity_type and quantity_threshold.';

export const listBudgets = http({
  id: 'databricks_list_budgets',
  label: 'List Budgets',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description: 'List the budgets of the account with filters, thresholds and alert actions.',
  route: 'GET /api/2.1/accounts/{account_id}/budgets',
  input: z.strictObject(pageToken),
  returns: list('budgets'),
  nextPage: tokenPages,
});

export const createBudget = http({
  id: 'databricks_create_budget',
  label: 'Create Budget',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description:
    'Create a monthly budget with one alert. Thresholds are list-price US dollars. Without a filter it covers the ' +
    'account. Without action_configurations with a target nobody is told.',
  route: 'POST /api/2.1/accounts/{account_id}/budgets',
  input: z.strictObject({
    display_name: displayName.optional(),
    ...budgetFields,
    ...external,
    alert_configurations: z
      .array(
        z.strictObject({ ...alertFields, action_configurations: z.array(z.strictObject(actionFields)).optional() }),
      )
      .max(1)
      .describe(oneAlert)
      .optional(),
  }),
  body: wrapped('budget'),
  returns: item('budget'),
  settle: createdIn(listBudgets, ['display_name', 'resource_type'], 'budget_configuration_id'),
  riskOf: budgetRisk,
  impact: budgetCreation,
});

export const getBudget = http({
  id: 'databricks_get_budget',
  label: 'Get Budget',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description: 'Get one budget.',
  route: 'GET /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({ budget_id: text() }),
  returns: item('budget'),
});

export const updateBudget = http({
  id: 'databricks_update_budget',
  label: 'Update Budget',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description:
    'Replace a budget: whatever is left out is lost. First read it with databricks_get_budget, change that, and send ' +
    'it whole with budget_configuration_id, alert_configuration_id and action_configuration_id to keep the alert. ' +
    'Send it back without account_id, create_time and update_time.',
  route: 'PUT /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({
    budget_id: text(),
    budget_configuration_id: text('Same as budget_id.').optional(),
    display_name: displayName.optional(),
    ...budgetFields,
    ...external,
    alert_configurations: z
      .array(
        z.strictObject({
          alert_configuration_id: text('Keeps the existing alert.').optional(),
          ...alertFields,
          action_configurations: z
            .array(z.strictObject({ action_configuration_id: text().optional(), ...actionFields, ...known }))
            .optional(),
          ...known,
        }),
      )
      .max(1)
      .describe(oneAlert)
      .optional(),
  }),
  body: wrapped('budget'),
  returns: item('budget'),
  settle: changedTo(getBudget, ['budget_id']),
  riskOf: budgetRisk,
  impact: budgetUpdate,
});

export const deleteBudget = http({
  id: 'databricks_delete_budget',
  label: 'Delete Budget',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description: 'Delete a budget and its alerts. Cannot be undone.',
  route: 'DELETE /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({ budget_id: text() }),
  settle: goneFrom(getBudget, ['budget_id']),
  impact: budgetDeletion,
});
