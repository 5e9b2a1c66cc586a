// The request bodies of budgets, field by field as the reference has them: create refuses server-assigned ids, replace takes them.

import { flag, int64, integer, list, oneOf, type Reader, shape, text } from '../readers.js';
import { decimal } from './decimal.js';

const within = oneOf('IN');
const filter = shape(
  {},
  {
    tags: list(shape({}, { key: text(), value: shape({}, { operator: within, values: list(text()) }) })),
    workspace_id: shape({}, { operator: within, values: list(int64()) }),
  },
);

const newAction = { action_type: oneOf('EMAIL_NOTIFICATION', 'BLOCK_USAGE'), target: text() };
const knownAction = { ...newAction, action_configuration_id: text(), create_time: integer(), update_time: integer() };

const required = { quantity_threshold: decimal() };
const newAlert = {
  time_period: oneOf('MONTH'),
  trigger_type: oneOf('CUMULATIVE_SPENDING_EXCEEDED'),
  quantity_type: oneOf('LIST_PRICE_DOLLARS_USD'),
  scope_type: oneOf('ALERT_CONFIGURATION_SCOPE_TYPE_SHARED', 'ALERT_CONFIGURATION_SCOPE_TYPE_PER_USER'),
  principal_overrides: list(shape({}, { principal_id: int64(), override_threshold: decimal() })),
  action_configurations: list(shape({}, newAction)),
};
const knownAlert = {
  ...newAlert,
  alert_configuration_id: text(),
  create_time: integer(),
  update_time: integer(),
  action_configurations: list(shape({}, knownAction)),
};

const fields = {
  account_id: text(),
  filter,
  include_external_spend: flag(),
  resource_type: oneOf('BUDGET_RESOURCE_TYPE_ALL_RESOURCES', 'BUDGET_RESOURCE_TYPE_UNITY_AI_GATEWAY'),
};
const display_name = text({ min: 1, max: 128 });
const exactlyOne = { min: 1, max: 1 };

const known = shape(
  { display_name, alert_configurations: list(shape(required, knownAlert), exactlyOne) },
  { ...fields, budget_configuration_id: text() },
);

export type BudgetInput = ReturnType<typeof known>;
export type AlertInput = BudgetInput['alert_configurations'][number];
export const replacedBudget: Reader<BudgetInput> = known;
export const newBudget: Reader<BudgetInput> = shape(
  { display_name, alert_configurations: list(shape(required, newAlert), exactlyOne) },
  fields,
);
