/** Reads of SCIM users. Apart from the writes, whose impact is looked up with them. */
import { z } from 'zod';
import { http } from '../action.js';
import * as scim from '../scim.js';

const id = scim.scimId('user');

export const listUsers = http({
  id: 'databricks_list_users',
  label: 'List Users',
  scopes: ['scim'],
  description: 'List the users of the account. Filter by userName (the e-mail) to find one and its numeric id.',
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Users',
  input: z.strictObject(scim.scimQuery('userName eq "ana@example.com"')),
  returns: scim.scimList,
  nextPage: scim.scimPages,
});

export const getUser = http({
  id: 'databricks_get_user',
  label: 'Get User',
  scopes: ['scim'],
  description:
    'Get one user with its roles, by numeric SCIM id. With only an e-mail, use databricks_list_users. Its groups: ' +
    'databricks_unified_get_user with expand groups (direct ones only).',
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Users/{id}',
  input: z.strictObject({ id, ...scim.scimGetQuery }),
});
