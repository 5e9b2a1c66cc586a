/** Workspaces and who is assigned to them. */
import { z } from 'zod';
import { type Arguments, http } from './action.js';
import { int64 } from './fields.js';
import { assignmentChange, assignmentRemoval } from './impact/workspaces.js';
import { listWorkspacePermissionAssignments } from './reads/workspaces.js';
import { contains, isRecord, pick, stateIn } from './settlements.js';
import * as views from './views.js';

export { getWorkspace, listWorkspacePermissionAssignments, listWorkspaces } from './reads/workspaces.js';

const workspace_id = int64();
const principal_id = int64();

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
  setUp: 'The workspace has to use identity federation.',
  description:
    'Give a user, group or service principal access to a workspace, in place of what it had. ADMIN wins over ' +
    'USER.',
  view: views.assignment,
  route: 'PUT /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments/principals/{principal_id}',
  risk: 'privilege',
  input: z.strictObject({
    workspace_id,
    principal_id,
    permissions: z.array(z.enum(['USER', 'ADMIN'])).describe('[] removes all access'),
  }),
  settle: assigned((input) => input.permissions),
  impact: assignmentChange,
});

export const deleteWorkspacePermissionAssignment = http({
  id: 'databricks_delete_workspace_permission_assignment',
  label: 'Delete Workspace Permission Assignment',
  scopes: ['access-management'],
  setUp: 'The workspace has to use identity federation.',
  description: 'Take all access to a workspace from a user, group or service principal.',
  route:
    'DELETE /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments/principals/{principal_id}',
  input: z.strictObject({ workspace_id, principal_id }),
  settle: assigned(() => []),
  impact: assignmentRemoval,
});
