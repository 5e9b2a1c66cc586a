/** Reads of service principals and their secrets. Apart from the writes, whose impact is looked up with them. */
import { z } from 'zod';
import { http, list, tokenPages } from '../action.js';
import { count, pageToken, text } from '../fields.js';
import * as scim from '../scim.js';
import * as views from '../views.js';

const id = scim.scimId();
const service_principal_id = text('Numeric id, not the application id');

export const listServicePrincipals = http({
  id: 'databricks_list_service_principals',
  label: 'List Service Principals',
  scopes: ['scim'],
  description: 'Service principals; find one by its OAuth client id, applicationId.',
  view: views.principal,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals',
  input: z.strictObject(scim.scimQuery('applicationId eq "<uuid>"')),
  returns: scim.scimList,
  nextPage: scim.scimPages,
});

export const getServicePrincipal = http({
  id: 'databricks_get_service_principal',
  label: 'Get Service Principal',
  scopes: ['scim'],
  description: 'One service principal, by numeric id. By application id: filter the list.',
  view: views.principal,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals/{id}',
  input: z.strictObject({ id }),
});

export const listServicePrincipalSecrets = http({
  id: 'databricks_list_service_principal_secrets',
  label: 'List Service Principal Secrets',
  scopes: ['all-apis', 'authentication'],
  role: 'account_admin',
  description: 'OAuth secrets of a service principal with status and expiry; no values, no expired ones.',
  view: views.secret,
  route: 'GET /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets',
  input: z.strictObject({ service_principal_id, page_size: count().optional(), ...pageToken }),
  returns: list('secrets'),
  nextPage: tokenPages,
});
