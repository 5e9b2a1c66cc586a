/** Reads of SCIM users. Apart from the writes, whose impact is looked up with them. */
import { z } from 'zod';
import { http } from '../action.js';
import * as scim from '../scim.js';
import * as views from '../views.js';

const id = scim.scimId();

export const listUsers = http({
  id: 'databricks_list_users',
  label: 'List Users',
  scopes: ['scim'],
  description: 'Users; find one by userName, the e-mail.',
  view: views.user,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Users',
  input: z.strictObject(scim.scimQuery('userName eq "a@b.c"')),
  returns: scim.scimList,
  nextPage: scim.scimPages,
});

export const getUser = http({
  id: 'databricks_get_user',
  label: 'Get User',
  scopes: ['scim'],
  description: 'One user with roles. Groups: databricks_unified_get_user.',
  view: views.user,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Users/{id}',
  input: z.strictObject({ id, ...scim.scimGetQuery }),
});
