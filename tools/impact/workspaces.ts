/** What assigning a principal to a workspace, or taking it out, touches. */
import type { Arguments, Impact, Look } from '../action.js';
import { getWorkspace, listWorkspacePermissionAssignments } from '../reads/workspaces.js';
import { isRecord } from '../settlements.js';
import { assignmentOf, permissionsOf } from './access.js';
import { fact, listOr, notReadable, withId, words } from './facts.js';
import { type Principal, principalWith } from './principals.js';
import { textOf } from './resource.js';

const put = 'databricks_create_or_update_workspace_permission_assignment';

export function assignmentChange(look: Look, input: Arguments): Promise<Impact> {
  return assignment(look, input, Array.isArray(input.permissions) ? input.permissions.map(String) : []);
}

export function assignmentRemoval(look: Look, input: Arguments): Promise<Impact> {
  return assignment(look, input, []);
}

async function assignment(look: Look, input: Arguments, wanted: readonly string[]): Promise<Impact> {
  const [workspace_id, principal_id] = [String(input.workspace_id), String(input.principal_id)];
  const list = await look.read(listWorkspacePermissionAssignments, { workspace_id, max_results: 1000 });
  if (list === null) return look.notFound('workspace', workspace_id);
  const workspace = await look.tryRead(getWorkspace, { workspace_id });
  const name = isRecord(workspace) ? textOf(workspace.workspace_name) : undefined;
  const principal = await assigned(look, list, principal_id);
  if (principal === null) return look.notFound('principal', principal_id);
  const present = permissionsOf(list, principal_id);
  // ADMIN includes USER, and one of them counts.
  const next = wanted.includes('ADMIN') ? ['ADMIN'] : [...new Set(wanted)];
  const known = present.filter((each) => each === 'USER' || each === 'ADMIN');
  return {
    target: { kind: 'workspace', id: workspace_id, ...(name !== undefined && { name }) },
    facts: [
      ...fact('Principal', withId(principal.name, principal_id)),
      ...fact('Principal is a', principal.kind === undefined ? notReadable : words(principal.kind)),
      ...fact('Permissions now', listOr(present)),
      ...fact('Permissions then', listOr(next)),
      ...(next.length === 0 && present.length > 0 ? fact('Effect', words('loses all access to this workspace')) : []),
      ...(next.length === 0 && present.length === 0 ? fact('Change', words('none: it is not assigned')) : []),
      ...(principal.members === undefined ? [] : fact('Members of it', principal.members)),
    ],
    reversible: 'yes',
    reversal: 'Assigning the present permissions again takes it back.',
    before: { workspace_id, principal_id, permissions: present },
    after: { workspace_id, principal_id, permissions: next },
    ...(known.length === present.length && {
      undo: { tool: put, arguments: { workspace_id, principal_id, permissions: known } },
    }),
  };
}

interface Assigned {
  readonly kind?: Principal['kind'];
  readonly name?: string;
  /** How many people and principals a group passes it on to, directly. */
  readonly members?: number;
}

/** Who it is, by the assignments where it is in them: those can be read with the same scope. */
async function assigned(look: Look, list: unknown, principalId: string): Promise<Assigned | null> {
  const own = assignmentOf(list, principalId)?.principal;
  const found = await principalWith(look, principalId);
  if (isRecord(found)) {
    const members = found.kind === 'group' && Array.isArray(found.resource.members) ? found.resource.members.length : 0;
    const { kind, name } = found;
    return { kind, ...(name !== undefined && { name }), ...(kind === 'group' && { members }) };
  }
  if (!isRecord(own)) return found === null ? null : {};
  const kinds = { user_name: 'user', group_name: 'group', service_principal_name: 'service principal' } as const;
  const [, kind] = Object.entries(kinds).find(([field]) => own[field] !== undefined) ?? [];
  const name = textOf(own.user_name ?? own.group_name ?? own.display_name);
  return { ...(kind !== undefined && { kind }), ...(name !== undefined && { name }) };
}
