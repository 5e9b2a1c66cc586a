/** Exact requests of IP lists, metastores, provisioning and workspaces, written from the API reference. */
import { bigId, type WireRow } from './wire-row.js';

export const platformRows: readonly WireRow[] = [
  ['databricks_list_ip_access_lists', {}, 'GET /api/2.0/accounts/acct/ip-access-lists'],
  ['databricks_get_ip_access_list', { ip_access_list_id: 'ip-1' }, 'GET /api/2.0/accounts/acct/ip-access-lists/ip-1'],
  [
    'databricks_create_ip_access_list',
    { label: 'office', list_type: 'ALLOW', ip_addresses: ['192.0.2.0/24', '198.51.100.7'] },
    'POST /api/2.0/accounts/acct/ip-access-lists',
    '{"label":"office","list_type":"ALLOW","ip_addresses":["192.0.2.0/24","198.51.100.7"]}',
  ],
  [
    'databricks_delete_ip_access_list',
    { ip_access_list_id: 'ip-1' },
    'DELETE /api/2.0/accounts/acct/ip-access-lists/ip-1',
  ],

  [
    'databricks_list_metastore_workspace_assignments',
    { metastore_id: 'm-1' },
    'GET /api/2.0/accounts/acct/metastores/m-1/workspaces',
  ],
  [
    'databricks_get_workspace_metastore',
    { workspace_id: bigId },
    'GET /api/2.0/accounts/acct/workspaces/9007199254740993/metastore',
  ],
  [
    'databricks_assign_metastore_to_workspace',
    { workspace_id: bigId, metastore_id: 'm-1', default_catalog_name: 'main' },
    'POST /api/2.0/accounts/acct/workspaces/9007199254740993/metastores/m-1',
    '{"metastore_assignment":{"workspace_id":9007199254740993,"metastore_id":"m-1","default_catalog_name":"main"}}',
  ],
  [
    // Deprecated but required by the documented model: an empty one is sent.
    'databricks_assign_metastore_to_workspace',
    { workspace_id: '7', metastore_id: 'm-1' },
    'POST /api/2.0/accounts/acct/workspaces/7/metastores/m-1',
    '{"metastore_assignment":{"workspace_id":7,"metastore_id":"m-1","default_catalog_name":""}}',
  ],
  [
    'databricks_delete_metastore_from_workspace',
    { workspace_id: '7', metastore_id: 'm-1' },
    'DELETE /api/2.0/accounts/acct/workspaces/7/metastores/m-1',
  ],
  ['databricks_list_metastores', {}, 'GET /api/2.0/accounts/acct/metastores'],
  ['databricks_get_metastore', { metastore_id: 'm-1' }, 'GET /api/2.0/accounts/acct/metastores/m-1'],
  [
    'databricks_create_metastore',
    { name: 'main', region: 'us-west-2', storage_root: 's3://bucket/root', external_access_enabled: false },
    'POST /api/2.0/accounts/acct/metastores',
    '{"metastore_info":{"name":"main","region":"us-west-2","storage_root":"s3://bucket/root",' +
      '"external_access_enabled":false}}',
  ],
  [
    'databricks_update_metastore',
    {
      metastore_id: 'm-1',
      owner: 'admins',
      delta_sharing_scope: 'INTERNAL_AND_EXTERNAL',
      delta_sharing_recipient_token_lifetime_in_seconds: 0,
      delta_sharing_organization_name: 'acme',
      external_access_enabled: true,
      privilege_model_version: '1.0',
      storage_root_credential_id: 'c-1',
    },
    'PUT /api/2.0/accounts/acct/metastores/m-1',
    '{"metastore_info":{"owner":"admins","delta_sharing_scope":"INTERNAL_AND_EXTERNAL",' +
      '"delta_sharing_recipient_token_lifetime_in_seconds":0,"delta_sharing_organization_name":"acme",' +
      '"external_access_enabled":true,"privilege_model_version":"1.0","storage_root_credential_id":"c-1"}}',
  ],
  ['databricks_delete_metastore', { metastore_id: 'm-1' }, 'DELETE /api/2.0/accounts/acct/metastores/m-1'],
  [
    'databricks_delete_metastore',
    { metastore_id: 'm-1', force: true },
    'DELETE /api/2.0/accounts/acct/metastores/m-1?force=true',
  ],

  ['databricks_list_credentials', {}, 'GET /api/2.0/accounts/acct/credentials'],
  ['databricks_get_credential', { credentials_id: 'c-1' }, 'GET /api/2.0/accounts/acct/credentials/c-1'],
  [
    'databricks_create_credential',
    {
      credentials_name: 'cross-account',
      aws_credentials: { sts_role: { role_arn: 'arn:aws:iam::123456789012:role/databricks' } },
    },
    'POST /api/2.0/accounts/acct/credentials',
    '{"credentials_name":"cross-account","aws_credentials":{"sts_role":' +
      '{"role_arn":"arn:aws:iam::123456789012:role/databricks"}}}',
  ],
  ['databricks_delete_credential', { credentials_id: 'c-1' }, 'DELETE /api/2.0/accounts/acct/credentials/c-1'],
  ['databricks_list_storage_configurations', {}, 'GET /api/2.0/accounts/acct/storage-configurations'],
  [
    'databricks_get_storage_configuration',
    { storage_configuration_id: 's-1' },
    'GET /api/2.0/accounts/acct/storage-configurations/s-1',
  ],
  ['databricks_list_networks', {}, 'GET /api/2.0/accounts/acct/networks'],
  ['databricks_get_network', { network_id: 'n-1' }, 'GET /api/2.0/accounts/acct/networks/n-1'],
  [
    'databricks_create_network',
    {
      network_name: 'aws-net',
      vpc_id: 'vpc-1',
      subnet_ids: ['subnet-1', 'subnet-2'],
      security_group_ids: ['sg-1'],
      vpc_endpoints: { rest_api: ['vpce-1'], dataplane_relay: ['vpce-2'] },
    },
    'POST /api/2.0/accounts/acct/networks',
    '{"network_name":"aws-net","vpc_id":"vpc-1","subnet_ids":["subnet-1","subnet-2"],"security_group_ids":["sg-1"],' +
      '"vpc_endpoints":{"rest_api":["vpce-1"],"dataplane_relay":["vpce-2"]}}',
  ],
  [
    'databricks_create_network',
    {
      network_name: 'gcp-net',
      gcp_network_info: {
        network_project_id: 'p',
        vpc_id: 'v',
        subnet_id: 's',
        subnet_region: 'us-east4',
        pod_ip_range_name: 'pods',
        service_ip_range_name: 'svc',
      },
    },
    'POST /api/2.0/accounts/acct/networks',
    '{"network_name":"gcp-net","gcp_network_info":{"network_project_id":"p","vpc_id":"v","subnet_id":"s",' +
      '"subnet_region":"us-east4","pod_ip_range_name":"pods","service_ip_range_name":"svc"}}',
  ],
  ['databricks_delete_network', { network_id: 'n-1' }, 'DELETE /api/2.0/accounts/acct/networks/n-1'],

  ['databricks_list_workspaces', {}, 'GET /api/2.0/accounts/acct/workspaces'],
  ['databricks_get_workspace', { workspace_id: bigId }, 'GET /api/2.0/accounts/acct/workspaces/9007199254740993'],
  [
    'databricks_list_workspace_permission_assignments',
    { workspace_id: '7' },
    'GET /api/2.0/accounts/acct/workspaces/7/permissionassignments',
  ],
  [
    'databricks_list_workspace_permission_assignments',
    { workspace_id: '7', filter: 'a=b', max_results: 5, page_token: 't' },
    'GET /api/2.0/accounts/acct/workspaces/7/permissionassignments?filter=a%3Db&max_results=5&page_token=t',
  ],
  [
    'databricks_create_or_update_workspace_permission_assignment',
    { workspace_id: '7', principal_id: bigId, permissions: ['USER', 'ADMIN'] },
    'PUT /api/2.0/accounts/acct/workspaces/7/permissionassignments/principals/9007199254740993',
    '{"permissions":["USER","ADMIN"]}',
  ],
  [
    // An empty list removes all access; it must arrive as an empty list.
    'databricks_create_or_update_workspace_permission_assignment',
    { workspace_id: '7', principal_id: '42', permissions: [] },
    'PUT /api/2.0/accounts/acct/workspaces/7/permissionassignments/principals/42',
    '{"permissions":[]}',
  ],
  [
    'databricks_delete_workspace_permission_assignment',
    { workspace_id: '7', principal_id: '42' },
    'DELETE /api/2.0/accounts/acct/workspaces/7/permissionassignments/principals/42',
  ],
];
