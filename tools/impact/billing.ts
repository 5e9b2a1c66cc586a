/** What a budget watches, whom it tells and whether it stops spending; and what a replacement of it would lose. */
import type { Arguments, Fact, Impact, Look, Risk } from '../action.js';
import { createBudget, getBudget, listBudgets, updateBudget } from '../billing.js';
import { contains } from '../settlements.js';
import { budgetArguments, keptAlert, plainBudget } from './budget-shape.js';
import { changed, fact, fieldsOf, itemsOf, replaced, textOf, textsOf, undoBy, words } from './facts.js';

/** A budget that blocks usage stops people's work when it is crossed. */
export function budgetRisk(input: Arguments): Risk {
  return blocks(input) ? 'privilege' : 'write';
}

const blocks = (budget: Arguments) => actionsOf(budget).some((each) => each.action_type === 'BLOCK_USAGE');

export async function budgetCreation(look: Look, input: Arguments): Promise<Impact> {
  const present = itemsOf(await look.read(listBudgets, {}));
  const namesakes = present.filter(
    (each) => input.display_name !== undefined && each.display_name === input.display_name,
  );
  return {
    facts: [
      ...fact('Name', input.display_name),
      ...budgetFacts(input),
      ...(targetsOf(input).length === 0 ? fact('Alert targets', words('nobody: no alert has a target')) : []),
      ...fact('Same name', namesakes.map((each) => textOf(each.budget_configuration_id) ?? '').filter(Boolean)),
    ],
    reversible: 'yes',
    reversal: 'The budget can be deleted again.',
  };
}

export async function budgetUpdate(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.budget_id);
  const present = plainBudget(await budgetOf(look, id));
  const { budget_id: _, ...given } = input;
  const wanted = plainBudget(given);
  const alert = keptAlert(present, wanted);
  const facts = changesOf(present, wanted);
  return {
    target: targetOf(present, id),
    // Lifting a stop of spending says as much as setting one.
    ...(blocks(present) && { risk: 'privilege' as const }),
    facts: facts.length === 0 ? fact('Change', words('none: it is like this already')) : facts,
    reversible: alert.isWhole ? 'yes' : 'partly',
    reversal: alert.isWhole
      ? 'The former budget can be set again; what it blocked or told in between stays.'
      : 'The former budget can be set again, but its alert is a new one with a new id.',
    before: present,
    // Fixed by the first call, so it stays whatever this one says.
    after: {
      ...wanted,
      budget_configuration_id: id,
      ...(present.include_external_spend !== undefined && { include_external_spend: present.include_external_spend }),
    },
    ...undoBy(updateBudget, {
      budget_id: id,
      budget_configuration_id: id,
      ...budgetArguments(present, alert.ids),
    }),
  };
}

export async function budgetDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.budget_id);
  const present = plainBudget(await budgetOf(look, id));
  return {
    target: targetOf(present, id),
    facts: [...budgetFacts(present), ...fact('Effect', words('nobody is told any more, and nothing is blocked'))],
    reversible: 'partly',
    reversal: 'The budget can be made anew, under a new id.',
    before: present,
    ...undoBy(createBudget, budgetArguments(present, [])),
  };
}

async function budgetOf(look: Look, budget_id: string): Promise<Arguments> {
  const budget = await look.read(getBudget, { budget_id });
  return budget === null ? look.notFound('budget', budget_id) : fieldsOf(budget);
}

function targetOf(budget: Arguments, id: string) {
  const name = textOf(budget.display_name);
  return { kind: 'budget', id, ...(name !== undefined && { name }) };
}

const alertOf = (budget: Arguments) => fieldsOf(itemsOf(budget.alert_configurations)[0]);
const actionsOf = (budget: Arguments) =>
  itemsOf(budget.alert_configurations).flatMap((alert) => itemsOf(alert.action_configurations));
const targetsOf = (budget: Arguments) => actionsOf(budget).flatMap((each) => textOf(each.target) ?? []);

const workspacesOf = (budget: Arguments) => textsOf(fieldsOf(fieldsOf(budget.filter).workspace_id).values);
const tagsOf = (budget: Arguments) =>
  itemsOf(fieldsOf(budget.filter).tags).map(
    (tag) => `${textOf(tag.key) ?? ''}: ${textsOf(fieldsOf(tag.value).values).join(', ')}`,
  );
const isUnfiltered = (budget: Arguments) => workspacesOf(budget).length === 0 && tagsOf(budget).length === 0;

function budgetFacts(budget: Arguments): readonly Fact[] {
  return [
    ...fact('Dollars a month', dollars(alertOf(budget).quantity_threshold)),
    ...(isUnfiltered(budget) ? fact('Covers', words('the whole account')) : []),
    ...fact('Workspaces', workspacesOf(budget)),
    ...fact('Tags', tagsOf(budget)),
    ...fact('Resources', budget.resource_type),
    ...fact('Counted', alertOf(budget).scope_type),
    ...fact('Exceptions', overridesOf(budget)),
    ...fact('Alert targets', targetsOf(budget)),
    ...(blocks(budget) ? fact('Blocks usage', words('yes: spending is stopped when the budget is crossed')) : []),
  ];
}

const overridesOf = (budget: Arguments) =>
  itemsOf(alertOf(budget).principal_overrides).map(
    (each) => `${textOf(each.principal_id) ?? ''}: ${textOf(each.override_threshold) ?? ''}`,
  );

/** Databricks writes sums as 2500.000000000000000000. */
const dollars = (sum: unknown) => textOf(sum)?.replace(/^(\d+)(?:\.0+|(\.\d*?)0+)$/, '$1$2');

/** A replacement: what is left out is lost, and said so. */
function changesOf(now: Arguments, then: Arguments): readonly Fact[] {
  const [before, after] = [alertOf(now), alertOf(then)];
  const hasSameSum = contains(before.quantity_threshold, after.quantity_threshold ?? null);
  return [
    ...changed('Name', now.display_name, then.display_name ?? null),
    ...(hasSameSum
      ? []
      : changed('Dollars a month', dollars(before.quantity_threshold), dollars(after.quantity_threshold) ?? null)),
    ...(!isUnfiltered(now) && isUnfiltered(then) ? fact('Filter lost', words('it will cover the whole account')) : []),
    ...replaced('Workspaces', workspacesOf(now), workspacesOf(then)),
    ...replaced('Tags', tagsOf(now), tagsOf(then)),
    ...replaced('Alert targets', targetsOf(now), targetsOf(then)),
    ...replaced('Exceptions', overridesOf(now), overridesOf(then)),
    ...lostOrChanged('Resources', now.resource_type, then.resource_type),
    ...lostOrChanged('Counted', before.scope_type, after.scope_type),
    ...(blocks(then) && !blocks(now)
      ? fact('Blocks usage', words('from now on: spending is stopped when the budget is crossed'))
      : blocks(now) && !blocks(then)
        ? fact('Blocks usage', words('no longer: spending goes on when the budget is crossed'))
        : blocks(now)
          ? fact('Blocks usage', words('as before'))
          : []),
    ...(now.include_external_spend === (then.include_external_spend ?? now.include_external_spend)
      ? []
      : fact('External spend', words('fixed after creation; Databricks may refuse to change it'))),
  ];
}

const lostOrChanged = (label: string, now: unknown, then: unknown) =>
  changed(label, now, then ?? (now === undefined ? undefined : null));
