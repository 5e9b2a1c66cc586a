/** Reads of workspaces and their assignments. Apart from the writes, whose impact is looked up with them. */
import { z } from 'zod';
import { http, list, tokenPages } from '../action.js';
import { count, int64, pageToken, text, unlisted } from '../fields.js';
import * as views from '../views.js';

const workspace_id = int64();

export const listWorkspaces = http({
  id: 'databricks_list_workspaces',
  label: 'List Workspaces',
  scopes: ['provisioning'],
  description: 'Workspaces with region and status.',
  view: views.workspaces,
  route: 'GET /api/2.0/accounts/{account_id}/workspaces',
  input: z.strictObject({}),
  returns: list(),
});

export const getWorkspace = http({
  id: 'databricks_get_workspace',
  label: 'Get Workspace',
  scopes: ['provisioning'],
  description: 'One workspace; ready when workspace_status is RUNNING.',
  view: views.workspace,
  route: 'GET /api/2.0/accounts/{account_id}/workspaces/{workspace_id}',
  input: z.strictObject({ workspace_id }),
});

export const listWorkspacePermissionAssignments = http({
  id: 'databricks_list_workspace_permission_assignments',
  label: 'List Workspace Permission Assignments',
  scopes: ['access-management'],
  setUp: 'The workspace has to use identity federation.',
  description: 'Who has access to a workspace, as USER or ADMIN. Needs identity federation.',
  view: views.assignment,
  route: 'GET /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments',
  input: z.strictObject({
    workspace_id,
    filter: unlisted(text('Preview; grammar undocumented').optional()),
    max_results: count().optional(),
    ...pageToken,
  }),
  returns: list('permission_assignments'),
  nextPage: tokenPages,
});
