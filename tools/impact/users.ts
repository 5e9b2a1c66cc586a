/** What creating, changing or deleting a user touches. */
import type { Arguments, Impact, Look } from '../action.js';
import { getUser, listUsers } from '../reads/users.js';
import { quoted as literal } from '../scim.js';
import { groupsFact, rolesFact, workspacesFact } from './access.js';
import { createDirectory } from './directory.js';
import { fact, itemsOf, listOr } from './facts.js';
import { asValues, patchImpact, targetOf, wholeOf } from './identity.js';
import { afterPatch, isAdmin, userLockouts } from './lockouts.js';
import { applyPatch } from './patch.js';
import { bare, nameOf, resourceOf, textOf, valuesOf } from './resource.js';

const read = (look: Look, id: string) => look.read(getUser, { id });

export async function userCreation(look: Look, input: Arguments): Promise<Impact> {
  const userName = String(input.userName);
  const found = await look.read(listUsers, { filter: `userName eq ${literal(userName)}`, attributes: 'id,userName' });
  const taken = itemsOf(found).some((user) => String(user.userName).toLowerCase() === userName.toLowerCase());
  return {
    facts: [
      ...fact('New user', userName),
      ...fact('Display name', textOf(input.displayName)),
      ...fact('Roles granted', listOr(valuesOf(input.roles))),
      ...(input.active === false ? fact('Active', false) : []),
    ],
    reversible: 'yes',
    reversal: 'Deleting the user takes it back.',
    ...(taken && {
      obstacle: {
        message: 'A user with this userName exists already.',
        next: 'Find it with databricks_list_users and change that one.',
      },
    }),
    after: bare(resourceOf({ active: true, ...input, id: undefined })),
  };
}

export async function userUpdate(look: Look, input: Arguments): Promise<Impact> {
  const user = await wholeOf(look, read, 'user', String(input.id));
  const patched = applyPatch(user, input.Operations);
  return patchImpact('user', user, patched, input, 'databricks_update_user', {
    facts: [...fact('Active now', user.active === true), ...rolesFact(user, 'Roles now')],
    lockouts: await userLockouts(createDirectory(look), user, afterPatch(patched, ['active', 'roles'])),
  });
}

export async function userDeletion(look: Look, input: Arguments): Promise<Impact> {
  const id = String(input.id);
  const user = await wholeOf(look, read, 'user', id);
  const directory = createDirectory(look);
  const lockouts = await userLockouts(directory, user, 'deleted');
  const admin = await isAdmin(directory, user);
  const { id: _, roles, applicationId: __, members: ___, ...kept } = user;
  return {
    target: targetOf('user', user),
    facts: [
      ...fact('Display name', textOf(user.displayName)),
      ...fact('Active', user.active === true),
      ...fact('Account admin', admin),
      ...rolesFact(user),
      ...(await groupsFact(directory, id)),
      ...(await workspacesFact(look, id)),
    ],
    reversible: 'partly',
    reversal:
      'The user can be created anew, with another id and without its groups, workspaces and what it owned. ' +
      'Deactivating it instead can be taken back.',
    ...(lockouts.length > 0 && { lockouts }),
    before: bare(user),
    undo: {
      tool: 'databricks_create_user',
      arguments: { ...kept, ...(roles !== undefined && { roles: asValues(valuesOf(roles)) }) },
    },
    ...(admin && { typed: nameOf(user) ?? id }),
  };
}
