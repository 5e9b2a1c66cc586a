/** SCIM groups of the account and their members. */
import { z } from 'zod';
import { http } from './action.js';
import { text } from './fields.js';
import { groupCreation, groupCreationRisk, groupDeletion, groupUpdate } from './impact/groups.js';
import { memberAddition, memberRemoval } from './impact/memberships.js';
import { getGroup, listGroups } from './reads/groups.js';
import * as scim from './scim.js';
import { goneFrom } from './settlements.js';

export { getGroup, listGroups } from './reads/groups.js';

const id = scim.scimId('group');
const membership = {
  group_id: scim.scimId('group'),
  member_id: text('Numeric SCIM id of a user, service principal or group; not an e-mail or application id.'),
};

export const createGroup = http({
  id: 'databricks_create_group',
  label: 'Create Group',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Create an account group. Names are unique. A new group has no access until it is assigned to a workspace. With ' +
    'roles or members it grants what they carry.',
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/Groups',
  input: z.strictObject({
    displayName: text(),
    members: scim.members.optional(),
    roles: scim.roles.optional(),
    externalId: text('Id in your identity provider.').optional(),
    meta: z.strictObject({ resourceType: text().optional() }).describe('Set by Databricks; leave out.').optional(),
    id: text('Assigned by Databricks; leave out.').optional(),
  }),
  settle: scim.createdAs(listGroups, 'displayName'),
  riskOf: groupCreationRisk,
  impact: groupCreation,
});

export const updateGroup = http({
  id: 'databricks_update_group',
  label: 'Update Group',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Change a group by SCIM PATCH: name, roles, members. replace on members swaps the whole list. For one member use ' +
    'databricks_add_group_member or databricks_remove_group_member. Entitlements live in workspaces, not here. ' +
    'The answer is empty; read it back.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/Groups/{id}',
  risk: 'privilege',
  input: z.strictObject({
    id,
    Operations: scim.patchOperations(
      {
        displayName: z.string().optional(),
        members: scim.members.optional(),
        roles: scim.roles.optional(),
        externalId: z.string().optional(),
      },
      'displayName, members, roles, externalId',
      'members[value eq "<id>"]',
    ),
  }),
  body: scim.patchOp,
  settle: scim.patchedIn(getGroup),
  impact: groupUpdate,
});

export const deleteGroup = http({
  id: 'databricks_delete_group',
  label: 'Delete Group',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description: 'Delete a group. Its members lose every access they have through it. Cannot be undone.',
  route: 'DELETE /api/2.0/accounts/{account_id}/scim/v2/Groups/{id}',
  input: z.strictObject({ id }),
  settle: goneFrom(getGroup, ['id']),
  impact: groupDeletion,
});

export const addGroupMember = http({
  id: 'databricks_add_group_member',
  label: 'Add Group Member',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Add one user, service principal or group to a group. Gives it everything the group may do. The answer is empty; ' +
    'read it back.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/Groups/{group_id}',
  risk: 'privilege',
  effect: 'add',
  input: z.strictObject(membership),
  body: scim.addMember,
  settle: scim.memberIn(getGroup, true),
  impact: memberAddition,
});

export const removeGroupMember = http({
  id: 'databricks_remove_group_member',
  label: 'Remove Group Member',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Remove one user, service principal or group from a group. It loses what it had through the group. The answer is ' +
    'empty; read it back.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/Groups/{group_id}',
  risk: 'destructive',
  effect: 'remove',
  input: z.strictObject(membership),
  body: scim.removeMember,
  settle: scim.memberIn(getGroup, false),
  impact: memberRemoval,
});
