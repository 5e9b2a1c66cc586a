/** Exact requests of billing, log delivery, OAuth apps and secrets, written from the API reference. */
import { bigId, type WireRow } from './wire-row.js';

/** A CSV stream, which is asked for as text. */
export const csvRows: readonly WireRow[] = [
  [
    'databricks_download_billable_usage',
    { start_month: '2026-01', end_month: '2026-03', personal_data: false },
    'GET /api/2.0/accounts/acct/usage/download?start_month=2026-01&end_month=2026-03&personal_data=false',
  ],
  [
    'databricks_download_billable_usage',
    { start_month: '2019-03', end_month: '2019-03' },
    'GET /api/2.0/accounts/acct/usage/download?start_month=2019-03&end_month=2019-03',
  ],
];

const alert = {
  time_period: 'MONTH',
  trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
  quantity_type: 'LIST_PRICE_DOLLARS_USD',
  quantity_threshold: '1000.50',
  scope_type: 'ALERT_CONFIGURATION_SCOPE_TYPE_SHARED',
  principal_overrides: [{ principal_id: bigId, override_threshold: '20' }],
};
const alertText =
  '"time_period":"MONTH","trigger_type":"CUMULATIVE_SPENDING_EXCEEDED","quantity_type":"LIST_PRICE_DOLLARS_USD",' +
  '"quantity_threshold":"1000.50","scope_type":"ALERT_CONFIGURATION_SCOPE_TYPE_SHARED",' +
  '"principal_overrides":[{"principal_id":9007199254740993,"override_threshold":"20"}]';

const filter = {
  workspace_id: { operator: 'IN', values: [bigId, '7'] },
  tags: [{ key: 'team', value: { operator: 'IN', values: ['ml', ''] } }],
};
const filterText =
  '"filter":{"workspace_id":{"operator":"IN","values":[9007199254740993,7]},' +
  '"tags":[{"key":"team","value":{"operator":"IN","values":["ml",""]}}]}';

const tokenPolicy = {
  access_token_ttl_in_minutes: 60,
  refresh_token_ttl_in_minutes: 10080,
  enable_single_use_refresh_tokens: true,
  absolute_session_lifetime_in_minutes: 20160,
};
const tokenPolicyText =
  '"token_access_policy":{"access_token_ttl_in_minutes":60,"refresh_token_ttl_in_minutes":10080,' +
  '"enable_single_use_refresh_tokens":true,"absolute_session_lifetime_in_minutes":20160}';

const apps = '/api/2.0/accounts/acct/oauth2/custom-app-integrations';
const secrets = '/api/2.0/accounts/acct/servicePrincipals/9/credentials/secrets';

export const billingRows: readonly WireRow[] = [
  ['databricks_list_budgets', {}, 'GET /api/2.1/accounts/acct/budgets'],
  ['databricks_list_budgets', { page_token: 'a+b/c=' }, 'GET /api/2.1/accounts/acct/budgets?page_token=a%2Bb%2Fc%3D'],
  ['databricks_get_budget', { budget_id: 'b-1' }, 'GET /api/2.1/accounts/acct/budgets/b-1'],
  [
    'databricks_create_budget',
    {
      display_name: 'ML',
      filter,
      resource_type: 'BUDGET_RESOURCE_TYPE_ALL_RESOURCES',
      include_external_spend: false,
      alert_configurations: [
        { ...alert, action_configurations: [{ action_type: 'EMAIL_NOTIFICATION', target: 'ana@example.com' }] },
      ],
    },
    'POST /api/2.1/accounts/acct/budgets',
    `{"budget":{"display_name":"ML",${filterText},"resource_type":"BUDGET_RESOURCE_TYPE_ALL_RESOURCES",` +
      `"include_external_spend":false,"alert_configurations":[{${alertText},` +
      '"action_configurations":[{"action_type":"EMAIL_NOTIFICATION","target":"ana@example.com"}]}]}}',
  ],
  [
    'databricks_update_budget',
    {
      budget_id: 'b-1',
      budget_configuration_id: 'b-1',
      display_name: 'ML',
      filter,
      resource_type: 'BUDGET_RESOURCE_TYPE_UNITY_AI_GATEWAY',
      include_external_spend: true,
      alert_configurations: [
        {
          alert_configuration_id: 'a-1',
          ...alert,
          action_configurations: [
            { action_configuration_id: 'n-1', action_type: 'BLOCK_USAGE', create_time: 1, update_time: 2 },
          ],
          create_time: 3,
          update_time: 4,
        },
      ],
    },
    'PUT /api/2.1/accounts/acct/budgets/b-1',
    `{"budget":{"budget_configuration_id":"b-1","display_name":"ML",${filterText},` +
      '"resource_type":"BUDGET_RESOURCE_TYPE_UNITY_AI_GATEWAY","include_external_spend":true,' +
      `"alert_configurations":[{"alert_configuration_id":"a-1",${alertText},"action_configurations":` +
      '[{"action_configuration_id":"n-1","action_type":"BLOCK_USAGE","create_time":1,"update_time":2}],' +
      '"create_time":3,"update_time":4}]}}',
  ],
  ['databricks_delete_budget', { budget_id: 'b-1' }, 'DELETE /api/2.1/accounts/acct/budgets/b-1'],

  ['databricks_list_log_delivery_configs', {}, 'GET /api/2.0/accounts/acct/log-delivery'],
  [
    'databricks_list_log_delivery_configs',
    { status: 'ENABLED', credentials_id: 'c-1', storage_configuration_id: 's-1', page_token: 't' },
    'GET /api/2.0/accounts/acct/log-delivery?status=ENABLED&credentials_id=c-1&storage_configuration_id=s-1&page_token=t',
  ],
  [
    'databricks_get_log_delivery_config',
    { log_delivery_configuration_id: 'l-1' },
    'GET /api/2.0/accounts/acct/log-delivery/l-1',
  ],
  [
    'databricks_create_log_delivery_config',
    {
      log_type: 'AUDIT_LOGS',
      output_format: 'JSON',
      credentials_id: 'c-1',
      storage_configuration_id: 's-1',
      config_name: 'audit',
      delivery_path_prefix: 'logs/audit',
      delivery_start_time: '2026-01',
      status: 'DISABLED',
      workspace_ids_filter: [bigId, '9223372036854775807'],
    },
    'POST /api/2.0/accounts/acct/log-delivery',
    '{"log_delivery_configuration":{"log_type":"AUDIT_LOGS","output_format":"JSON","credentials_id":"c-1",' +
      '"storage_configuration_id":"s-1","config_name":"audit","delivery_path_prefix":"logs/audit",' +
      '"delivery_start_time":"2026-01","status":"DISABLED",' +
      '"workspace_ids_filter":[9007199254740993,9223372036854775807]}}',
  ],
  [
    'databricks_update_log_delivery_config',
    { log_delivery_configuration_id: 'l-1', status: 'DISABLED' },
    'PATCH /api/2.0/accounts/acct/log-delivery/l-1',
    '{"status":"DISABLED"}',
  ],

  ['databricks_list_custom_app_integrations', {}, `GET ${apps}`],
  [
    'databricks_list_custom_app_integrations',
    { search_keyword: 'a b', include_creator_username: true, page_size: 20, page_token: 't' },
    `GET ${apps}?search_keyword=a%20b&include_creator_username=true&page_size=20&page_token=t`,
  ],
  ['databricks_get_custom_app_integration', { integration_id: 'i-1' }, `GET ${apps}/i-1`],
  [
    'databricks_create_custom_app_integration',
    {
      name: 'app',
      redirect_urls: ['https://a.example/cb'],
      confidential: false,
      scopes: ['sql', 'offline_access'],
      user_authorized_scopes: ['sql'],
      token_access_policy: tokenPolicy,
      is_agent: false,
    },
    `POST ${apps}`,
    '{"name":"app","redirect_urls":["https://a.example/cb"],"confidential":false,"scopes":["sql","offline_access"],' +
      `"user_authorized_scopes":["sql"],${tokenPolicyText},"is_agent":false}`,
  ],
  [
    'databricks_update_custom_app_integration',
    {
      integration_id: 'i-1',
      redirect_urls: [],
      scopes: ['all-apis'],
      user_authorized_scopes: [],
      token_access_policy: tokenPolicy,
    },
    `PATCH ${apps}/i-1`,
    `{"redirect_urls":[],"scopes":["all-apis"],"user_authorized_scopes":[],${tokenPolicyText}}`,
  ],
  ['databricks_delete_custom_app_integration', { integration_id: 'i-1' }, `DELETE ${apps}/i-1`],

  ['databricks_list_service_principal_secrets', { service_principal_id: '9' }, `GET ${secrets}`],
  [
    'databricks_list_service_principal_secrets',
    { service_principal_id: '9', page_size: 2, page_token: 't' },
    `GET ${secrets}?page_size=2&page_token=t`,
  ],
  [
    'databricks_create_service_principal_secret',
    { service_principal_id: '9', scopes: ['all-apis'] },
    `POST ${secrets}`,
    '{"lifetime":"7776000s","scopes":["all-apis"]}',
  ],
  [
    'databricks_create_service_principal_secret',
    { service_principal_id: '9', lifetime: '86400s', scopes: ['scim'] },
    `POST ${secrets}`,
    '{"lifetime":"86400s","scopes":["scim"]}',
  ],
  [
    'databricks_delete_service_principal_secret',
    { service_principal_id: '9', secret_id: 'x-1' },
    `DELETE ${secrets}/x-1`,
  ],
];
