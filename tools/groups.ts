/** SCIM groups of the account and their members. */
import { z } from 'zod';
import { http } from './action.js';
import { text, unlisted } from './fields.js';
import { groupCreation, groupCreationRisk, groupDeletion, groupUpdate } from './impact/groups.js';
import { memberAddition, memberRemoval } from './impact/memberships.js';
import { getGroup, listGroups } from './reads/groups.js';
import * as scim from './scim.js';
import { goneFrom } from './settlements.js';
import * as views from './views.js';

export { getGroup, listGroups } from './reads/groups.js';

const id = scim.scimId();
const membership = {
  group_id: scim.scimId(),
  member_id: text('Numeric SCIM id; no e-mail or application id'),
};

export const createGroup = http({
  id: 'databricks_create_group',
  label: 'Create Group',
  scopes: ['scim'],
  setUp: scim.syncedAway,
  description:
    'Create an account group; names are unique. It opens no workspace until assigned. Members get its roles.',
  view: views.group,
  route: 'POST /api/2.0/accounts/{account_id}/scim/v2/Groups',
  input: z.strictObject({
    displayName: text(),
    members: scim.members.optional(),
    roles: scim.roles.optional(),
    externalId: text().optional(),
    meta: unlisted(z.strictObject({ resourceType: text().optional() }).describe('Set by Databricks').optional()),
    id: unlisted(text('Assigned by Databricks').optional()),
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
    'Change name, roles or members of a group by SCIM PATCH. replace on members swaps all. Entitlements live in ' +
    'workspaces.',
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
      'displayName, members, roles',
      'members[value eq "1"]',
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
  description: 'Delete a group for good; members lose the access it gave.',
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
  description: "Add a user, service principal or group to a group, with the group's access.",
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
  description: 'Take a user, service principal or group out of a group; it loses that access.',
  route: 'PATCH /api/2.0/accounts/{account_id}/scim/v2/Groups/{group_id}',
  risk: 'destructive',
  effect: 'remove',
  input: z.strictObject(membership),
  body: scim.removeMember,
  settle: scim.memberIn(getGroup, false),
  impact: memberRemoval,
});
