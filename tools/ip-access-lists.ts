/** IP access lists of the account console and the account APIs. */
import { z } from 'zod';
import { http, item, list } from './action.js';
import { oneOf, strings, text } from './fields.js';
import { ipAccessListCreation, ipAccessListDeletion } from './impact/ip-access-lists.js';
import { createdIn, goneFrom } from './settlements.js';

const ip_access_list_id = text('list_id of the list.');

export const listIpAccessLists = http({
  id: 'databricks_list_ip_access_lists',
  label: 'List IP Access Lists',
  scopes: ['access-management'],
  role: 'account_admin',
  description:
    'List the IP access lists of the account console and APIs. They act only while the account setting that enforces ' +
    'them is on.',
  route: 'GET /api/2.0/accounts/{account_id}/ip-access-lists',
  input: z.strictObject({}),
  returns: list('ip_access_lists'),
});

export const getIpAccessList = http({
  id: 'databricks_get_ip_access_list',
  label: 'Get IP Access List',
  scopes: ['access-management'],
  role: 'account_admin',
  description: 'Get one IP access list.',
  route: 'GET /api/2.0/accounts/{account_id}/ip-access-lists/{ip_access_list_id}',
  input: z.strictObject({ ip_access_list_id }),
  returns: item('ip_access_list'),
});

export const createIpAccessList = http({
  id: 'databricks_create_ip_access_list',
  label: 'Create IP Access List',
  scopes: ['access-management'],
  role: 'account_admin',
  setUp: 'Lists take effect once IP access lists are switched on for the account console.',
  description:
    'Create an allow or block list for the account. The first ALLOW list shuts out every other address; a list that ' +
    'would block the caller is refused. At most 1000 values per account. Takes effect within minutes. It cannot be ' +
    'changed here, only deleted and made anew.',
  route: 'POST /api/2.0/accounts/{account_id}/ip-access-lists',
  risk: 'privilege',
  input: z.strictObject({
    label: text('Unique name.'),
    list_type: oneOf(['ALLOW', 'BLOCK']),
    ip_addresses: strings('IPv4 addresses or CIDR ranges.'),
  }),
  returns: item('ip_access_list'),
  settle: createdIn(listIpAccessLists, ['label', 'list_type'], 'list_id'),
  impact: ipAccessListCreation,
});

export const deleteIpAccessList = http({
  id: 'databricks_delete_ip_access_list',
  label: 'Delete IP Access List',
  scopes: ['access-management'],
  role: 'account_admin',
  description: 'Delete an IP access list. Deleting the last ALLOW list opens the account to every address.',
  route: 'DELETE /api/2.0/accounts/{account_id}/ip-access-lists/{ip_access_list_id}',
  input: z.strictObject({ ip_access_list_id }),
  settle: goneFrom(getIpAccessList, ['ip_access_list_id']),
  impact: ipAccessListDeletion,
});
