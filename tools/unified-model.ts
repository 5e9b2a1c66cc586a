/**
 * Databricks' SCIM records in the shape of the unified identity model. Pure: it reads one record at a time, fetches
 * nothing and invents nothing. A field Databricks has no fact for is null, so every documented field is always there.
 */

/** A record as SCIM sends it; any attribute may be missing. */
export type Scim = Readonly<Record<string, unknown>>;

/** The parts a caller asked to have in full instead of as references. */
export type Expansion = ReadonlySet<string>;

const nothing: Expansion = new Set();

/** A user; `groups` are those known from elsewhere, because account users usually come without. */
export const iamUser = (user: Scim, expand = nothing, groups: readonly object[] | null = sentGroups(user)) => ({
  id: string(user.id),
  remote_id: string(user.id),
  primary_email_address: email(user),
  first_name: string(record(user.name).givenName),
  last_name: string(record(user.name).familyName),
  name: string(user.displayName) ?? fullName(record(user.name)),
  username: string(user.userName),
  is_bot_user: false as boolean | null,
  roles: roles(user, expand) as readonly object[] | null,
  groups,
  permissions: null,
  status: status(user.active),
  avatar: null,
  last_active_at: null,
  last_login_at: null,
  created_at: string(record(user.meta).created),
  updated_at: string(record(user.meta).lastModified),
  multi_factor_enabled: null,
  unified_custom_fields: null,
});

/** A service principal as a user: its OAuth client id is the name it signs in with. */
export const iamPrincipal = (principal: Scim) => ({
  ...iamUser(principal),
  primary_email_address: null,
  username: string(principal.applicationId),
  is_bot_user: true,
});

/** A group from a list; `members` is null where the answer does not tell them, as lists of groups do not. */
export const iamGroup = (
  group: Scim,
  accountId: string,
  expand = nothing,
  members: readonly Scim[] | null = sent(group.members),
) => ({
  id: string(group.id),
  remote_id: string(group.id),
  name: string(group.displayName),
  description: null,
  type: groupType(record(group.meta).resourceType),
  roles: roles(group, expand),
  parent_id: onlyParent(group),
  remote_parent_id: onlyParent(group),
  child_group_ids: members?.filter((member) => kind(member) === 'Groups').map((member) => string(member.value)) ?? null,
  organization_id: accountId,
  users: (expand.has('users') && members?.filter((member) => kind(member) !== 'Groups').map(memberUser)) || null,
  created_at: string(record(group.meta).created),
  updated_at: string(record(group.meta).lastModified),
  unified_custom_fields: null,
});

/** A group read by itself, where no `members` means none. */
export const wholeGroup = (group: Scim, accountId: string, expand = nothing) =>
  iamGroup(group, accountId, expand, records(group.members));

/** The one role every account has, whether or not somebody holds it. */
export const builtInRole = { value: 'account_admin' } as const;

/** A role is no resource in Databricks but a value on users, groups and principals. */
export const iamRole = (role: Scim) => ({
  ...reference(role, roleTitle),
  description: null,
  type: roleType(role.value),
  policies: null,
  permissions: null,
  scope: null,
  created_at: null,
  updated_at: null,
});

/** The account. No API tells its name. */
export const iamOrganization = (accountId: string) => ({
  id: accountId,
  remote_id: accountId,
  name: accountId,
  created_at: null,
  updated_at: null,
});

/** How this server signs in; `principal` is undefined when it cannot see itself. */
export const iamCredentials = (principal: Scim | undefined, clientId: string, scopes: readonly string[]) => ({
  name: string(principal?.displayName) ?? clientId,
  auth_type: { value: 'oauth', source_value: 'oauth-m2m' },
  scopes,
  permissions: null,
  last_accessed_at: null,
  user: principal === undefined ? null : iamPrincipal(principal),
});

/** The SCIM objects in a value that should be a list of them. */
export const records = (value: unknown): Scim[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** The SCIM object a value should be. */
export const record = (value: unknown): Scim => (isRecord(value) ? value : {});

/** True when a group's members name this id. */
export const hasMember = (group: Scim, id: unknown): boolean =>
  records(group.members).some((member) => member.value === id);

function isRecord(value: unknown): value is Scim {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function string(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

const sent = (value: unknown): Scim[] | null => (Array.isArray(value) ? records(value) : null);

/** `{id, remote_id, name}` for one of SCIM's `{value, display}` elements. */
const reference = (element: Scim, title = string) => ({
  id: string(element.value),
  remote_id: string(element.value),
  name: string(element.display) ?? title(element.value),
});

/** References to the groups a user record names; null where it names none, as account users usually do. */
export const sentGroups = (user: Scim) => sent(user.groups)?.map((group) => reference(group, () => null)) ?? null;

/** SCIM leaves an empty attribute out (RFC 7643, 2.5), so no `roles` means none. */
const roles = (holder: Scim, expand: Expansion) =>
  records(holder.roles).map((role) => (expand.has('roles') ? iamRole(role) : reference(role, roleTitle)));

/** `account_admin` reads "Account admin"; anything that is no plain word, e.g. an ARN, stays as it is. */
function roleTitle(value: unknown): string | null {
  const text = string(value);
  if (text === null || !/^[a-z][a-z0-9_]*$/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1).replaceAll('_', ' ');
}

const roleType = (value: unknown) => ({
  value: value === 'account_admin' ? 'admin' : 'unmapped_value',
  source_value: string(value),
});

/** A group without a resource type is still a group; one with a type we do not know is not guessed at. */
function groupType(resourceType: unknown) {
  const known = [undefined, null, 'Group', 'WorkspaceGroup'].includes(resourceType as string | null | undefined);
  return { value: known ? 'group' : 'unmapped_value', source_value: string(resourceType) };
}

function status(active: unknown) {
  if (active === undefined || active === null) return null;
  const value = active === true ? 'enabled' : active === false ? 'disabled' : 'unmapped_value';
  return { value, source_value: active };
}

function email(user: Scim): string | null {
  const emails = records(user.emails);
  const chosen = emails.find((each) => each.primary === true) ?? emails[0];
  return string(chosen?.value) ?? string(user.userName);
}

function fullName(name: Scim): string | null {
  return string([string(name.givenName), string(name.familyName)].filter((part) => part !== null).join(' '));
}

/** A group may sit in several groups; only a single one is "the" parent. */
function onlyParent(group: Scim): string | null {
  const [first, ...others] = records(group.groups);
  return others.length === 0 ? string(first?.value) : null;
}

/** What a member is, from its `$ref`, e.g. `Users/123`; undefined when it does not say. */
function kind(member: Scim): string | undefined {
  return /(?:^|\/)(Users|Groups|ServicePrincipals)\/[^/]+$/.exec(string(member.$ref) ?? '')?.[1];
}

/** A member entry tells who it is and little else: what it does not tell is null, not empty. */
function memberUser(member: Scim) {
  const is = kind(member);
  return {
    ...iamUser({ id: member.value, displayName: member.display }),
    is_bot_user: is === undefined ? null : is === 'ServicePrincipals',
    roles: null,
  };
}

/** The fields of each resource, in the order they are shown: a field exists because its mapping fills it. */
export const fieldsOf = {
  users: Object.keys(iamUser({})),
  groups: Object.keys(iamGroup({}, '')),
  roles: Object.keys(iamRole({})),
  organizations: Object.keys(iamOrganization('')),
  credentials: Object.keys(iamCredentials(undefined, '', [])),
} as const;
