/**
 * Names of the workspaces an impact speaks of. The areas that need them have other scopes than workspaces, so the names
 * are good to know and never needed.
 */
import type { Arguments, Look } from '../action.js';
import { getWorkspace, listWorkspaces } from '../workspaces.js';
import { fieldsOf, itemsOf, textOf, withId } from './facts.js';

/** One workspace; undefined where it could not be read. Ends the call where there is no such workspace. */
export async function workspaceOf(look: Look, id: string): Promise<Arguments | undefined> {
  const workspace = await look.tryRead(getWorkspace, { workspace_id: id });
  if (workspace === null) return look.notFound('workspace', id);
  return workspace === undefined ? undefined : fieldsOf(workspace);
}

/** All workspaces; undefined where they could not be read. */
export async function workspacesOf(look: Look): Promise<readonly Arguments[] | undefined> {
  const workspaces = await look.tryRead(listWorkspaces, {});
  return Array.isArray(workspaces) ? itemsOf(workspaces) : undefined;
}

/** Name and id as one value; the id alone where the name is not known. */
export function workspaceName(workspace: Arguments | undefined, id: string): string {
  return withId(textOf(workspace?.workspace_name), id);
}
