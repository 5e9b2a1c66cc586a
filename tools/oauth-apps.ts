/** Custom OAuth app integrations of the account. */
import { z } from 'zod';
import { http, list, tokenPages } from './action.js';
import { count, flag, pageToken, strings, text, unlisted } from './fields.js';
import { customAppCreation, customAppDeletion, customAppRisk, customAppUpdate } from './impact/oauth-apps.js';
import { changedTo, createdIn, goneFrom } from './settlements.js';
import * as views from './views.js';

const integration_id = text();
const scopes = strings('Only all-apis, sql, offline_access, openid, profile, email');
const redirect_urls = strings();
const user_authorized_scopes = strings('Need user consent');
const token_access_policy = z.strictObject({
  access_token_ttl_in_minutes: count('5-1440').optional(),
  refresh_token_ttl_in_minutes: count('5-129600').optional(),
  enable_single_use_refresh_tokens: flag().optional(),
  absolute_session_lifetime_in_minutes: count('Needs single-use tokens').optional(),
});

export const listCustomAppIntegrations = http({
  id: 'databricks_list_custom_app_integrations',
  label: 'List Custom App Integrations',
  scopes: ['all-apis'],
  description: 'Custom OAuth apps.',
  view: views.oauthApp,
  route: 'GET /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations',
  input: z.strictObject({
    search_keyword: text('In name or ids').optional(),
    include_creator_username: flag().optional(),
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
  description: 'One custom OAuth app.',
  view: views.oauthApp,
  route: 'GET /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations/{integration_id}',
  input: z.strictObject({ integration_id }),
});

export const deleteCustomAppIntegration = http({
  id: 'databricks_delete_custom_app_integration',
  label: 'Delete Custom App Integration',
  scopes: ['all-apis'],
  description: 'Delete a custom OAuth app for good; who signs in through it is cut off at once.',
  route: 'DELETE /api/2.0/accounts/{account_id}/oauth2/custom-app-integrations/{integration_id}',
  input: z.strictObject({ integration_id }),
  settle: goneFrom(getCustomAppIntegration, ['integration_id']),
  impact: customAppDeletion,
});

export const updateCustomAppIntegration = http({
  id: 'databricks_update_custom_app_integration',
  label: 'Update Custom App Integration',
  scopes: ['all-apis'],
  description: 'Change a custom OAuth app. Lists replace the old ones: get it first, send every entry to keep.',
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
    'Create a custom OAuth app. The secret of a confidential one is stored outside this conversation. name and ' +
    'confidential cannot change.',
  view: views.newOauthApp,
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
    confidential: flag('Has a secret; else public with PKCE').optional(),
    scopes: scopes.optional(),
    user_authorized_scopes: user_authorized_scopes.optional(),
    token_access_policy: token_access_policy.optional(),
    is_agent: unlisted(flag('Preview').optional()),
  }),
  settle: createdIn(listCustomAppIntegrations, ['name', 'redirect_urls'], 'integration_id'),
  riskOf: customAppRisk,
  impact: customAppCreation,
});
