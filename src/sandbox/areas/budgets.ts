// Budgets (API 2.1): wrapped in `budget`, exactly one alert configuration, replaced as a whole by PUT.

import type { Account } from '../account.js';
import { invalid, missing } from '../errors.js';
import { paginate } from '../paging.js';
import { text } from '../readers.js';
import type { Budget } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route, wrapped } from '../router.js';
import { newBudget, replacedBudget } from './budget-body.js';
import { buildBudget } from './budget-record.js';

const collection = '/api/2.1/accounts/{account_id}/budgets';
// GCP has no budgets according to Terraform's tests; what the real server answers there is unknown.
const needs = { scopes: ['billing'], clouds: ['aws', 'azure'] } as const;

export const budgetRoutes = [
  route(`GET ${collection}`, { ...needs, query: { page_token: text() } }, ({ account, query }) => {
    const page = paginate([...account.budgets.values()], {
      list: 'budgets',
      token: query.page_token,
      defaultSize: 3,
      maxSize: 3,
    });
    return jsonReply({ budgets: page.items, next_page_token: page.next });
  }),

  route(`GET ${collection}/{budget_id}`, needs, ({ account, param }) =>
    jsonReply({ budget: findBudget(account, param('budget_id')) }),
  ),

  route(`POST ${collection}`, { ...needs, body: wrapped('budget', newBudget) }, ({ account, body }) => {
    const budget = buildBudget(account, body, undefined);
    account.budgets.set(budget.budget_configuration_id, budget);
    return jsonReply({ budget });
  }),

  route(`PUT ${collection}/{budget_id}`, { ...needs, body: wrapped('budget', replacedBudget) }, (call) => {
    const { account, body } = call;
    const before = findBudget(account, call.param('budget_id'));
    if ((body.budget_configuration_id ?? before.budget_configuration_id) !== before.budget_configuration_id) {
      throw invalid("Field 'budget.budget_configuration_id' does not match the path.");
    }
    const external = body.include_external_spend;
    if (external !== undefined && external !== (before.include_external_spend ?? false)) {
      throw invalid("Field 'budget.include_external_spend' cannot be changed.");
    }
    const budget = buildBudget(account, body, before);
    account.budgets.set(budget.budget_configuration_id, budget);
    return jsonReply({ budget });
  }),

  route(`DELETE ${collection}/{budget_id}`, needs, ({ account, param }) => {
    account.budgets.delete(findBudget(account, param('budget_id')).budget_configuration_id);
    return emptyReply();
  }),
];

function findBudget(account: Account, id: string): Budget {
  const budget = account.budgets.get(id);
  if (!budget) throw missing(`Budget configuration '${id}' does not exist.`);
  return budget;
}
