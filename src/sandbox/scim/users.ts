// SCIM Users of the account.

import type { Account } from '../account.js';
import { scimRefusal } from '../errors.js';
import type { User } from '../records.js';
import type { Draft } from './draft.js';
import { listQuery } from './query.js';
import { asEntries, present, scimRoutes } from './resource.js';
import { sameName, userSchema } from './schema.js';

export const userRoutes = scimRoutes<User>({
  schema: userSchema,
  // The SDKs can send the whole list query on a get; paging and filtering mean nothing there.
  getQuery: listQuery,
  records: (account) => account.users,

  render: (account, user) =>
    present({
      id: user.id,
      userName: user.userName,
      displayName: user.displayName,
      name: user.name && present(user.name),
      emails: [{ type: 'work', value: user.userName, primary: true }],
      active: user.active,
      externalId: user.externalId,
      roles: asEntries(user.roles),
      account_id: account.id,
    }),

  create(account, draft) {
    const { userName } = draft;
    if (!userName) throw scimRefusal('invalidValue', 'Missing required attribute: userName.');
    if (!/^[^\s@]+@[^\s@]+$/.test(userName)) throw scimRefusal('invalidValue', 'userName must be an e-mail address.');
    refuseKnownName(account, userName);
    const user: User = { kind: 'User', id: account.ids.numeric(), userName, ...writable(draft) };
    return { ...user, displayName: user.displayName ?? fullName(user) };
  },

  toDraft: ({ displayName, externalId, active, name, roles }) => ({
    ...(displayName !== undefined && { displayName }),
    ...(externalId !== undefined && { externalId }),
    ...(name && { name: present(name) as NonNullable<Draft['name']> }),
    active,
    roles,
  }),

  update: (_account, user, draft) => void Object.assign(user, writable(draft)),
});

/** userName and emails are missing on purpose: PATCH and PUT ignore them. An absent `active` means active. */
const writable = (draft: Draft) => ({
  displayName: draft.displayName,
  name: draft.name,
  active: draft.active ?? true,
  externalId: draft.externalId,
  roles: draft.roles ?? [],
});

function fullName({ name, userName }: User): string {
  return [name?.givenName, name?.familyName].filter(Boolean).join(' ') || userName;
}

function refuseKnownName(account: Account, userName: string): void {
  if ([...account.users.values()].some((user) => sameName(user.userName, userName))) {
    throw scimRefusal('uniqueness', `User with email ${userName} already exists in this account`);
  }
}
