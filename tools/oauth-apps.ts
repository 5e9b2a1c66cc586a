/** Custom OAuth app integrations of the account. */
import { z } from 'zod';
import { http, list, tokenPages } from './action.js';
import { count, flag, pageToken, strings, text } from './fields.js';
import { customAppCreation, customAppDeletion, customAppRisk, customAppUpdate } from './impact/oauth-apps.js';
import { changedTo, createdIn, goneFrom } from './settlements.js';

const integration_id = text();
const scopes = strings('Of all-apis, sql, offline_access, openid, profile, email; others are refused.');
const redirect_urls = strings();
const user_authorized_scopes = strings('Scopes a user has to consent to.');
const token_access_policy = z.strictObject({
  access_token_ttl_in_minutes: count('5 to 1440.').optional(),
  refresh_token_ttl_in_minutes: count('5 to 129600.').optional(),
  enable_single_use_refresh_tokens: flag().optional(),
  absolute_session_lifetime_in_minutes: count('Needs enable_single_use_refresh_tokens.').optional(),
});

export const listCustomAppIntegrations = http({
  id: 'databricks_list_custom_app_integrations',
  label: 'List Custom App Integrations',
  scopes: ['all-apis'],
  description: 'List the custom OAuth apps of the account.',
  route: 'GET /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations',
  input: z.strictObject({
    search_keyword: text('Part of a name, client_id or integration_id (preview).').optional(),
    include_creator_username: flag('Fills creator_username.').optional(),
    page_size: count().optional(),
    ...pageToken,
  }),
  returns: list('apps'),
  nextPage: tokenPages,
});

export const getCustomAppIntegration = http({
  id: 'databricks_get_custom_app_integration',
  label: 'Get Custom App Integration',
  scopes: ['all-apis'],
  description: 'Get one custom OAuth app.',
  route: 'GET /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations/{integration_id}',
  input: z.strictObject({ integration_id }),
});

export const deleteCustomAppIntegration = http({
  id: 'databricks_delete_custom_app_integration',
  label: 'Delete Custom App Integration',
  scopes: ['all-apis'],
  description: 'Delete a custom OAuth app. Everyone who signs in through it is cut off at once. Cannot be undone.',
  route: 'DELETE /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations/{integration_id}',
  input: z.strictObject({ integration_id }),
  settle: goneFrom(getCustomAppIntegration, ['integration_id']),
  impact: customAppDeletion,
});

export const updateCustomAppIntegration = http({
  id: 'databricks_update_custom_app_integration',
  label: 'Update Custom App Integration',
  scopes: ['all-apis'],
  description:
    'Change a custom OAuth app. redirect_urls and scopes replace the whole list: read the app first and send every ' +
    'entry to keep. The answer is empty; read it back.',
  route: 'PATCH /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations/{integration_id}',
  risk: 'privilege',
  input: z.strictObject({
    integration_id,
    redirect_urls: redirect_urls.optional(),
    scopes: scopes.optional(),
    user_authorized_scopes: user_authorized_scopes.optional(),
    token_access_policy: token_access_policy.optional(),
  }),
  settle: changedTo(getCustomAppIntegration, ['integration_id']),
  impact: customAppUpdate,
});

export const createCustomAppIntegration = http({
  id: 'databricks_create_custom_app_integration',
  label: 'Create Custom App Integration',
  scopes: ['all-apis'],
  description:
    'Create a custom OAuth app. With confidential true Databricks makes a client secret; its value is stored outside ' +
    'this conversation and the answer says where. name and confidential cannot be changed later.',
  route: 'POST /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations',
  risk: 'secret',
  secret: {
    field: 'client_secret',
    id: 'integration_id',
    when: (input) => input.confidential === true,
    revoke: { action: deleteCustomAppIntegration, args: (_input, integration_id) => ({ integration_id }) },
  },
  input: z.strictObject({
    name: text(),
    redirect_urls,
    confidential: flag('true: the app keeps a secret; false: public client with PKCE.').optional(),
    scopes: scopes.optional(),
    user_authorized_scopes: user_authorized_scopes.optional(),
    token_access_policy: token_access_policy.optional(),
    is_agent: flag('Preview.').optional(),
  }),
  settle: createdIn(listCustomAppIntegrations, ['name', 'redirect_urls'], 'integration_id'),
  riskOf: customAppRisk,
  impact: customAppCreation,
});
