// Every kind of object leaves its effects: each writing route of the account is walked through once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { targetOf } from '../../src/sandbox/effects/targets.js';
import { routesOf } from '../../src/sandbox/routes.js';
import { start } from './client.js';

const client = await start();
const { sandbox } = client;
const seen = () => sandbox.effects.map(({ kind, type, detail, changed }) => `${kind} ${type} ${detail} ${changed}`);

test('every writing route knows what it writes to', () => {
  for (const route of routesOf('aws').filter(({ method }) => method !== 'GET')) {
    assert.ok(targetOf({ route, params: new Map() }), `${route.method} ${route.template.join('/')}`);
  }
});

interface Life {
  readonly type: string;
  readonly path: string;
  readonly body: object;
  readonly id: (created: Record<string, Record<string, string> & string>) => string | undefined;
  readonly detail: string;
  /** Leaves everything as it is. */
  readonly repeat?: [method: string, body: object];
  readonly lasts?: true;
}

const budget = {
  budget: {
    display_name: 'B',
    alert_configurations: [
      {
        time_period: 'MONTH',
        trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
        quantity_type: 'LIST_PRICE_DOLLARS_USD',
        quantity_threshold: '100',
      },
    ],
  },
};
const state = sandbox.snapshot() as Record<string, object>;
const [credentials_id] = Object.keys(state.credentials ?? {});
const [storage_configuration_id] = Object.keys(state.storageConfigurations ?? {});
const role_arn = 'arn:aws:iam::123456789012:role/r';
const log_delivery_configuration = {
  config_name: 'L',
  log_type: 'AUDIT_LOGS',
  output_format: 'JSON',
  credentials_id,
  storage_configuration_id,
  status: 'DISABLED',
};
const lives: Life[] = [
  {
    type: 'metastore',
    path: '/metastores',
    body: { metastore_info: { name: 'M', region: 'eu-west-1' } },
    id: (created) => created.metastore_info?.metastore_id,
    detail: 'M',
    repeat: ['PUT', { metastore_info: { external_access_enabled: false } }],
  },
  {
    type: 'credential',
    path: '/credentials',
    body: { credentials_name: 'C', aws_credentials: { sts_role: { role_arn } } },
    id: (created) => created.credentials_id,
    detail: 'C',
  },
  {
    type: 'network',
    path: '/networks',
    body: {
      network_name: 'net-1',
      vpc_id: 'vpc-1',
      subnet_ids: ['subnet-1', 'subnet-2'],
      security_group_ids: ['sg-1'],
    },
    id: (created) => created.network_id,
    detail: 'net-1',
  },
  {
    type: 'ip_access_list',
    path: '/ip-access-lists',
    body: { label: 'I', list_type: 'ALLOW', ip_addresses: ['203.0.113.9'] },
    id: (created) => created.ip_access_list?.list_id,
    detail: 'I',
  },
  {
    type: 'custom_app',
    path: '/oauth2/custom-app-integrations',
    body: { name: 'A', redirect_urls: ['https://app.example/cb'] },
    id: (created) => created.integration_id,
    detail: 'A',
    repeat: ['PATCH', { redirect_urls: ['https://app.example/cb'] }],
  },
  {
    type: 'log_delivery',
    path: '/log-delivery',
    body: { log_delivery_configuration },
    id: (created) => created.log_delivery_configuration?.config_id,
    detail: 'L',
    repeat: ['PATCH', { status: 'DISABLED' }],
    lasts: true,
  },
  {
    type: 'service_principal',
    path: '/scim/v2/ServicePrincipals',
    body: { displayName: 'S' },
    id: (created) => created.id,
    detail: 'S',
    repeat: ['PUT', { displayName: 'S' }],
  },
  {
    type: 'group',
    path: '/scim/v2/Groups',
    body: { displayName: 'G' },
    id: (created) => created.id,
    detail: 'G',
    repeat: ['PUT', { displayName: 'G' }],
  },
  {
    type: 'budget',
    path: `/api/2.1/accounts/${sandbox.accountId}/budgets`,
    body: budget,
    id: (created) => created.budget?.budget_configuration_id,
    detail: 'B',
  },
];
for (const { type, path, body, id, detail, repeat, lasts } of lives) {
  test(`the life of a ${type} is logged`, async () => {
    sandbox.clearEffects();
    const created = await client.post(path, body);
    assert.ok(created.status < 300, created.text);
    const item = `${path}/${id(created.json)}`;
    if (repeat) assert.ok((await client.call(repeat[0], item, repeat[1])).status < 300);
    if (!lasts) assert.ok((await client.delete(item)).status < 300);
    assert.deepEqual(seen(), [
      `create ${type} ${detail} true`,
      ...(repeat ? [`update ${type} ${detail} false`] : []),
      ...(lasts ? [] : [`delete ${type} ${detail} true`]),
    ]);
    assert.ok(sandbox.effects.every((effect) => effect.id === id(created.json)));
  });
}

test('secrets are known by their principal, never by their value', async () => {
  sandbox.clearEffects();
  const principal = (await client.post('/scim/v2/ServicePrincipals', { displayName: 'P' })).json;
  const path = `/servicePrincipals/${principal.id}/credentials/secrets`;
  const { id, secret } = (await client.post(path, {})).json;
  await client.delete(`${path}/${id}`);
  assert.deepEqual(seen().slice(1), [`create secret ${principal.id} true`, `delete secret ${principal.id} true`]);
  assert.equal(sandbox.effects.at(-1)?.id, id);
  assert.ok(!JSON.stringify(sandbox.effects).includes(secret));
});
