/** SCIM service principals of the account and their OAuth secrets. */
import { z } from 'zod';
import { http } from './action.js';
import { flag, strings, text } from './fields.js';
import { secretCreation, secretDeletion } from './impact/secrets.js';
import { principalCreation, principalDeletion, principalUpdate } from './impact/service-principals.js';
import { getServicePrincipal, listServicePrincipalSecrets, listServicePrincipals } from './reads/service-principals.js';
import * as scim from './scim.js';
import { contains, createdIn, goneFrom, pick, stateIn } from './settlements.js';

export { getServicePrincipal, listServicePrincipalSecrets, listServicePrincipals } from './reads/service-principals.js';

const id = scim.scimId('service principal').describe('Numeric SCIM id; not the application id.');
const service_principal_id = text('Numeric SCIM id of the service principal; not the application id.');

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
  impact: principalCreation,
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
  impact: principalUpdate,
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
  impact: principalDeletion,
});

export const deleteServicePrincipalSecret = http({
  id: 'databricks_delete_service_principal_secret',
  label: 'Delete Service Principal Secret',
  scopes: ['all-apis', 'authentication'],
  role: 'account_admin',
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
  impact: secretDeletion,
});

export const createServicePrincipalSecret = http({
  id: 'databricks_create_service_principal_secret',
  label: 'Create Service Principal Secret',
  scopes: ['all-apis', 'authentication'],
  role: 'account_admin',
  description:
    'Make a new OAuth secret for a service principal (at most five). The value is stored outside this conversation; ' +
    'the answer says where.',
  route: 'POST /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets',
  risk: 'secret',
  secret: {
    field: 'secret',
    id: 'id',
    revoke: {
      action: deleteServicePrincipalSecret,
      args: ({ service_principal_id }, secret_id) => ({ service_principal_id, secret_id }),
    },
  },
  input: z.strictObject({
    service_principal_id,
    lifetime: z
      .string()
      .regex(/^[1-9]\d*s$/, 'must be seconds, e.g. "7776000s"')
      .describe('Seconds; 90 days unless given.')
      .default('7776000s'),
    scopes: strings().min(1).describe('OAuth scopes the secret is bound to. ["all-apis"] opens everything.'),
  }),
  settle: createdIn(listServicePrincipalSecrets, [], 'id', (input) => pick(input, ['service_principal_id'])),
  impact: secretCreation,
});
