// SCIM reads: filter, sort, pages and projection.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const users = (query: Record<string, string>) => client.get(`/scim/v2/Users?${new URLSearchParams(query)}`);
const names = async (filter: string, query: Record<string, string> = {}): Promise<string[]> =>
  (await users({ filter, ...query })).json.Resources.map((user: { displayName: string }) => user.displayName);

test('a list comes in the SCIM envelope as application/scim+json', async () => {
  const { json, headers } = await users({ count: '5' });
  assert.match(headers.get('content-type') ?? '', /^application\/scim\+json/);
  assert.deepEqual(json.schemas, ['urn:ietf:params:scim:api:messages:2.0:ListResponse']);
  assert.equal(json.startIndex, 1);
  assert.equal(json.itemsPerPage, 5);
  assert.ok(json.totalResults >= 55);
});

test('pages are 1-based, do not overlap and end with an empty one', async () => {
  const seen = new Set<string>();
  let total = 0;
  for (let startIndex = 1; ; startIndex += 25) {
    const { json } = await users({ startIndex: String(startIndex), count: '25' });
    total = json.totalResults;
    if (json.Resources.length === 0) break;
    for (const { id } of json.Resources) seen.add(id);
  }
  assert.equal(seen.size, total);
});

const filters: [filter: string, expected: string[]][] = [
  ['userName eq "amara.okafor@lumenfreight.example"', ['Amara Okafor']],
  ['USERNAME EQ "AMARA.okafor@lumenfreight.example"', ['Amara Okafor']],
  ['displayName sw "jo"', ['Jonas Müller', 'João Almeida']],
  ['name.familyName co "wó"', ['Łukasz Wójcik']],
  ['emails.value sw "mei-ling"', ['Mei-Ling Chen']],
  ['emails eq "mei-ling.chen@lumenfreight.example"', ['Mei-Ling Chen']],
  ['roles.value eq "account_admin"', ['Amara Okafor', 'Jonas Müller']],
  ['active eq false', ['Viktor Horváth', 'Camila Souza', 'Ilya Sokolov']],
  ['active ne true and displayName ne "Ilya Sokolov"', ['Viktor Horváth', 'Camila Souza']],
  ['active eq false and (displayName sw "v" or displayName sw "i")', ['Viktor Horváth', 'Ilya Sokolov']],
  ['displayName sw "amara" or active eq false and displayName sw "v"', ['Amara Okafor', 'Viktor Horváth']],
  ['displayName co "\\"Zed\\""', ['Zoë "Zed" O\u2019Quinn \u{1F680} \u05E9\u05DC\u05D5\u05DD']],
  ['externalId eq "nobody"', []],
];
for (const [filter, expected] of filters) {
  test(`the filter ${filter} finds ${expected.length}`, async () => {
    assert.deepEqual(await names(filter), expected);
  });
}

const broken = [
  'userName',
  'userName eq',
  'userName eq nobody',
  'userName gt "a"',
  'shoeSize eq "9"',
  'userName eq "a" and',
  '(userName eq "a"',
  'userName eq "a" userName eq "b"',
  'userName eq "a',
];
for (const filter of broken) {
  test(`the filter <${filter}> is refused as invalidFilter`, async () => {
    const { status, json } = await users({ filter });
    assert.equal(status, 400);
    assert.equal(json.scimType, 'invalidFilter');
    assert.equal(json.status, '400');
    assert.deepEqual(json.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
  });
}

test('a filter may have 200 nodes but not more', async () => {
  const chain = (length: number) => Array.from({ length }, (_, index) => `id eq "${index}"`).join(' or ');
  assert.equal((await users({ filter: chain(100) })).status, 200);
  assert.equal((await users({ filter: chain(101) })).json.scimType, 'invalidFilter');
});

test('sorting is by attribute in either order', async () => {
  const ascending = await names('active eq false', { sortBy: 'displayName' });
  assert.deepEqual(ascending, ['Camila Souza', 'Ilya Sokolov', 'Viktor Horváth']);
  assert.deepEqual(
    await names('active eq false', { sortBy: 'displayName', sortOrder: 'descending' }),
    ascending.toReversed(),
  );
  assert.equal((await users({ sortBy: 'displayName', sortOrder: 'up' })).status, 400);
});

test('attributes and excludedAttributes project, and id always stays', async () => {
  const [first] = (await users({ count: '1', attributes: 'userName,name.givenName' })).json.Resources;
  assert.deepEqual(Object.keys(first).sort(), ['id', 'name', 'userName']);
  assert.deepEqual(first.name, { givenName: 'Amara' });
  const { json } = await client.get(`/scim/v2/Users/${first.id}?excludedAttributes=roles,id,emails`);
  assert.equal(json.id, first.id);
  assert.equal(json.roles, undefined);
  assert.equal(json.userName, 'amara.okafor@lumenfreight.example');
});

test('a list of groups never has members, a single group has them with $ref and display', async () => {
  const filter = encodeURIComponent('displayName eq "analytics"');
  const { json } = await client.get(`/scim/v2/Groups?filter=${filter}&attributes=displayName,members`);
  assert.deepEqual(Object.keys(json.Resources[0]).sort(), ['displayName', 'id']);
  const { members, meta } = (await client.get(`/scim/v2/Groups/${json.Resources[0].id}`)).json;
  assert.equal(meta.resourceType, 'Group');
  assert.equal(members[0].display, 'analytics-emea');
  assert.equal(members[0].$ref, `Groups/${members[0].value}`);
  assert.match(members.at(-1).$ref, /^ServicePrincipals\//);
  const parents = await client.get(
    `/scim/v2/Groups?filter=${encodeURIComponent(`members.value eq "${members[0].value}"`)}`,
  );
  assert.equal(parents.json.totalResults, 1);
});

test('one seeded group is local to a workspace', async () => {
  const { json } = await client.get(
    `/scim/v2/Groups?filter=${encodeURIComponent('meta.resourceType eq "WorkspaceGroup"')}`,
  );
  assert.equal(json.totalResults, 1);
});

test('the own principal is found by its client id', async () => {
  const filter = encodeURIComponent(`applicationId eq "${client.sandbox.clientId}"`);
  const { json } = await client.get(`/scim/v2/ServicePrincipals?filter=${filter}`);
  assert.equal(json.Resources[0].displayName, 'mcp-admin');
  assert.deepEqual(json.Resources[0].roles, [{ value: 'account_admin' }]);
});

test('unknown and malformed query parameters are refused', async () => {
  assert.equal((await users({ page_size: '5' })).status, 400);
  assert.equal((await users({ count: 'many' })).status, 400);
});

test('an unknown user is a SCIM 404', async () => {
  const { status, json } = await client.get('/scim/v2/Users/1');
  assert.equal(status, 404);
  assert.equal(json.status, '404');
});
