/** Impacts of budgets: what is watched, who is told, whether spending stops, and what a replacement would lose. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBudget, deleteBudget, updateBudget } from '../../tools/billing.js';
import { type Account, hugeWorkspace, v21 } from '../end-to-end/account.js';
import { told, withBench } from './writing.js';

const budget = async (account: Account, name: string) =>
  account.one(await account.all(`${v21}/budgets`, 'budgets'), 'display_name', name);

const alert = (...action_configurations: object[]) => ({
  time_period: 'MONTH',
  trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
  quantity_type: 'LIST_PRICE_DOLLARS_USD',
  quantity_threshold: '1000.00',
  action_configurations,
});
const mail = { action_type: 'EMAIL_NOTIFICATION', target: 'a@lumenfreight.example' };
const stop = { action_type: 'BLOCK_USAGE' };

test('only a budget that blocks usage touches what people may do', () => {
  for (const { riskOf } of [createBudget, updateBudget]) {
    assert.equal(riskOf?.({ alert_configurations: [alert(mail, stop)] }), 'privilege');
    assert.equal(riskOf?.({ alert_configurations: [alert(mail)] }), 'write');
    assert.equal(riskOf?.({ display_name: 'x' }), 'write');
  }
});

test('a new budget tells its sum, what it covers and whom it tells', () =>
  withBench(async ({ account, impact }) => {
    const create = await impact(createBudget, {
      display_name: 'Whole account',
      filter: {
        workspace_id: { operator: 'IN', values: [hugeWorkspace] },
        tags: [{ key: 'team', value: { operator: 'IN', values: ['ml', 'bi'] } }],
      },
      alert_configurations: [
        { ...alert(mail, stop), principal_overrides: [{ principal_id: hugeWorkspace, override_threshold: '5' }] },
      ],
    });
    assert.deepEqual(told(create), {
      Name: 'Whole account',
      'Dollars a month': '1000',
      Workspaces: [hugeWorkspace],
      Tags: ['team: ml, bi'],
      Exceptions: [`${hugeWorkspace}: 5`],
      'Alert targets': ['a@lumenfreight.example'],
      'Blocks usage': 'yes: spending is stopped when the budget is crossed',
      'Same name': [(await budget(account, 'Whole account')).budget_configuration_id],
    });
  }));

test('a budget without filter covers the account, and one without target tells nobody', () =>
  withBench(async ({ impact }) => {
    const create = told(await impact(createBudget, { display_name: 'x', alert_configurations: [alert()] }));
    assert.deepEqual([create.Covers, create['Alert targets']], ['the whole account', 'nobody: no alert has a target']);
  }));

test('a replacement tells everything it would lose', () =>
  withBench(async ({ account, impact }) => {
    const { budget_configuration_id: budget_id } = await budget(account, 'Data engineering');
    const bare = await impact(updateBudget, { budget_id, display_name: 'Bare', alert_configurations: [alert()] });
    assert.deepEqual(bare.target, { kind: 'budget', id: budget_id, name: 'Data engineering' });
    assert.deepEqual(told(bare), {
      'Name now': 'Data engineering',
      'Name then': 'Bare',
      'Dollars a month now': '15000',
      'Dollars a month then': '1000',
      'Filter lost': 'it will cover the whole account',
      'Tags removed': ['team: data-platform'],
      'Alert targets removed': ['finops@lumenfreight.example'],
    });
    assert.equal(bare.reversible, 'partly');
    assert.match(bare.reversal, /its alert is a new one/);
  }));

test('a replacement that sends everything back changes nothing, however the sum is written', () =>
  withBench(async ({ account, impact }) => {
    const { account_id, create_time, update_time, ...kept } = await budget(account, 'Data engineering');
    const { budget_configuration_id: budget_id } = kept;
    const [{ quantity_threshold, ...rest }] = kept.alert_configurations;
    assert.equal(quantity_threshold, '15000.000000000000000000');
    const alert_configurations = [{ ...rest, quantity_threshold: '15000' }];
    const same = await impact(updateBudget, { budget_id, ...kept, alert_configurations });
    assert.deepEqual(told(same), { Change: 'none: it is like this already' });
    assert.equal(same.reversible, 'yes');
    assert.deepEqual(same.before, kept);
    assert.deepEqual(same.after, { ...kept, alert_configurations });
  }));

test('switching the blocking of usage on or off is told', () =>
  withBench(async ({ account, impact, write }) => {
    const { budget_configuration_id: budget_id, display_name } = await budget(account, 'Data engineering');
    const stopping = { budget_id, display_name, alert_configurations: [alert(stop)] };
    assert.match(
      String(told(await impact(updateBudget, stopping))['Blocks usage']),
      /^from now on: spending is stopped/,
    );
    await write(updateBudget, stopping);
    assert.equal(told(await impact(updateBudget, stopping))['Blocks usage'], 'as before');
    const going = { budget_id, display_name, alert_configurations: [alert()] };
    assert.match(String(told(await impact(updateBudget, going))['Blocks usage']), /^no longer: spending goes on/);
    const gone = await impact(deleteBudget, { budget_id });
    assert.match(String(told(gone)['Blocks usage']), /^yes: spending is stopped/);
    assert.deepEqual([gone.target?.name, gone.reversible], ['Data engineering', 'partly']);
  }));

test('ids that no double holds keep every digit in before, after and undo', () =>
  withBench(async ({ account, impact, write }) => {
    const filter = { workspace_id: { operator: 'IN', values: [hugeWorkspace] } };
    const principal_overrides = [{ principal_id: hugeWorkspace }];
    const alert_configurations = [{ ...alert(mail), principal_overrides }];
    await write(createBudget, { display_name: 'Huge', filter, alert_configurations });
    const { budget_configuration_id: budget_id } = await budget(account, 'Huge');
    const change = await impact(updateBudget, { budget_id, display_name: 'Huge', filter, alert_configurations });
    for (const each of [change.before, change.after, change.undo?.arguments]) {
      const { filter: shown, alert_configurations: alerts } = each as Record<string, unknown>;
      assert.deepEqual(shown, filter);
      assert.deepEqual((alerts as { principal_overrides: unknown }[])[0]?.principal_overrides, principal_overrides);
    }
  }));

test('a budget that is not there is not found', () =>
  withBench(async ({ impact }) => {
    await assert.rejects(impact(deleteBudget, { budget_id: 'gone' }), /budget gone/);
    await assert.rejects(impact(updateBudget, { budget_id: 'gone' }), /budget gone/);
  }));
