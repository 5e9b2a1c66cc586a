// Turns a budget request into the stored budget: ids, times and the rules that need the other budgets.

import type { Account } from '../account.js';
import { duplicate, invalid } from '../errors.js';
import type { AlertConfiguration, Budget } from '../records.js';
import type { AlertInput, BudgetInput } from './budget-body.js';

/** A stored budget from a request; `before` is the one it replaces. */
export function buildBudget(account: Account, input: BudgetInput, before: Budget | undefined): Budget {
  if ((input.account_id ?? account.id) !== account.id) throw invalid("Field 'budget.account_id' is another account.");
  const id = before?.budget_configuration_id ?? account.ids.uuid();
  for (const other of account.budgets.values()) {
    if (other.budget_configuration_id !== id && other.display_name === input.display_name) {
      throw duplicate(`A budget named '${input.display_name}' already exists.`);
    }
  }
  const external = before?.include_external_spend ?? input.include_external_spend;
  const now = account.now();
  return {
    budget_configuration_id: id,
    account_id: account.id,
    display_name: input.display_name,
    create_time: before?.create_time ?? now,
    update_time: now,
    alert_configurations: input.alert_configurations.map((alert) =>
      buildAlert(account, alert, before?.alert_configurations[0]),
    ),
    ...(input.filter && { filter: input.filter }),
    ...(input.resource_type && { resource_type: input.resource_type }),
    ...(external !== undefined && { include_external_spend: external }),
  };
}

/** Ids are the server's: a client may only repeat the ones it was given, which keeps the alert's identity. */
function buildAlert(account: Account, input: AlertInput, before: AlertConfiguration | undefined): AlertConfiguration {
  const keep = (given: string | undefined, known: readonly string[], field: string) => {
    if (given !== undefined && !known.includes(given)) throw invalid(`Unknown ${field} '${given}'.`);
    return given ?? account.ids.uuid();
  };
  const { quantity_threshold, scope_type, principal_overrides, action_configurations = [] } = input;
  const actionIds = (before?.action_configurations ?? []).map((action) => action.action_configuration_id);
  return {
    alert_configuration_id: keep(
      input.alert_configuration_id,
      before ? [before.alert_configuration_id] : [],
      'alert_configuration_id',
    ),
    time_period: input.time_period ?? 'MONTH',
    trigger_type: input.trigger_type ?? 'CUMULATIVE_SPENDING_EXCEEDED',
    quantity_type: input.quantity_type ?? 'LIST_PRICE_DOLLARS_USD',
    quantity_threshold,
    ...(scope_type && { scope_type }),
    ...(principal_overrides && { principal_overrides }),
    action_configurations: action_configurations.map(({ action_type, target, action_configuration_id }) => ({
      action_configuration_id: keep(action_configuration_id, actionIds, 'action_configuration_id'),
      ...(action_type && { action_type }),
      ...(target && { target }),
    })),
  };
}
