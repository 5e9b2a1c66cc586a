// Which metastore a workspace uses: at most one.

import { workspaceById } from '../account.js';
import { invalid, missing } from '../errors.js';
import { int64, shape, text } from '../readers.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route, wrapped } from '../router.js';
import { findMetastore, workspacesOf } from './metastores.js';

const base = '/api/2.0/accounts/{account_id}';
const needs = { scopes: ['unity-catalog'] };
// The path says it all already: the Go SDK sends no workspace_id, Terraform an empty default_catalog_name.
const assignment = shape({ metastore_id: text({ min: 1 }) }, { workspace_id: int64(), default_catalog_name: text() });

export const metastoreAssignmentRoutes = [
  route(`GET ${base}/metastores/{metastore_id}/workspaces`, needs, ({ account, param }) => {
    const { metastore_id } = findMetastore(account, param('metastore_id'));
    return jsonReply({ workspace_ids: workspacesOf(account, metastore_id).map(BigInt) });
  }),

  route(`GET ${base}/workspaces/{workspace_id}/metastore`, needs, ({ account, param }) => {
    const { workspace_id } = workspaceById(account, param('workspace_id'));
    const assigned = account.metastoreAssignments.get(String(workspace_id));
    // The documented, normal answer for a workspace without Unity Catalog.
    if (!assigned) throw missing(`No metastore assigned to workspace ${workspace_id}.`);
    return jsonReply({ metastore_assignment: { workspace_id, ...assigned } });
  }),

  route(
    `POST ${base}/workspaces/{workspace_id}/metastores/{metastore_id}`,
    { ...needs, body: wrapped('metastore_assignment', assignment) },
    ({ account, param, body }) => {
      const { workspace_id } = workspaceById(account, param('workspace_id'));
      const { metastore_id } = findMetastore(account, param('metastore_id'));
      if (body.metastore_id !== metastore_id)
        throw invalid("Field 'metastore_assignment.metastore_id' does not match the path.");
      if ((body.workspace_id ?? workspace_id) !== workspace_id) {
        throw invalid("Field 'metastore_assignment.workspace_id' does not match the path.");
      }
      const default_catalog_name = body.default_catalog_name || 'main';
      account.metastoreAssignments.set(String(workspace_id), { metastore_id, default_catalog_name });
      return emptyReply();
    },
  ),

  route(`DELETE ${base}/workspaces/{workspace_id}/metastores/{metastore_id}`, needs, ({ account, param }) => {
    const workspace = String(workspaceById(account, param('workspace_id')).workspace_id);
    if (account.metastoreAssignments.get(workspace)?.metastore_id !== param('metastore_id')) {
      throw missing(`Metastore '${param('metastore_id')}' is not assigned to workspace ${workspace}.`);
    }
    account.metastoreAssignments.delete(workspace);
    return emptyReply();
  }),
];
