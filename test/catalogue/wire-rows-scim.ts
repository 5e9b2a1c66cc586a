/** Exact requests of users, groups and service principals, written from the API reference; never from the catalogue. */
import type { WireRow } from './wire-row.js';

const patchStart = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":';
const patch = (operations: string) => `${patchStart}${operations}}`;

export const scimRows: readonly WireRow[] = [
  ['databricks_list_users', {}, 'GET /api/2.0/accounts/acct/scim/v2/Users?count=100'],
  [
    'databricks_list_users',
    {
      filter: 'userName eq "ana+1@example.com"',
      attributes: 'id,roles',
      excludedAttributes: 'emails',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 101,
      count: 50,
    },
    'GET /api/2.0/accounts/acct/scim/v2/Users?filter=userName%20eq%20%22ana%2B1%40example.com%22' +
      '&attributes=id%2Croles&excludedAttributes=emails&sortBy=userName&sortOrder=descending&startIndex=101&count=50',
  ],
  ['databricks_get_user', { id: '42' }, 'GET /api/2.0/accounts/acct/scim/v2/Users/42'],
  [
    'databricks_get_user',
    {
      id: '42',
      attributes: 'id,userName',
      excludedAttributes: 'roles',
      filter: 'active eq true',
      sortBy: 'id',
      sortOrder: 'ascending',
      startIndex: 1,
      count: 1,
    },
    'GET /api/2.0/accounts/acct/scim/v2/Users/42?attributes=id%2CuserName&excludedAttributes=roles' +
      '&filter=active%20eq%20true&sortBy=id&sortOrder=ascending&startIndex=1&count=1',
  ],
  [
    'databricks_create_user',
    {
      userName: 'ana@example.com',
      displayName: 'Ana Díaz',
      name: { givenName: 'Ana', familyName: 'Díaz' },
      active: false,
      roles: [{ value: 'account_admin' }],
      emails: [{ value: 'ana@example.com', display: 'Work', type: 'work', primary: true }],
      externalId: 'e-1',
      id: '7',
    },
    'POST /api/2.0/accounts/acct/scim/v2/Users',
    '{"userName":"ana@example.com","displayName":"Ana Díaz","name":{"givenName":"Ana","familyName":"Díaz"},' +
      '"active":false,"roles":[{"value":"account_admin"}],"emails":[{"value":"ana@example.com","display":"Work",' +
      '"type":"work","primary":true}],"externalId":"e-1","id":"7"}',
  ],
  [
    'databricks_update_user',
    {
      id: '42',
      Operations: [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'displayName', value: '' },
        { op: 'add', path: 'roles', value: [{ value: 'account_admin' }] },
        { op: 'remove', path: 'roles[value eq "account_admin"]' },
        { op: 'replace', value: { name: { givenName: 'Ana' }, active: true } },
      ],
    },
    'PATCH /api/2.0/accounts/acct/scim/v2/Users/42',
    patch(
      '[{"op":"replace","path":"active","value":false},{"op":"replace","path":"displayName","value":""},' +
        '{"op":"add","path":"roles","value":[{"value":"account_admin"}]},' +
        '{"op":"remove","path":"roles[value eq \\"account_admin\\"]"},' +
        '{"op":"replace","value":{"active":true,"name":{"givenName":"Ana"}}}]',
    ),
  ],
  ['databricks_delete_user', { id: '42' }, 'DELETE /api/2.0/accounts/acct/scim/v2/Users/42'],

  ['databricks_list_groups', {}, 'GET /api/2.0/accounts/acct/scim/v2/Groups?count=100'],
  [
    'databricks_list_groups',
    {
      filter: 'displayName co "data & ml"',
      attributes: 'id',
      excludedAttributes: 'members',
      sortBy: 'displayName',
      sortOrder: 'ascending',
      startIndex: 1,
      count: 5,
    },
    'GET /api/2.0/accounts/acct/scim/v2/Groups?filter=displayName%20co%20%22data%20%26%20ml%22&attributes=id' +
      '&excludedAttributes=members&sortBy=displayName&sortOrder=ascending&startIndex=1&count=5',
  ],
  ['databricks_get_group', { id: '5' }, 'GET /api/2.0/accounts/acct/scim/v2/Groups/5'],
  [
    'databricks_create_group',
    {
      displayName: 'ml',
      members: [{ value: '42', display: 'Ana', type: 'direct', primary: false }],
      roles: [{ value: 'account_admin' }],
      externalId: 'e-2',
      meta: { resourceType: 'Group' },
      id: '5',
    },
    'POST /api/2.0/accounts/acct/scim/v2/Groups',
    '{"displayName":"ml","members":[{"value":"42","display":"Ana","type":"direct","primary":false}],' +
      '"roles":[{"value":"account_admin"}],"externalId":"e-2","meta":{"resourceType":"Group"},"id":"5"}',
  ],
  [
    'databricks_update_group',
    {
      id: '5',
      Operations: [
        { op: 'replace', path: 'members', value: [{ value: '42' }, { value: '43' }] },
        { op: 'replace', value: { displayName: 'ml-2', members: [], externalId: '' } },
      ],
    },
    'PATCH /api/2.0/accounts/acct/scim/v2/Groups/5',
    patch(
      '[{"op":"replace","path":"members","value":[{"value":"42"},{"value":"43"}]},' +
        '{"op":"replace","value":{"displayName":"ml-2","members":[],"externalId":""}}]',
    ),
  ],
  ['databricks_delete_group', { id: '5' }, 'DELETE /api/2.0/accounts/acct/scim/v2/Groups/5'],
  [
    'databricks_add_group_member',
    { group_id: '5', member_id: '42' },
    'PATCH /api/2.0/accounts/acct/scim/v2/Groups/5',
    patch('[{"op":"add","path":"members","value":[{"value":"42"}]}]'),
  ],
  [
    'databricks_remove_group_member',
    { group_id: '5', member_id: '42' },
    'PATCH /api/2.0/accounts/acct/scim/v2/Groups/5',
    patch('[{"op":"remove","path":"members[value eq \\"42\\"]"}]'),
  ],
  [
    // A quote in an id stays inside the filter's string.
    'databricks_remove_group_member',
    { group_id: '5', member_id: '4" or value pr or value eq "' },
    'PATCH /api/2.0/accounts/acct/scim/v2/Groups/5',
    patch('[{"op":"remove","path":"members[value eq \\"4\\\\\\" or value pr or value eq \\\\\\"\\"]"}]'),
  ],

  ['databricks_list_service_principals', {}, 'GET /api/2.0/accounts/acct/scim/v2/ServicePrincipals?count=100'],
  [
    'databricks_list_service_principals',
    {
      filter: 'applicationId eq "0a1b"',
      attributes: 'id,roles',
      excludedAttributes: 'active',
      sortBy: 'id',
      sortOrder: 'ascending',
      startIndex: 10001,
      count: 10000,
    },
    'GET /api/2.0/accounts/acct/scim/v2/ServicePrincipals?filter=applicationId%20eq%20%220a1b%22' +
      '&attributes=id%2Croles&excludedAttributes=active&sortBy=id&sortOrder=ascending&startIndex=10001&count=10000',
  ],
  ['databricks_get_service_principal', { id: '9' }, 'GET /api/2.0/accounts/acct/scim/v2/ServicePrincipals/9'],
  [
    'databricks_create_service_principal',
    {
      displayName: 'ci',
      applicationId: '0a1b',
      active: true,
      roles: [{ value: 'account_admin', display: '' }],
      externalId: 'e-3',
      id: '9',
    },
    'POST /api/2.0/accounts/acct/scim/v2/ServicePrincipals',
    '{"displayName":"ci","applicationId":"0a1b","active":true,"roles":[{"value":"account_admin","display":""}],' +
      '"externalId":"e-3","id":"9"}',
  ],
  [
    // Clients that keep to the shown type send lists and objects as JSON text.
    'databricks_update_service_principal',
    {
      id: '9',
      Operations: [
        { op: 'add', path: 'roles', value: '[{"value":"account_admin"}]' },
        { op: 'replace', value: '{"active":false}' },
        { op: 'replace', path: 'active', value: 'false' },
      ],
    },
    'PATCH /api/2.0/accounts/acct/scim/v2/ServicePrincipals/9',
    patch(
      '[{"op":"add","path":"roles","value":[{"value":"account_admin"}]},{"op":"replace","value":{"active":false}},' +
        '{"op":"replace","path":"active","value":"false"}]',
    ),
  ],
  ['databricks_delete_service_principal', { id: '9' }, 'DELETE /api/2.0/accounts/acct/scim/v2/ServicePrincipals/9'],
];
