/** What the bare upstream answers with: a user, a page of a hundred, and usage files of any size. The same bytes every time. */

export const accountId = '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24';

/** A user with this id is never answered. */
export const silentUser = '9999999999999999';
export const someUser = '4920605900000007';

const given = ['Ana', 'Mateo', 'Ngozi', 'Lena', 'Ravi', 'Sofia', 'Jun', 'Amara', 'Tomas', 'Marta'];
const family = ['Lopez', 'Okafor', 'Schmidt', 'Patel', 'Tanaka', 'Novak', 'Rossi', 'Fernandez', 'Kim', 'Ruiz'];

/** As account SCIM answers a list: with schema URNs, and with lists that are empty. */
export function user(index: number): Record<string, unknown> {
  const first = given[index % 10] ?? '';
  const last = family[Math.floor(index / 10) % 10] ?? '';
  const address = `${first}.${last}${index}@example.com`.toLowerCase();
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: String(4_920_605_900_000_000 + index),
    userName: address,
    displayName: `${first} ${last}`,
    name: { givenName: first, familyName: last },
    emails: [{ type: 'work', value: address, primary: true }],
    active: true,
    roles: index % 20 === 0 ? [{ value: 'account_admin' }] : [],
    groups: [],
    externalId: null,
  };
}

export const pageSize = 100;

/** SCIM's projection: the fields asked for, and the id. */
export function userPage(attributes?: readonly string[]): Record<string, unknown> {
  const users = Array.from({ length: pageSize }, (_, index) => user(index + 1));
  const shown = (each: Record<string, unknown>) =>
    attributes === undefined
      ? each
      : Object.fromEntries(Object.entries(each).filter(([name]) => name === 'id' || attributes.includes(name)));
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 2_431,
    startIndex: 1,
    itemsPerPage: pageSize,
    Resources: users.map(shown),
  };
}

const header =
  'workspaceId,timestamp,clusterId,clusterName,clusterNodeType,clusterOwnerUserId,clusterCustomTags,sku,dbus,machineHours,clusterOwnerUserName,tags\n';
const rows = Array.from({ length: 2_000 }, (_, index) => {
  const workspace = 4_789_006_700_000_130 + (index % 40);
  const hour = String(index % 24).padStart(2, '0');
  const sku = index % 3 === 0 ? 'ENTERPRISE_JOBS_COMPUTE' : 'ENTERPRISE_ALL_PURPOSE_COMPUTE';
  return `${workspace},2026-01-${String(1 + (index % 28)).padStart(2, '0')}T${hour}:00:00Z,0131-${index}-abcdef,nightly etl ${index % 90},i3.xlarge,,"{""team"":""data-${index % 12}""}",${sku},${(index % 97) / 8},1.0,,"{""cost_center"":""${index % 50}""}"\n`;
}).join('');

/** A usage file of about so many bytes, whole rows only: the parts it is sent in. */
export function usageParts(bytes: number): readonly Buffer[] {
  const block = Buffer.from(rows);
  const blocks = Math.max(1, Math.round((bytes - header.length) / block.length));
  return [Buffer.from(header), ...Array.from({ length: blocks }, () => block)];
}
