/** What creating, changing or deleting a group touches. */
import type { Arguments, Impact, Look, Risk } from '../action.js';
import { listGroups } from '../reads/groups.js';
import { quoted as literal } from '../scim.js';
import { isRecord } from '../settlements.js';
import { groupsFact, membersFact, rolesFact, workspacesFact } from './access.js';
import { difference } from './changes.js';
import { createDirectory } from './directory.js';
import { fact, itemsOf, listOr } from './facts.js';
import { asValues, patchImpact, targetOf, wholeGroup } from './identity.js';
import { afterPatch, groupLockouts, isAdmin } from './lockouts.js';
import { applyPatch } from './patch.js';
import { memberNames } from './principals.js';
import { bare, elementsOf, nameOf, resourceOf, valuesOf } from './resource.js';

/** An empty group opens nothing; with members or roles it says who may do what. */
export function groupCreationRisk({ members, roles }: Arguments): Risk {
  const isEmpty = [members, roles].every((list) => list === undefined || (Array.isArray(list) && list.length === 0));
  return isEmpty ? 'write' : 'privilege';
}

export async function groupCreation(look: Look, input: Arguments): Promise<Impact> {
  const displayName = String(input.displayName);
  const found = await look.read(listGroups, { filter: `displayName eq ${literal(displayName)}` });
  const like = itemsOf(found).filter((group) => String(group.displayName).toLowerCase() === displayName.toLowerCase());
  // A group of that name inside a workspace is in nobody's way.
  const isLocal = (group: Readonly<Record<string, unknown>>) =>
    isRecord(group.meta) && group.meta.resourceType === 'WorkspaceGroup';
  const taken = like.some((group) => group.displayName === displayName && !isLocal(group));
  const members = valuesOf(input.members);
  const names = await memberNames(look, members);
  return {
    facts: [
      ...fact('New group', displayName),
      ...fact('Roles granted', listOr(valuesOf(input.roles))),
      ...fact('Members', listOr(members.map((id) => names.get(id) ?? id))),
      ...(like.length > 0 ? fact('Others of this name', like.length) : []),
    ],
    reversible: 'yes',
    reversal: 'Deleting the group takes it back.',
    ...(taken && {
      obstacle: {
        message: 'A group with this displayName exists already.',
        next: 'Find it with databricks_list_groups and change that one, or choose another name.',
      },
    }),
    after: bare(resourceOf({ ...input, id: undefined })),
  };
}

export async function groupUpdate(look: Look, input: Arguments): Promise<Impact> {
  const directory = createDirectory(look);
  const group = await wholeGroup(look, directory, String(input.id));
  const patched = applyPatch(group, input.Operations);
  const { added, removed } = difference(group.members, patched?.resource.members);
  const names = await memberNames(
    look,
    added.map(({ value }) => value),
  );
  const known = new Map(elementsOf(group.members).map(({ value, display }) => [value, display]));
  const movesMembers = patched === undefined || added.length + removed.length > 0 || patched.unclear.has('members');
  return patchImpact('group', group, patched, input, 'databricks_update_group', {
    facts: [
      ...rolesFact(group, 'Roles now'),
      ...(movesMembers && (await isAdmin(directory, group)) ? fact('Makes account admins', true) : []),
      ...membersFact(group, 'Members now'),
      ...(movesMembers ? await workspacesFact(look, String(group.id)) : []),
    ],
    lockouts: await groupLockouts(directory, group, afterPatch(patched, ['roles', 'members'])),
    // The names in the operations are the caller's.
    nameOf: ({ value }) => names.get(value) ?? known.get(value) ?? value,
  });
}

export async function groupDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.id);
  const directory = createDirectory(look);
  const group = await wholeGroup(look, directory, id);
  const lockouts = await groupLockouts(directory, group, 'deleted');
  const admin = await isAdmin(directory, group);
  const { displayName, externalId, roles, members } = group;
  return {
    target: targetOf('group', group),
    facts: [
      ...membersFact(group),
      ...rolesFact(group),
      ...(admin ? fact('Makes account admins', true) : []),
      ...(await groupsFact(directory, id)),
      ...(await workspacesFact(look, id)),
    ],
    reversible: 'partly',
    reversal:
      'The group can be created anew with its members and roles, with another id: its workspaces, its place in other ' +
      'groups and grants to it are not restored.',
    ...(lockouts.length > 0 && { lockouts }),
    before: bare(group),
    undo: {
      tool: 'databricks_create_group',
      arguments: {
        displayName,
        ...(externalId !== undefined && { externalId }),
        ...(roles !== undefined && { roles: asValues(valuesOf(roles)) }),
        ...(members !== undefined && { members: asValues(valuesOf(members)) }),
      },
    },
    ...(admin && { typed: nameOf(group) ?? id }),
  };
}
