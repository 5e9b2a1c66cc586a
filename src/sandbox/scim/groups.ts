// SCIM Groups of the account and their members.

import { type Account, principalById, principalName } from '../account.js';
import { Refusal, scimRefusal } from '../errors.js';
import type { Json } from '../json.js';
import type { Group } from '../records.js';
import type { Draft } from './draft.js';
import { asEntries, present, scimRoutes } from './resource.js';
import { groupSchema, sameName } from './schema.js';

export const groupRoutes = scimRoutes<Group>({
  schema: groupSchema,
  // Since 2025-08-22 lists come without members; they are read group by group.
  notListed: ['members'],
  records: (account) => account.groups,

  render: (account, group) =>
    present({
      id: group.id,
      displayName: group.displayName,
      externalId: group.externalId,
      meta: { resourceType: group.resourceType },
      members: group.members.map((id) => renderMember(account, id)),
      roles: asEntries(group.roles),
      account_id: account.id,
    }),

  create(account, draft) {
    const id = account.ids.numeric();
    return { kind: 'Group', id, resourceType: 'Group', ...checked(account, id, draft) };
  },

  toDraft: ({ displayName, externalId, roles, members }) => ({
    displayName,
    ...(externalId !== undefined && { externalId }),
    roles,
    members,
  }),

  update: (account, group, draft) => void Object.assign(group, checked(account, group.id, draft)),
});

function checked(account: Account, id: string, draft: Draft) {
  const { displayName, externalId, roles = [], members = [] } = draft;
  if (!displayName) throw scimRefusal('invalidValue', 'Missing required attribute: displayName.');
  for (const other of account.groups.values()) {
    if (other.id !== id && sameName(other.displayName, displayName)) {
      throw scimRefusal('uniqueness', `Group with name ${displayName} already exists.`);
    }
  }
  for (const member of members) {
    if (member === id) throw scimRefusal('invalidValue', 'A group cannot be a member of itself.');
    if (!principalById(account, member))
      throw new Refusal(404, 'RESOURCE_DOES_NOT_EXIST', `Member with id ${member} not found.`);
  }
  return { displayName, externalId, roles, members };
}

function renderMember(account: Account, id: string): Json {
  const principal = principalById(account, id);
  if (!principal) return { value: id };
  const endpoint = { User: 'Users', Group: 'Groups', ServicePrincipal: 'ServicePrincipals' }[principal.kind];
  const display = ('displayName' in principal && principal.displayName) || principalName(principal);
  return { value: id, display, $ref: `${endpoint}/${id}` };
}
