/**
 * The unified identity actions: users, groups, roles and the account in a shape that is the same for every provider.
 * They compose the SCIM reads of this catalogue and reach Databricks in no other way; `unified-model` does the mapping.
 */
import { derived } from './action.js';
import { text } from './fields.js';
import { getGroup, listGroups } from './groups.js';
import { quoted } from './scim.js';
import { listServicePrincipals } from './service-principals.js';
import { listed, localPage, scimPage, viewed } from './unified-answer.js';
import { listInput, named, viewInput } from './unified-input.js';
import * as model from './unified-model.js';
import { inFull, membershipsIn, proveAccount, scanGroups, scanRoles } from './unified-reads.js';
import { getUser, listUsers } from './users.js';
import * as views from './views.js';

const { fieldsOf } = model;

const userExpansions = ['roles', 'groups', 'permissions'];
const groupExpansions = ['roles', 'users'];
const roleExpansions = ['policies', 'permissions'];

export const unifiedListUsers = derived({
  id: 'databricks_unified_list_users',
  label: 'List Unified Users',
  scopes: ['scim'],
  description:
    'Users in a provider-neutral shape, to compare or sync systems; search with databricks_list_users. Expanding ' +
    'groups is slow and finds direct ones.',
  view: views.unifiedUser,
  input: listInput('users', fieldsOf.users, userExpansions),
  run: async (with_, input) => {
    const expand = named(input.expand);
    const page = await scimPage(with_, listUsers, 'users', input);
    const scan = expand.has('groups') ? await scanGroups(with_) : undefined;
    const users = page.items.map((user) => model.iamUser(user, expand, membershipsIn(scan, user)));
    return listed(with_, input, { ...page, items: users, note: scan?.note });
  },
});

export const unifiedGetUser = derived({
  id: 'databricks_unified_get_user',
  label: 'Get Unified User',
  scopes: ['scim'],
  description: 'One user in neutral shape; with groups if expanded.',
  view: views.unifiedUser,
  input: viewInput(fieldsOf.users, userExpansions).extend({ id: text() }),
  run: async (with_, input) => {
    const expand = named(input.expand);
    const user = model.record((await with_.call(getUser, { id: input.id })).data);
    const scan = expand.has('groups') ? await scanGroups(with_) : undefined;
    return viewed(with_, input, model.iamUser(user, expand, membershipsIn(scan, user)), scan?.note);
  },
});

export const unifiedListGroups = derived({
  id: 'databricks_unified_list_groups',
  label: 'List Unified Groups',
  scopes: ['scim'],
  description:
    'Groups in neutral shape; members null unless users are expanded, one request each. Search with ' +
    'databricks_list_groups.',
  view: views.unifiedGroup,
  input: listInput('groups', fieldsOf.groups, groupExpansions),
  run: async (with_, input) => {
    const expand = named(input.expand);
    const page = await scimPage(with_, listGroups, 'groups', input);
    const groups = expand.has('users')
      ? (await inFull(with_, page.items)).map((group) => model.wholeGroup(group, with_.accountId, expand))
      : page.items.map((group) => model.iamGroup(group, with_.accountId, expand));
    return listed(with_, input, { ...page, items: groups });
  },
});

export const unifiedGetGroup = derived({
  id: 'databricks_unified_get_group',
  label: 'Get Unified Group',
  scopes: ['scim'],
  description: 'One group in neutral shape, with child groups; expand users for members.',
  view: views.unifiedGroup,
  input: viewInput(fieldsOf.groups, groupExpansions).extend({ id: text() }),
  run: async (with_, input) => {
    const group = model.record((await with_.call(getGroup, { id: input.id })).data);
    return viewed(with_, input, model.wholeGroup(group, with_.accountId, named(input.expand)));
  },
});

export const unifiedListRoles = derived({
  id: 'databricks_unified_list_roles',
  label: 'List Unified Roles',
  scopes: ['scim'],
  description:
    'Roles in use; slow, reads all identities. Who holds one: filter roles.value eq "account_admin" in ' +
    'databricks_list_users, _groups and _service_principals; members of such groups hold it too.',
  view: views.unifiedRole,
  input: listInput('roles', fieldsOf.roles, roleExpansions),
  run: async (with_, input) => {
    const { roles, note } = await scanRoles(with_);
    return listed(with_, input, { ...localPage(roles.map(model.iamRole), 'roles', input), note });
  },
});

export const unifiedGetRole = derived({
  id: 'databricks_unified_get_role',
  label: 'Get Unified Role',
  scopes: ['scim'],
  description: 'One role by value; slow.',
  view: views.unifiedRole,
  input: viewInput(fieldsOf.roles, roleExpansions).extend({ id: text('E.g. account_admin') }),
  run: async (with_, input) => {
    const { roles, note } = await scanRoles(with_);
    const role = roles.find((each) => each.value === input.id);
    if (role === undefined) {
      const advice = 'Nobody holds this role; databricks_unified_list_roles lists the roles in use.';
      return with_.notFound(note === undefined ? advice : `${advice} ${note}`);
    }
    return viewed(with_, input, model.iamRole(role));
  },
});

export const unifiedListOrganizations = derived({
  id: 'databricks_unified_list_organizations',
  label: 'List Unified Organizations',
  scopes: ['scim'],
  description: 'This account as the one organization, named by its id.',
  view: views.unifiedOrganization,
  input: listInput('organizations', fieldsOf.organizations, []),
  run: async (with_, input) => {
    await proveAccount(with_);
    return listed(with_, input, localPage([model.iamOrganization(with_.accountId)], 'organizations', input));
  },
});

export const unifiedGetOrganization = derived({
  id: 'databricks_unified_get_organization',
  label: 'Get Unified Organization',
  scopes: ['scim'],
  description: 'This account as organization; no other is found.',
  view: views.unifiedOrganization,
  input: viewInput(fieldsOf.organizations, []).extend({ id: text('Account id') }),
  run: async (with_, input) => {
    // Decided here, so that no other account's id is ever sent anywhere.
    if (input.id !== with_.accountId) {
      return with_.notFound('This server reaches one account; databricks_unified_list_organizations tells its id.');
    }
    await proveAccount(with_);
    return viewed(with_, input, model.iamOrganization(with_.accountId));
  },
});

export const unifiedGetMe = derived({
  id: 'databricks_unified_get_me',
  label: 'Get Unified Credentials',
  scopes: ['scim'],
  description: 'How this server signs in: its service principal, token scopes, roles.',
  view: views.unifiedCredentials,
  input: viewInput(fieldsOf.credentials, []),
  run: async (with_, input) => {
    const { clientId } = with_;
    // Account SCIM has no /Me: the principal is found by the id it signs in with.
    const found = await with_.call(listServicePrincipals, {
      filter: `applicationId eq ${quoted(clientId)}`,
      attributes: 'id,applicationId,displayName,active,roles,groups,meta',
    });
    const principal = model.records(found.data).find((each) => each.applicationId === clientId);
    const credentials = model.iamCredentials(principal, clientId, await with_.grantedScopes());
    const unseen = `The service principal with client id ${clientId} is not visible to its own token; user is unknown.`;
    return viewed(with_, input, credentials, principal === undefined ? unseen : undefined);
  },
});
