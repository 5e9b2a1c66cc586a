/**
 * What a principal or group holds: groups it is in, workspaces it is assigned to, its secrets. Good to know, so what
 * cannot be read is said to be unknown; every scan is bounded, and says so where it stops.
 */
import type { Fact, Look } from '../action.js';
import { listServicePrincipalSecrets } from '../reads/service-principals.js';
import { listWorkspacePermissionAssignments, listWorkspaces } from '../reads/workspaces.js';
import { isRecord } from '../settlements.js';
import type { Directory } from './directory.js';
import { fact, itemsOf, listOr, notReadable } from './facts.js';
import { nameOf, namesOf, type Resource, valuesOf } from './resource.js';

/** Groups, and workspaces, that are read one by one for one impact. */
const most = 20;

export const rolesFact = (resource: Resource, label = 'Roles'): readonly Fact[] =>
  fact(label, listOr(valuesOf(resource.roles)));

export const membersFact = (group: Resource, label = 'Members'): readonly Fact[] =>
  fact(label, listOr(namesOf(group.members)));

/** The groups a principal is a direct member of. Only small accounts are searched: it takes a read per group. */
export async function groupsFact(directory: Directory, id: string): Promise<readonly Fact[]> {
  const listed = await directory.listed();
  const carriers = [...(await directory.adminGroups()).keys()];
  const searched = listed.length <= most ? listed.map((group) => String(group.id)) : carriers;
  const whole = await Promise.all(searched.map((each) => directory.group(each)));
  const names = whole.flatMap((group) =>
    group !== null && valuesOf(group.members).includes(id) ? [nameOf(group) ?? String(group.id)] : [],
  );
  return [
    ...fact('In groups', listOr(names, searched.length < listed.length ? 'none found' : 'none')),
    ...(searched.length < listed.length ? fact('Groups not searched', listed.length - searched.length) : []),
  ];
}

/** The workspaces it is assigned to directly, with the permission. */
export async function workspacesFact(look: Look, principalId: string, label = 'Workspaces'): Promise<readonly Fact[]> {
  const all = await look.tryRead(listWorkspaces, {});
  if (!Array.isArray(all)) return fact(label, notReadable);
  const workspaces = itemsOf(all);
  const searched = workspaces.slice(0, most);
  const found = await Promise.all(searched.map((workspace) => assignmentIn(look, workspace, principalId)));
  const names = found.flatMap((each) => (typeof each === 'string' ? [each] : []));
  const unread = found.filter((each) => each === undefined).length + workspaces.length - searched.length;
  if (unread === workspaces.length && unread > 0) return fact(label, notReadable);
  return [
    ...fact(label, listOr(names, unread > 0 ? 'none found' : 'none')),
    ...(unread > 0 ? fact('Workspaces not searched', unread) : []),
  ];
}

/** The workspace's name and the permission; null where it has none, undefined where that cannot be read. */
async function assignmentIn(look: Look, workspace: Readonly<Record<string, unknown>>, principalId: string) {
  const workspace_id = String(workspace.workspace_id);
  const list = await look.tryRead(listWorkspacePermissionAssignments, { workspace_id, max_results: 1000 });
  if (!Array.isArray(list)) return undefined;
  const permissions = permissionsOf(list, principalId);
  return permissions.length === 0 ? null : `${workspace.workspace_name ?? workspace_id}: ${permissions.join(', ')}`;
}

/** The assignment of a principal in a workspace's list. */
export const assignmentOf = (list: unknown, principalId: string) =>
  itemsOf(list).find(({ principal }) => isRecord(principal) && String(principal.principal_id) === principalId);

export function permissionsOf(list: unknown, principalId: string): readonly string[] {
  const permissions = assignmentOf(list, principalId)?.permissions;
  return Array.isArray(permissions) ? permissions.map(String) : [];
}

export interface Secret {
  readonly id: string;
  readonly hash: string | undefined;
  readonly created: string;
  readonly expires: string;
  readonly scopes: readonly string[];
}

export function secretsIn(list: unknown): readonly Secret[] {
  return itemsOf(list).map((secret) => ({
    id: String(secret.id),
    hash: typeof secret.secret_hash === 'string' ? secret.secret_hash : undefined,
    created: String(secret.create_time ?? 'unknown'),
    expires: String(secret.expire_time ?? 'unknown'),
    scopes: Array.isArray(secret.scopes) ? secret.scopes.map(String) : [],
  }));
}

export const secretWords = ({ id, created, expires }: Secret) => `${id}, created ${created}, expires ${expires}`;

export async function secretsFact(look: Look, service_principal_id: string): Promise<readonly Fact[]> {
  const list = await look.tryRead(listServicePrincipalSecrets, { service_principal_id, page_size: 100 });
  return fact('Secrets', Array.isArray(list) ? listOr(secretsIn(list).map(secretWords)) : notReadable);
}
