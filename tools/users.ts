/** SCIM users of the account. */
import { z } from 'zod';
import { http } from './action.js';
import { flag, text, unlisted } from './fields.js';
import { userCreation, userDeletion, userUpdate } from './impact/users.js';
import { getUser, listUsers } from './reads/users.js';
import * as scim from './scim.js';
import { goneFrom } from './settlements.js';
import * as views from './views.js';

export { getUser, listUsers } from './reads/users.js';

const id = scim.scimId();

export const createUser = http({
  id: 'databricks_create_user',
  label: 'Create User',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description: 'Create a user. userName is the e-mail, unique and fixed.',
  view: views.user,
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/Users',
  risk: 'privilege',
  input: z.strictObject({
    userName: text('E-mail'),
    displayName: text().optional(),
    name: scim.personName.optional(),
    active: flag().optional(),
    roles: scim.roles.optional(),
    emails: unlisted(z.array(scim.complexValue).describe('Taken from userName').optional()),
    externalId: unlisted(text('Reserved').optional()),
    id: unlisted(text('Assigned by Databricks').optional()),
  }),
  settle: scim.createdAs(listUsers, 'userName'),
  impact: userCreation,
});

/** A path to an attribute that a user has for good, by its short or its full name. */
const isFixed = (path = '') => /^\s*(urn:[\w:.-]+:)?(userName|emails)\b/i.test(path);

export const updateUser = http({
  id: 'databricks_update_user',
  label: 'Update User',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Change a user by SCIM PATCH. Deactivate: replace active with false. Account admin: add to roles. userName ' +
    'and emails cannot change.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/Users/{id}',
  risk: 'privilege',
  input: z.strictObject({
    id,
    Operations: scim
      .patchOperations(
        {
          displayName: z.string().optional(),
          active: flag().optional(),
          name: scim.personName.optional(),
          roles: scim.roles.optional(),
          externalId: z.string().optional(),
        },
        'active, displayName, name.givenName, name.familyName, roles',
      )
      // Databricks accepts these and changes nothing.
      .refine((operations) => !operations.some(({ path }) => isFixed(path)), {
        error: 'userName and emails cannot be changed; create a new user',
      }),
  }),
  body: scim.patchOp,
  settle: scim.patchedIn(getUser),
  impact: userUpdate,
});

export const deleteUser = http({
  id: 'databricks_delete_user',
  label: 'Delete User',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description: 'Remove a user and what they own for good. databricks_update_user can deactivate.',
  route: 'DELETE /api/2.0/accounts/{account_id}/scim/v2/Users/{id}',
  input: z.strictObject({ id }),
  settle: goneFrom(getUser, ['id']),
  impact: userDeletion,
});
