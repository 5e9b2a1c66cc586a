/** SCIM service principals of the account and their OAuth secrets. */
import { z } from 'zod';
import { http, list, tokenPages } from './action.js';
import { count, flag, pageToken, strings, text } from './fields.js';
import * as scim from './scim.js';
import { contains, createdIn, goneFrom, pick, stateIn } from './settlements.js';

const id = scim.scimId('service principal').describe('Numeric SCIM id; not the application id.');
const service_principal_id = text('Numeric SCIM id of the service principal; not the application id.');

export const listServicePrincipals = http({
  id: 'databricks_list_service_principals',
  label: 'List Service Principals',
  scopes: ['scim'],
  description: 'List service principals. Find one by its OAuth client id with filter applicationId eq "<uuid>".',
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals',
  input: z.strictObject(scim.scimQuery('displayName sw "ci-"')),
  returns: scim.scimList,
  nextPage: scim.scimPages,
});

export const getServicePrincipal = http({
  id: 'databricks_get_service_principal',
  label: 'Get Service Principal',
  scopes: ['scim'],
  description:
    'Get one service principal by numeric SCIM id. With only an application id, use databricks_list_service_principals.',
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals/{id}',
  input: z.strictObject({ id }),
});

export const createServicePrincipal = http({
  id: 'databricks_create_service_principal',
  label: 'Create Service Principal',
  scopes: ['scim'],
  description:
    'Create a service principal. The answer has two ids: id (numeric, used by the other actions) and applicationId ' +
    '(its OAuth client id). Display names need not be unique: list first.',
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals',
  risk: 'privilege',
  input: z.strictObject({
    displayName: text(),
    applicationId: text('Only for a service principal managed in Microsoft Entra ID.').optional(),
    active: flag().optional(),
    roles: scim.roles.optional(),
    externalId: text().optional(),
    id: text('Assigned by Databricks; leave out.').optional(),
  }),
  settle: scim.createdAs(listServicePrincipals, 'displayName'),
});

export const updateServicePrincipal = http({
  id: 'databricks_update_service_principal',
  label: 'Update Service Principal',
  scopes: ['scim'],
  description:
    'Change a service principal by SCIM PATCH. Deactivate: replace active with false. Grant account admin: add roles ' +
    '[{"value":"account_admin"}]. applicationId cannot be changed. Do not deactivate or demote the one this server ' +
    'signs in with (databricks_unified_get_me): that locks it out. The answer is empty; read it back.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals/{id}',
  risk: 'privilege',
  input: z.strictObject({
    id,
    Operations: scim.patchOperations(
      {
        displayName: z.string().optional(),
        active: flag().optional(),
        roles: scim.roles.optional(),
        externalId: z.string().optional(),
      },
      'active, displayName, roles, externalId',
    ),
  }),
  body: scim.patchOp,
  settle: scim.patchedIn(getServicePrincipal),
});

export const deleteServicePrincipal = http({
  id: 'databricks_delete_service_principal',
  label: 'Delete Service Principal',
  scopes: ['scim'],
  description:
    'Delete a service principal. Its secrets stop working and jobs that run as it fail. Cannot be undone. Not the one ' +
    'this server signs in with (databricks_unified_get_me): that locks it out.',
  route: 'DELETE /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals/{id}',
  input: z.strictObject({ id }),
  settle: goneFrom(getServicePrincipal, ['id']),
});

export const listServicePrincipalSecrets = http({
  id: 'databricks_list_service_principal_secrets',
  label: 'List Service Principal Secrets',
  scopes: ['all-apis', 'authentication'],
  description:
    'List the OAuth secrets of a service principal: ids, status, expiry, scopes; never the values. Expired ones are ' +
    'not listed.',
  route: 'GET /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets',
  input: z.strictObject({ service_principal_id, page_size: count().optional(), ...pageToken }),
  returns: list('secrets'),
  nextPage: tokenPages,
});

export const createServicePrincipalSecret = http({
  id: 'databricks_create_service_principal_secret',
  label: 'Create Service Principal Secret',
  scopes: ['all-apis', 'authentication'],
  description:
    'Make a new OAuth secret for a service principal (at most five). The value is stored outside this conversation; ' +
    'the answer says where.',
  route: 'POST /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets',
  risk: 'secret',
  secret: { field: 'secret', id: 'id' },
  input: z.strictObject({
    service_principal_id,
    lifetime: z
      .string()
      .regex(/^[1-9]\d*s$/, 'must be seconds, e.g. "7776000s"')
      .describe('Seconds, e.g. "7776000s" for 90 days. Databricks\' default is 730 days.')
      .optional(),
    scopes: strings('OAuth scopes the secret is bound to; without any it may use all APIs.').optional(),
  }),
  settle: createdIn(listServicePrincipalSecrets, [], 'id', (input) => pick(input, ['service_principal_id'])),
});

export const deleteServicePrincipalSecret = http({
  id: 'databricks_delete_service_principal_secret',
  label: 'Delete Service Principal Secret',
  scopes: ['all-apis', 'authentication'],
  description:
    'Delete an OAuth secret. Whatever signs in with it stops working within the hour. Cannot be undone. Rotating: ' +
    'create the new one, put it in use, then delete the old one. Not the one this server signs in with ' +
    '(databricks_unified_get_me): that locks it out.',
  route:
    'DELETE /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets/{secret_id}',
  input: z.strictObject({ service_principal_id, secret_id: text('From databricks_list_service_principal_secrets.') }),
  settle: stateIn(
    listServicePrincipalSecrets,
    (input) => pick(input, ['service_principal_id']),
    (data, input) =>
      Array.isArray(data) ? !data.some((secret) => contains(secret, { id: input.secret_id })) : undefined,
  ),
});
