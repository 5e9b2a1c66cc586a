/** IP access lists of the account console and the account APIs. */
import { z } from 'zod';
import { http, item, list } from './action.js';
import { oneOf, strings, text } from './fields.js';
import { ipAccessListCreation, ipAccessListDeletion } from './impact/ip-access-lists.js';
import { createdIn, goneFrom } from './settlements.js';
import * as views from './views.js';

const ip_access_list_id = text('Its list_id');

export const listIpAccessLists = http({
  id: 'databricks_list_ip_access_lists',
  label: 'List IP Access Lists',
  scopes: ['access-management'],
  role: 'account_admin',
  description: 'IP access lists of the account console and APIs; enforced only while the account setting is on.',
  view: views.ipAccessList,
  route: 'GET /api/2.0/accounts/{account_id}/ip-access-lists',
  input: z.strictObject({}),
  returns: list('ip_access_lists'),
});

export const getIpAccessList = http({
  id: 'databricks_get_ip_access_list',
  label: 'Get IP Access List',
  scopes: ['access-management'],
  role: 'account_admin',
  description: 'One IP access list.',
  view: views.ipAccessList,
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
    'Allow or block addresses for the account. The first ALLOW list shuts out all others; one that blocks the ' +
    'caller is refused. 1000 values per account. Acts within minutes. Cannot change: delete and remake.',
  view: views.ipAccessList,
  route: 'POST /api/2.0/accounts/{account_id}/ip-access-lists',
  risk: 'privilege',
  input: z.strictObject({
    label: text('Unique'),
    list_type: oneOf(['ALLOW', 'BLOCK']),
    ip_addresses: strings('IPv4 or CIDR'),
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
  description: 'Delete an IP access list. Without any ALLOW list the account is open to all addresses.',
  route: 'DELETE /api/2.0/accounts/{account_id}/ip-access-lists/{ip_access_list_id}',
  input: z.strictObject({ ip_access_list_id }),
  settle: goneFrom(getIpAccessList, ['ip_access_list_id']),
  impact: ipAccessListDeletion,
});
