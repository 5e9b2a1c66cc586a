/** Reads of SCIM groups. Apart from the writes, whose impact is looked up with them. */
import { z } from 'zod';
import { http } from '../action.js';
import * as scim from '../scim.js';
import * as views from '../views.js';

const id = scim.scimId();

export const listGroups = http({
  id: 'databricks_list_groups',
  label: 'List Groups',
  scopes: ['scim'],
  description: 'Groups, without members.',
  view: views.group,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Groups',
  input: z.strictObject(scim.scimQuery('displayName eq "ml"')),
  returns: scim.scimList,
  nextPage: scim.scimPages,
});

export const getGroup = http({
  id: 'databricks_get_group',
  label: 'Get Group',
  scopes: ['scim'],
  description: 'One group with members and roles. meta.resourceType WorkspaceGroup: local to a workspace.',
  view: views.group,
  route: 'GET /api/2.0/accounts/{account_id}/scim/v2/Groups/{id}',
  input: z.strictObject({ id }),
});
