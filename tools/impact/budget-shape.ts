/**
 * A budget in the shape of the arguments that make one: 64-bit ids as digits, without what Databricks adds. Both what
 * was read and what is asked for are brought into it, so that they can be compared and set back.
 */
import type { Arguments } from '../action.js';
import { fieldsOf, itemsOf, only, textOf, textsOf, without } from './facts.js';

/** Without the fields that only Databricks writes; ids stay. */
export function plainBudget(budget: Arguments): Arguments {
  const { filter, alert_configurations, ...rest } = without(budget, 'account_id', 'create_time', 'update_time');
  return {
    ...rest,
    ...(filter !== undefined && { filter: plainFilter(fieldsOf(filter)) }),
    ...(alert_configurations !== undefined && {
      alert_configurations: itemsOf(alert_configurations).map(plainAlert),
    }),
  };
}

function plainFilter(filter: Arguments): Arguments {
  const workspaces = fieldsOf(filter.workspace_id);
  return {
    ...filter,
    ...(filter.workspace_id !== undefined && {
      workspace_id: { ...workspaces, ...(workspaces.values !== undefined && { values: textsOf(workspaces.values) }) },
    }),
  };
}

function plainAlert(alert: Arguments): Arguments {
  const { principal_overrides, action_configurations, ...rest } = without(alert, 'create_time', 'update_time');
  return {
    ...rest,
    ...(principal_overrides !== undefined && {
      principal_overrides: itemsOf(principal_overrides).map((each) => ({
        ...each,
        ...(each.principal_id !== undefined && { principal_id: textOf(each.principal_id) }),
      })),
    }),
    ...(action_configurations !== undefined && {
      action_configurations: itemsOf(action_configurations).map((each) => without(each, 'create_time', 'update_time')),
    }),
  };
}

/** A plain budget as create and update take it. Of alerts and actions only these ids are kept. */
export function budgetArguments(budget: Arguments, ids: readonly string[]): Arguments {
  return {
    ...only(budget, 'display_name', 'filter', 'resource_type', 'include_external_spend'),
    alert_configurations: itemsOf(budget.alert_configurations).map((alert) => ({
      ...onlyId(alert, 'alert_configuration_id', ids),
      ...only(alert, 'time_period', 'trigger_type', 'quantity_type', 'quantity_threshold', 'scope_type'),
      ...only(alert, 'principal_overrides'),
      action_configurations: itemsOf(alert.action_configurations).map((each) => ({
        ...onlyId(each, 'action_configuration_id', ids),
        ...only(each, 'action_type', 'target'),
      })),
    })),
  };
}

function onlyId(object: Arguments, name: string, ids: readonly string[]): Arguments {
  const id = textOf(object[name]);
  return id !== undefined && ids.includes(id) ? { [name]: id } : {};
}

/** The ids of alerts and actions that a replacement keeps, and whether it keeps all of them. */
export function keptAlert(now: Arguments, then: Arguments): { readonly ids: readonly string[]; isWhole: boolean } {
  const [before, after] = [idsOf(now), idsOf(then)];
  const ids = before.filter((id) => after.includes(id));
  return { ids, isWhole: ids.length === before.length };
}

const idsOf = (budget: Arguments) =>
  itemsOf(budget.alert_configurations).flatMap((alert) => [
    ...(textOf(alert.alert_configuration_id) === undefined ? [] : [String(alert.alert_configuration_id)]),
    ...itemsOf(alert.action_configurations).flatMap((each) => textOf(each.action_configuration_id) ?? []),
  ]);
