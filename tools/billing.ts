/** Billable usage and budgets. */
import { z } from 'zod';
import { type Arguments, csv, http, item, list, tokenPages, wrapped } from './action.js';
import { flag, int64, oneOf, pageToken, text, unlisted } from './fields.js';
import { budgetCreation, budgetDeletion, budgetRisk, budgetUpdate } from './impact/billing.js';
import { changedTo, createdIn, goneFrom } from './settlements.js';
import * as views from './views.js';

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
    'Billable usage of whole months as a CSV file; answers its path and DBUs by SKU and workspace, no prices. ' +
    'Wide ranges time out: one month at a time.',
  view: views.usage,
  route: 'GET /api/2.0/accounts/{account_id}/usage/download',
  input: z.strictObject({
    start_month: month('YYYY-MM, from 2019-03'),
    end_month: month('Included'),
    personal_data: flag('Adds e-mails of cluster owners').optional(),
  }),
  returns: csv,
});

/** Databricks documents one value; whoever leaves it out means that one. */
const only = <const V extends string>(value: V) => unlisted(oneOf([value]).default(value));

const budgetFilter = z.strictObject({
  workspace_id: z.strictObject({ operator: only('IN'), values: z.array(int64()).optional() }).optional(),
  tags: z
    .array(
      z.strictObject({
        key: text().optional(),
        value: z.strictObject({ operator: only('IN'), values: z.array(z.string()).optional() }).optional(),
      }),
    )
    .optional(),
});

const money = z.string().regex(/^\d+(\.\d+)?$/, 'must be a decimal number in a string, e.g. "1000.00"');

const actionFields = {
  action_type: oneOf(['EMAIL_NOTIFICATION', 'BLOCK_USAGE'], 'BLOCK_USAGE stops spending').optional(),
  target: text('E-mail').optional(),
};
const alertFields = {
  time_period: only('MONTH'),
  trigger_type: only('CUMULATIVE_SPENDING_EXCEEDED'),
  quantity_type: only('LIST_PRICE_DOLLARS_USD'),
  quantity_threshold: money.describe('Decimal, list-price USD').optional(),
  scope_type: oneOf(['ALERT_CONFIGURATION_SCOPE_TYPE_SHARED', 'ALERT_CONFIGURATION_SCOPE_TYPE_PER_USER']).optional(),
  principal_overrides: z
    .array(z.strictObject({ principal_id: int64().optional(), override_threshold: money.optional() }))
    .optional(),
};
const known = { create_time: unlisted(z.int().optional()), update_time: unlisted(z.int().optional()) };

const budgetFields = {
  filter: budgetFilter.optional(),
  resource_type: oneOf(['BUDGET_RESOURCE_TYPE_ALL_RESOURCES', 'BUDGET_RESOURCE_TYPE_UNITY_AI_GATEWAY']).optional(),
};
const external = { include_external_spend: flag('Fixed once set').optional() };
const displayName = z.string().min(1).max(128);

export const listBudgets = http({
  id: 'databricks_list_budgets',
  label: 'List Budgets',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description: 'Budgets with filters, thresholds, alerts.',
  view: views.budgets,
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
    'Create a monthly budget with exactly one alert. Without filter it covers the account; without an action with ' +
    'target nobody is told.',
  view: views.budget,
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
  description: 'One budget.',
  view: views.budget,
  route: 'GET /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({ budget_id: text() }),
  returns: item('budget'),
});

/** The body names the budget again, as Databricks' own clients do; nobody has to say it twice. */
const wholeBudget = (rest: Arguments, { budget_id }: Arguments) => ({
  budget: { budget_configuration_id: budget_id, ...rest },
});

export const updateBudget = http({
  id: 'databricks_update_budget',
  label: 'Update Budget',
  scopes: ['billing'],
  clouds: ['aws', 'azure'],
  description:
    'Replace a budget: what is left out is lost. Get it, change it, send all of it but account_id, create_time ' +
    'and update_time; configuration ids keep the alert.',
  view: views.budget,
  route: 'PUT /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({
    budget_id: text(),
    budget_configuration_id: unlisted(text('Same as budget_id').optional()),
    display_name: displayName.optional(),
    ...budgetFields,
    ...external,
    alert_configurations: z
      .array(
        z.strictObject({
          alert_configuration_id: text().optional(),
          ...alertFields,
          action_configurations: z
            .array(z.strictObject({ action_configuration_id: text().optional(), ...actionFields, ...known }))
            .optional(),
          ...known,
        }),
      )
      .max(1)
      .optional(),
  }),
  body: wholeBudget,
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
  description: 'Delete a budget and its alerts for good.',
  route: 'DELETE /api/2.1/accounts/{account_id}/budgets/{budget_id}',
  input: z.strictObject({ budget_id: text() }),
  settle: goneFrom(getBudget, ['budget_id']),
  impact: budgetDeletion,
});
