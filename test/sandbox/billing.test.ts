// Budgets and log delivery configurations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const budgets = `/api/2.1/accounts/${client.sandbox.accountId}/budgets`;
const budget = (given: object = {}) => ({
  budget: {
    display_name: 'Lab',
    alert_configurations: [{ quantity_threshold: '840.84', time_period: 'MONTH' }],
    ...given,
  },
});

test('budgets come in pages until there is no token', async () => {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const { json } = await client.get(`${budgets}${token ? `?page_token=${token}` : ''}`);
    assert.ok(json.budgets.length <= 3);
    for (const one of json.budgets) names.push(one.display_name);
    token = json.next_page_token;
  } while (token);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 3);
});

test('a bad page token is refused', async () => {
  assert.equal((await client.get(`${budgets}?page_token=zzz`)).status, 400);
});

test('a budget is created, read, replaced as a whole and deleted', async () => {
  const filter = { workspace_id: { operator: 'IN', values: [12] } };
  const created = (await client.post(budgets, budget({ filter }))).json.budget;
  const path = `${budgets}/${created.budget_configuration_id}`;
  const [alert] = created.alert_configurations;
  assert.equal(alert.quantity_threshold, '840.840000000000000000');
  assert.ok(alert.alert_configuration_id);
  assert.deepEqual((await client.get(path)).json.budget, created);

  const { alert_configuration_id } = alert;
  const replaced = await client.put(
    path,
    budget({ alert_configurations: [{ quantity_threshold: '5', alert_configuration_id }] }),
  );
  assert.equal(replaced.json.budget.filter, undefined);
  assert.equal(replaced.json.budget.alert_configurations[0].alert_configuration_id, alert_configuration_id);
  assert.equal(replaced.json.budget.alert_configurations[0].quantity_threshold, '5.000000000000000000');

  assert.deepEqual((await client.delete(path)).json, {});
  assert.equal((await client.get(path)).json.error_code, 'RESOURCE_DOES_NOT_EXIST');
});

const badBudgets: [name: string, body: object, mentions: RegExp][] = [
  ['no wrapper', budget().budget, /display_name/],
  ['no alert', budget({ alert_configurations: [] }), /alert_configurations/],
  [
    'two alerts',
    budget({ alert_configurations: [{ quantity_threshold: '1' }, { quantity_threshold: '2' }] }),
    /at most 1/,
  ],
  ['a numeric threshold', budget({ alert_configurations: [{ quantity_threshold: 5 }] }), /quantity_threshold/],
  [
    'an unknown enum value',
    budget({ alert_configurations: [{ quantity_threshold: '1', time_period: 'WEEK' }] }),
    /MONTH/,
  ],
  ['a quoted workspace id', budget({ filter: { workspace_id: { operator: 'IN', values: ['12'] } } }), /values\[0\]/],
  ['a long name', budget({ display_name: 'x'.repeat(129) }), /128/],
  ['a server-assigned id', budget({ budget_configuration_id: 'mine' }), /budget_configuration_id/],
  ['an unknown field', budget({ display: 'x' }), /budget\.display/],
];
for (const [name, body, mentions] of badBudgets) {
  test(`a budget with ${name} is refused by name`, async () => {
    const { status, json } = await client.post(budgets, body);
    assert.equal(status, 400);
    assert.equal(json.error_code, 'INVALID_PARAMETER_VALUE');
    assert.match(json.message, mentions);
  });
}

test('budget names are unique', async () => {
  assert.equal((await client.post(budgets, budget({ display_name: 'Whole account' }))).status, 409);
});

const log = async (given: object = {}) => {
  const [first] = (await client.get('/log-delivery')).json.log_delivery_configurations;
  const { credentials_id, storage_configuration_id } = first;
  const fields = { log_type: 'AUDIT_LOGS', output_format: 'JSON', credentials_id, storage_configuration_id, ...given };
  return client.post('/log-delivery', { log_delivery_configuration: fields });
};

test('log delivery lists are filtered and paged', async () => {
  const { json } = await client.get('/log-delivery');
  assert.ok(json.next_page_token);
  const rest = await client.get(`/log-delivery?page_token=${json.next_page_token}`);
  assert.ok(rest.json.log_delivery_configurations.length > 0);
  const disabled = await client.get('/log-delivery?status=DISABLED');
  assert.deepEqual(
    disabled.json.log_delivery_configurations.map((one: { config_name: string }) => one.config_name),
    ['audit-old-bucket'],
  );
  assert.equal((await client.get('/log-delivery?status=off')).status, 400);
});

test('a configuration is created with its wrapper and switched with a bare status', async () => {
  const created = (await log({ config_name: 'new', status: 'DISABLED' })).json.log_delivery_configuration;
  const path = `/log-delivery/${created.config_id}`;
  assert.equal(created.log_delivery_status.status, 'CREATED');
  assert.equal((await client.patch(path, { log_delivery_configuration: { status: 'ENABLED' } })).status, 400);
  assert.deepEqual((await client.patch(path, { status: 'ENABLED' })).json, {});
  assert.equal((await client.get(path)).json.log_delivery_configuration.status, 'ENABLED');
  assert.equal((await client.delete(path)).json.error_code, 'ENDPOINT_NOT_FOUND');
  await client.patch(path, { status: 'DISABLED' });
});

test('only two account-level configurations of a type can be enabled', async () => {
  const second = (await log()).json.log_delivery_configuration;
  const third = await log();
  assert.equal(third.status, 400);
  assert.match(third.json.message, /At most 2/);
  const parked = (await log({ status: 'DISABLED' })).json.log_delivery_configuration;
  assert.equal((await client.patch(`/log-delivery/${parked.config_id}`, { status: 'ENABLED' })).status, 400);
  await client.patch(`/log-delivery/${second.config_id}`, { status: 'DISABLED' });
});

test('only two configurations of a type can be enabled for a workspace', async () => {
  const [{ workspace_id }] = (await client.get('/workspaces')).json;
  const forOne = { workspace_ids_filter: [workspace_id] };
  assert.equal((await log(forOne)).status, 201);
  assert.equal((await log(forOne)).status, 400);
});

const badLogs: [name: string, given: object][] = [
  ['audit logs as CSV', { output_format: 'CSV' }],
  ['usage as JSON', { log_type: 'BILLABLE_USAGE' }],
  ['a start month for audit logs', { delivery_start_time: '2024-05' }],
  ['workspace ids as strings', { workspace_ids_filter: ['1'] }],
  ['unknown credentials', { credentials_id: 'nope' }],
];
for (const [name, given] of badLogs) {
  test(`a log delivery configuration with ${name} is refused`, async () => {
    assert.equal((await log(given)).status, 400);
  });
}
