/** Workspaces and who is assigned to them. */
import { z } from 'zod';
import { type Arguments, http, list, tokenPages } from './action.js';
import { count, int64, pageToken, text } from './fields.js';
import { contains, isRecord, pick, stateIn } from './settlements.js';

const workspace_id = int64('From databricks_list_workspaces.');
const principal_id = int64('Numeric id of a user, group or service principal.');

export const listWorkspacePermissionAssignments = http({
  id: 'databricks_list_workspace_permission_assignments',
  label: 'List Workspace Permission Assignments',
  scopes: ['access-management'],
  description: 'List who is assigned to a workspace, as USER or ADMIN. Needs a workspace with identity federation.',
  route: 'GET /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments',
  input: z.strictObject({
    workspace_id,
    filter: text('Preview; grammar undocumented.').optional(),
    max_results: count().optional(),
    ...pageToken,
  }),
  returns: list('permission_assignments'),
  nextPage: tokenPages,
});

/** What a principal has in a workspace. ADMIN includes USER, so a list with both may come back as ADMIN alone. */
const assigned = (permissions: (input: Arguments) => unknown) =>
  stateIn(
    listWorkspacePermissionAssignments,
    (input) => pick(input, ['workspace_id']),
    (data, input) => {
      if (!Array.isArray(data)) return undefined;
      const own = data.find((each) => contains(each, { principal: { principal_id: input.principal_id } }));
      const wanted = permissions(input) as readonly string[];
      const has = isRecord(own) && Array.isArray(own.permissions) ? own.permissions : [];
      if (wanted.includes('ADMIN')) return has.includes('ADMIN');
      return contains(has, wanted);
    },
  );

export const createOrUpdateWorkspacePermissionAssignment = http({
  id: 'databricks_create_or_update_workspace_permission_assignment',
  label: 'Create Or Update Workspace Permission Assignment',
  scopes: ['access-management'],
  description:
    'Assign a user, group or service principal to a workspace, replacing what it had there. ADMIN wins over USER. ' +
    'An empty permissions list removes all its access.',
  route: 'PUT /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments/principals/{principal_id}',
  risk: 'privilege',
  input: z.strictObject({
    workspace_id,
    principal_id,
    permissions: z.array(z.enum(['USER', 'ADMIN'])).describe('[] removes all.'),
  }),
  settle: assigned((input) => input.permissions),
});

export const deleteWorkspacePermissionAssignment = http({
  id: 'databricks_delete_workspace_permission_assignment',
  label: 'Delete Workspace Permission Assignment',
  scopes: ['access-management'],
  description: 'Remove a user, group or service principal from a workspace with all its permissions there.',
  route:
    'DELETE /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments/principals/{principal_id}',
  input: z.strictObject({ workspace_id, principal_id }),
  settle: assigned(() => []),
});

export const listWorkspaces = http({
  id: 'databricks_list_workspaces',
  label: 'List Workspaces',
  scopes: ['provisioning'],
  description: 'List the workspaces of the account with ids, names, regions and status.',
  route: 'GET /api/2.0/accounts/{account_id}/workspaces',
  input: z.strictObject({}),
  returns: list(),
});

export const getWorkspace = http({
  id: 'databricks_get_workspace',
  label: 'Get Workspace',
  scopes: ['provisioning'],
  description: 'Get one workspace. A new one is ready when workspace_status is RUNNING.',
  route: 'GET /api/2.0/accounts/{account_id}/workspaces/{workspace_id}',
  input: z.strictObject({ workspace_id }),
});
