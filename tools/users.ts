/** SCIM users of the account. */
import { z } from 'zod';
import { http } from './action.js';
import { flag, text } from './fields.js';
import { userCreation, userDeletion, userUpdate } from './impact/users.js';
import { getUser, listUsers } from './reads/users.js';
import * as scim from './scim.js';
import { goneFrom } from './settlements.js';

export { getUser, listUsers } from './reads/users.js';

const id = scim.scimId('user');

export const createUser = http({
  id: 'databricks_create_user',
  label: 'Create User',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Create a user in the account. userName is the e-mail address and cannot be changed later; e-mails follow it. ' +
    'Fails if the address is taken.',
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/Users',
  risk: 'privilege',
  input: z.strictObject({
    userName: text('E-mail address.'),
    displayName: text().optional(),
    name: scim.personName.optional(),
    active: flag().optional(),
    roles: scim.roles.optional(),
    emails: z.array(scim.complexValue).describe('Usually left out: taken from userName.').optional(),
    externalId: text('Reserved; not supported yet.').optional(),
    id: text('Assigned by Databricks; leave out.').optional(),
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
    'Change a user by SCIM PATCH. Deactivate: replace active with false. Grant account admin: add roles ' +
    '[{"value":"account_admin"}]. userName and emails cannot be changed. The answer is empty; read it back.',
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
        'active, displayName, name.givenName, name.familyName, roles, externalId',
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
  description:
    'Remove a user and what they own from the account. Cannot be undone; deactivating with databricks_update_user can.',
  route: 'DELETE /api/2.0/accounts/{account_id}/scim/v2/Users/{id}',
  input: z.strictObject({ id }),
  settle: goneFrom(getUser, ['id']),
  impact: userDeletion,
});
