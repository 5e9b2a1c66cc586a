/** Unity Catalog metastores and which workspace uses which. */
import { z } from 'zod';
import { type Arguments, http, item, list, wrapped } from './action.js';
import { flag, int64, oneOf, text, unlisted } from './fields.js';
import {
  metastoreAssignment,
  metastoreCreation,
  metastoreDeletion,
  metastoreUnassignment,
  metastoreUpdate,
} from './impact/metastores.js';
import { changedTo, contains, createdIn, goneFrom, pick, stateIn } from './settlements.js';
import * as views from './views.js';

const metastore_id = text();
const workspace_id = int64();

export const listMetastoreWorkspaceAssignments = http({
  id: 'databricks_list_metastore_workspace_assignments',
  label: 'List Metastore Workspace Assignments',
  scopes: ['unity-catalog'],
  description: 'Ids of the workspaces that use a metastore.',
  view: views.ids,
  route: 'GET /api/2.0/accounts/{account_id}/metastores/{metastore_id}/workspaces',
  input: z.strictObject({ metastore_id }),
  returns: list('workspace_ids'),
});

export const getWorkspaceMetastore = http({
  id: 'databricks_get_workspace_metastore',
  label: 'Get Workspace Metastore',
  scopes: ['unity-catalog'],
  description: 'The metastore a workspace uses; null if none.',
  view: views.metastoreAssignment,
  route: 'GET /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/metastore',
  input: z.strictObject({ workspace_id }),
  returns: item('metastore_assignment'),
  absence: 'No metastore is assigned to this workspace, or there is no such workspace.',
});

/** Whether the workspace uses the metastore, as it should or as it should not. */
const assignment = (wanted: boolean) =>
  stateIn(
    getWorkspaceMetastore,
    (input) => pick(input, ['workspace_id']),
    (data, input) => contains(data, { metastore_id: input.metastore_id }) === wanted,
  );

/** The path already names both ids; the body repeats them because the documented model requires it. */
const assignmentBody = (rest: Arguments, input: Arguments) => ({
  metastore_assignment: {
    workspace_id: input.workspace_id,
    metastore_id: input.metastore_id,
    default_catalog_name: rest.default_catalog_name ?? '',
  },
});

export const assignMetastoreToWorkspace = http({
  id: 'databricks_assign_metastore_to_workspace',
  label: 'Assign Metastore To Workspace',
  scopes: ['unity-catalog'],
  description:
    'Let a workspace use a metastore. A workspace has one, another replaces it: look first with ' +
    'databricks_get_workspace_metastore.',
  route: 'POST /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/metastores/{metastore_id}',
  risk: 'privilege',
  effect: 'set',
  input: z.strictObject({ workspace_id, metastore_id, default_catalog_name: unlisted(text('Deprecated').optional()) }),
  body: assignmentBody,
  settle: assignment(true),
  impact: metastoreAssignment,
});

export const deleteMetastoreFromWorkspace = http({
  id: 'databricks_delete_metastore_from_workspace',
  label: 'Delete Metastore From Workspace',
  scopes: ['unity-catalog'],
  description: 'Unassign a metastore: the workspace is left without Unity Catalog and its queries fail.',
  route: 'DELETE /api/2.0/accounts/{account_id}/workspaces/{workspace_id}/metastores/{metastore_id}',
  input: z.strictObject({ workspace_id, metastore_id }),
  settle: assignment(false),
  impact: metastoreUnassignment,
});

export const listMetastores = http({
  id: 'databricks_list_metastores',
  label: 'List Metastores',
  scopes: ['unity-catalog'],
  description: 'Unity Catalog metastores.',
  view: views.metastores,
  route: 'GET /api/2.0/accounts/{account_id}/metastores',
  input: z.strictObject({}),
  returns: list('metastores'),
});

export const getMetastore = http({
  id: 'databricks_get_metastore',
  label: 'Get Metastore',
  scopes: ['unity-catalog'],
  description: 'One metastore.',
  view: views.metastore,
  route: 'GET /api/2.0/accounts/{account_id}/metastores/{metastore_id}',
  input: z.strictObject({ metastore_id }),
  returns: item('metastore_info'),
});

export const createMetastore = http({
  id: 'databricks_create_metastore',
  label: 'Create Metastore',
  scopes: ['unity-catalog'],
  description:
    'Create a Unity Catalog metastore, usually one per region. Needs region without storage_root. Delta Sharing: ' +
    'update it afterwards.',
  view: views.metastore,
  route: 'POST /api/2.0/accounts/{account_id}/metastores',
  input: z.strictObject({
    name: text(),
    region: text('E.g. us-west-2').optional(),
    storage_root: text('Cloud storage URL').optional(),
    external_access_enabled: flag().optional(),
  }),
  body: wrapped('metastore_info'),
  returns: item('metastore_info'),
  settle: createdIn(listMetastores, ['name', 'region'], 'metastore_id'),
  impact: metastoreCreation,
});

export const updateMetastore = http({
  id: 'databricks_update_metastore',
  label: 'Update Metastore',
  scopes: ['unity-catalog'],
  description:
    'Change a metastore; fields left out stay. name, region, storage_root cannot change. delta_sharing_scope and ' +
    'token lifetime go together. A new owner takes control.',
  view: views.metastore,
  route: 'PUT /api/2.0/accounts/{account_id}/metastores/{metastore_id}',
  risk: 'privilege',
  input: z.strictObject({
    metastore_id,
    owner: text('Name of a user, group or principal').optional(),
    delta_sharing_scope: oneOf(['INTERNAL', 'INTERNAL_AND_EXTERNAL']).optional(),
    delta_sharing_recipient_token_lifetime_in_seconds: z.int().min(0).describe('0: never').optional(),
    delta_sharing_organization_name: text().optional(),
    external_access_enabled: flag().optional(),
    privilege_model_version: text().optional(),
    storage_root_credential_id: text().optional(),
  }),
  body: wrapped('metastore_info'),
  returns: item('metastore_info'),
  settle: changedTo(getMetastore, ['metastore_id']),
  impact: metastoreUpdate,
});

export const deleteMetastore = http({
  id: 'databricks_delete_metastore',
  label: 'Delete Metastore',
  scopes: ['unity-catalog'],
  description: 'Delete a metastore for good. Fails unless empty; force deletes all its catalogs.',
  route: 'DELETE /api/2.0/accounts/{account_id}/metastores/{metastore_id}',
  input: z.strictObject({ metastore_id, force: flag().optional() }),
  settle: goneFrom(getMetastore, ['metastore_id']),
  impact: metastoreDeletion,
});
