// Which principals may use a workspace, and whether as user or administrator.

import { type Account, int64Text, principalById, principalName, workspaceById } from '../account.js';
import { invalid, missing } from '../errors.js';
import { paginate } from '../paging.js';
import { integerWord } from '../query-readers.js';
import { list, shape, text } from '../readers.js';
import type { Permission, Principal } from '../records.js';
import { emptyReply, jsonReply } from '../reply.js';
import { route } from '../router.js';

const collection = '/api/2.0/accounts/{account_id}/workspaces/{workspace_id}/permissionassignments';
const needs = { scopes: ['access-management'] };
const listQuery = { filter: text(), max_results: integerWord(), page_token: text() };

export const permissionAssignmentRoutes = [
  route(`GET ${collection}`, { ...needs, query: listQuery }, ({ account, param, query }) => {
    // The parameter exists, its grammar is documented nowhere: better to refuse it than to return unfiltered results.
    if (query.filter) throw invalid('The sandbox does not know the grammar of filter.');
    const workspace = String(workspaceById(account, param('workspace_id')).workspace_id);
    const page = paginate([...assignmentsOf(account, workspace)], {
      list: `permissions of ${workspace}`,
      token: query.page_token,
      size: query.max_results,
      defaultSize: 10,
      maxSize: 1000,
    });
    return jsonReply({
      permission_assignments: page.items.map(([id, permission]) => render(findPrincipal(account, id), [permission])),
      next_page_token: page.next,
      prev_page_token: page.previous,
    });
  }),

  // Leaving `permissions` out, or giving unsupported words only, takes everything away: the documented danger of this call.
  route(
    `PUT ${collection}/principals/{principal_id}`,
    { ...needs, body: shape({}, { permissions: list(text()) }) },
    (call) => {
      const { account, body } = call;
      const workspace = String(workspaceById(account, call.param('workspace_id')).workspace_id);
      const principal = findPrincipal(account, call.param('principal_id'));
      const words = body.permissions ?? [];
      // One permission counts; ADMIN wins. Words are case-sensitive.
      const granted = (['ADMIN', 'USER'] as const).find((permission) => words.includes(permission));
      const assigned = assignmentsOf(account, workspace);
      if (granted) assigned.set(principal.id, granted);
      else assigned.delete(principal.id);
      account.permissions.set(workspace, assigned);
      return jsonReply(render(principal, granted ? [granted] : []));
    },
  ),

  // Whether deleting twice is an error is not documented; the sandbox is idempotent for principals that exist.
  route(`DELETE ${collection}/principals/{principal_id}`, needs, ({ account, param }) => {
    const workspace = String(workspaceById(account, param('workspace_id')).workspace_id);
    assignmentsOf(account, workspace).delete(findPrincipal(account, param('principal_id')).id);
    return emptyReply();
  }),
];

const assignmentsOf = (account: Account, workspace: string): Map<string, Permission> =>
  account.permissions.get(workspace) ?? new Map();

function findPrincipal(account: Account, id: string): Principal {
  const principal = principalById(account, int64Text(id, 'principal_id'));
  if (!principal) throw missing(`Principal '${id}' does not exist.`);
  return principal;
}

function render(principal: Principal, permissions: Permission[]) {
  const field = { User: 'user_name', Group: 'group_name', ServicePrincipal: 'service_principal_name' }[principal.kind];
  return {
    permissions,
    principal: {
      principal_id: BigInt(principal.id),
      display_name: principal.displayName ?? principalName(principal),
      [field]: principalName(principal),
    },
  };
}
