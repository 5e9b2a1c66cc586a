// What differs between the clouds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const clients = { aws: await start(), azure: await start({ cloud: 'azure' }), gcp: await start({ cloud: 'gcp' }) };
const month = 'start_month=2025-01&end_month=2025-01';

const availability: [path: string, aws: number, azure: number, gcp: number][] = [
  ['/credentials', 200, 404, 404],
  ['/storage-configurations', 200, 404, 404],
  ['/networks', 200, 404, 200],
  ['/log-delivery', 200, 404, 200],
  [`/usage/download?${month}`, 200, 404, 200],
  ['/api/2.1/accounts/{id}/budgets', 200, 200, 404],
  ['/metastores', 200, 200, 200],
  ['/workspaces', 200, 200, 200],
  ['/scim/v2/Users?count=1', 200, 200, 200],
];
for (const [path, ...expected] of availability) {
  test(`${path} answers ${expected.join(', ')} on AWS, Azure and GCP`, async () => {
    const statuses: number[] = [];
    for (const client of Object.values(clients)) {
      const { status, json } = await client.get(path.replace('{id}', client.sandbox.accountId));
      if (status === 404) assert.equal(json.error_code, 'ENDPOINT_NOT_FOUND');
      statuses.push(status);
    }
    assert.deepEqual(statuses, expected);
  });
}

test('workspaces carry the fields of their cloud', async () => {
  const [aws] = (await clients.aws.get('/workspaces')).json;
  const [azure] = (await clients.azure.get('/workspaces')).json;
  const [gcp] = (await clients.gcp.get('/workspaces')).json;
  assert.ok(aws.aws_region && aws.credentials_id);
  assert.ok(azure.azure_workspace_info.subscription_id && !azure.aws_region);
  assert.ok(gcp.cloud_resource_container.gcp.project_id && gcp.location);
});

test('on Azure a service principal may bring its Entra application id, once', async () => {
  const body = { displayName: 'entra', applicationId: '4b1f8c2a-9d3e-4f60-8a71-2c5d6e7f8091' };
  assert.equal((await clients.azure.post('/scim/v2/ServicePrincipals', body)).json.applicationId, body.applicationId);
  const again = await clients.azure.post('/scim/v2/ServicePrincipals', body);
  assert.equal(again.json.detail, `Service principal with application ID ${body.applicationId} already exists.`);
});

test('usage logs are delivered on AWS only', async () => {
  const fields = {
    log_type: 'BILLABLE_USAGE',
    output_format: 'CSV',
    credentials_id: 'c',
    storage_configuration_id: 's',
  };
  assert.equal((await clients.gcp.post('/log-delivery', { log_delivery_configuration: fields })).status, 400);
});

test('a GCP network is described by gcp_network_info', async () => {
  const gcp_network_info = { network_project_id: 'p', vpc_id: 'v', subnet_id: 's', subnet_region: 'europe-west1' };
  const { status, json } = await clients.gcp.post('/networks', { network_name: 'probe', gcp_network_info });
  assert.equal(status, 201);
  assert.deepEqual(json.gcp_network_info, gcp_network_info);
});
