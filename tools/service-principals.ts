/** SCIM service principals of the account and their OAuth secrets. */
import { z } from 'zod';
import { http } from './action.js';
import { flag, strings, text, unlisted } from './fields.js';
import { secretCreation, secretDeletion } from './impact/secrets.js';
import { principalCreation, principalDeletion, principalUpdate } from './impact/service-principals.js';
import { getServicePrincipal, listServicePrincipalSecrets, listServicePrincipals } from './reads/service-principals.js';
import * as scim from './scim.js';
import { contains, createdIn, goneFrom, pick, stateIn } from './settlements.js';
import * as views from './views.js';

export { getServicePrincipal, listServicePrincipalSecrets, listServicePrincipals } from './reads/service-principals.js';

const id = scim.scimId();
const service_principal_id = text('Numeric id, not the application id');

export const createServicePrincipal = http({
  id: 'databricks_create_service_principal',
  label: 'Create Service Principal',
  scopes: ['scim'],
  description:
    'Create a service principal. Answers id (numeric, for other actions) and applicationId (OAuth client id). ' +
    'Names may repeat: list first.',
  view: views.principal,
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/ServicePrincipals',
  risk: 'privilege',
  input: z.strictObject({
    displayName: text(),
    applicationId: text('Only for one managed in Entra ID').optional(),
    active: flag().optional(),
    roles: scim.roles.optional(),
    externalId: text().optional(),
    id: unlisted(text('Assigned by Databricks').optional()),
  }),
  settle: scim.createdAs(listServicePrincipals, 'displayName'),
  impact: principalCreation,
});

export const updateServicePrincipal = http({
  id: 'databricks_update_service_principal',
  label: 'Update Service Principal',
  scopes: ['scim'],
  description:
    'Change a service principal by SCIM PATCH. Deactivate: replace active with false. applicationId cannot ' +
    "change. With this server's own (databricks_unified_get_me) that locks it out.",
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
      'active, displayName, roles',
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
    "Delete a service principal for good; its secrets stop and jobs that run as it fail. Deleting this server's " +
    'own (databricks_unified_get_me) locks it out.',
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
    'Delete an OAuth secret for good; what signs in with it stops within the hour. Rotate: create, put in use, ' +
    "then delete. Deleting this server's own locks it out.",
  route:
    'DELETE /api/2.0/accounts/{account_id}/servicePrincipals/{service_principal_id}/credentials/secrets/{secret_id}',
  input: z.strictObject({ service_principal_id, secret_id: text() }),
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
    'Make an OAuth secret for a service principal, five at most. The value is stored outside this conversation.',
  view: views.newSecret,
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
      .describe('Default 7776000s, 90 days')
      .default('7776000s'),
    scopes: strings().min(1).describe('OAuth scopes; all-apis opens everything'),
  }),
  settle: createdIn(listServicePrincipalSecrets, [], 'id', (input) => pick(input, ['service_principal_id'])),
  impact: secretCreation,
});
