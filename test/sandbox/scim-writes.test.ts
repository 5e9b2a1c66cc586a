// SCIM writes: create, PATCH in all its spellings, PUT and delete.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { start } from './client.js';

const client = await start();
const message = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
});
const patch = (path: string, ...operations: object[]) => client.patch(`/scim/v2/${path}`, message(...operations));
const read = async (path: string) => (await client.get(`/scim/v2/${path}`)).json;
let counter = 0;
async function newUser(given: object = {}): Promise<string> {
  counter += 1;
  const { status, json } = await client.post('/scim/v2/Users', { userName: `new${counter}@example.com`, ...given });
  assert.equal(status, 201);
  return json.id;
}
async function newGroup(given: object = {}): Promise<string> {
  counter += 1;
  return (await client.post('/scim/v2/Groups', { displayName: `group ${counter}`, ...given })).json.id;
}

test('a new user gets an id, an e-mail from its userName and is active', async () => {
  const id = await newUser({ name: { givenName: 'Nia', familyName: 'Roy' } });
  const user = await read(`Users/${id}`);
  assert.equal(user.active, true);
  assert.equal(user.displayName, 'Nia Roy');
  assert.equal(user.emails[0].value, user.userName);
});

test('duplicates are refused with the documented texts', async () => {
  const user = await client.post('/scim/v2/Users', { userName: 'Amara.Okafor@lumenfreight.example' });
  assert.equal(user.status, 409);
  assert.equal(user.json.detail, 'User with email Amara.Okafor@lumenfreight.example already exists in this account');
  const group = await client.post('/scim/v2/Groups', { displayName: 'data-science' });
  assert.equal(group.json.detail, 'Group with name data-science already exists.');
  assert.equal(group.json.scimType, 'uniqueness');
});

const bodies: [name: string, path: string, body: unknown][] = [
  ['a missing userName', 'Users', { displayName: 'x' }],
  ['an unknown attribute', 'Users', { userName: 'a@b.c', nickName: 'x' }],
  ['a quoted boolean', 'Users', { userName: 'a@b.c', active: 'true' }],
  ['a bare role', 'Users', { userName: 'a@b.c', roles: ['account_admin'] }],
  ['entitlements', 'Groups', { displayName: 'x', entitlements: [{ value: 'workspace-access' }] }],
  [
    'an application id outside Azure',
    'ServicePrincipals',
    { displayName: 'x', applicationId: '11111111-1111-4111-8111-111111111111' },
  ],
  ['malformed JSON', 'Users', '{"userName":'],
];
for (const [name, path, body] of bodies) {
  test(`a create with ${name} is a 400`, async () => {
    const { status, json } = await client.post(`/scim/v2/${path}`, body);
    assert.equal(status, 400);
    assert.ok(json.detail);
  });
}

for (const value of ['false', false, [{ value: 'false' }], { value: false }]) {
  test(`a user is deactivated by the value ${JSON.stringify(value)}`, async () => {
    const id = await newUser();
    assert.equal((await patch(`Users/${id}`, { op: 'Replace', path: 'active', value })).status, 204);
    assert.equal((await read(`Users/${id}`)).active, false);
  });
}

test('an operation without a path takes an object', async () => {
  const id = await newUser();
  await patch(`Users/${id}`, {
    op: 'replace',
    value: { displayName: 'Renamed', 'name.givenName': 'Re', active: false },
  });
  const user = await read(`Users/${id}`);
  assert.equal(user.displayName, 'Renamed');
  assert.deepEqual(user.name, { givenName: 'Re' });
  assert.equal(user.active, false);
});

test('userName and emails are silently ignored by PATCH and PUT', async () => {
  const id = await newUser();
  const before = await read(`Users/${id}`);
  await patch(
    `Users/${id}`,
    { op: 'replace', path: 'userName', value: 'x@y.z' },
    { op: 'replace', path: 'emails', value: [{ value: 'x@y.z' }] },
  );
  const { status } = await client.put(`/scim/v2/Users/${id}`, { userName: 'x@y.z', displayName: before.displayName });
  assert.equal(status, 200);
  assert.deepEqual(await read(`Users/${id}`), before);
});

test('the admin role is added and taken by path', async () => {
  const id = await newUser();
  await patch(`Users/${id}`, { op: 'add', path: 'roles', value: [{ value: 'account_admin' }] });
  assert.deepEqual((await read(`Users/${id}`)).roles, [{ value: 'account_admin' }]);
  await patch(`Users/${id}`, { op: 'remove', path: 'roles[value eq "account_admin"]' });
  assert.equal((await read(`Users/${id}`)).roles, undefined);
});

test('members are added once, removed by filter, and removing twice is no error', async () => {
  const [user, group] = [await newUser(), await newGroup()];
  const add = { op: 'add', path: 'members', value: [{ value: user }] };
  assert.equal((await patch(`Groups/${group}`, add)).status, 204);
  assert.equal((await patch(`Groups/${group}`, add)).status, 204);
  assert.equal((await read(`Groups/${group}`)).members.length, 1);
  const remove = { op: 'remove', path: `members[value eq "${user}"]` };
  assert.equal((await patch(`Groups/${group}`, remove)).status, 204);
  assert.equal((await patch(`Groups/${group}`, remove)).status, 204);
  assert.equal((await read(`Groups/${group}`)).members, undefined);
});

test('an unknown member and the group itself are refused', async () => {
  const group = await newGroup();
  assert.equal((await patch(`Groups/${group}`, { op: 'add', path: 'members', value: [{ value: '1' }] })).status, 404);
  assert.equal((await patch(`Groups/${group}`, { op: 'add', path: 'members', value: group })).status, 400);
});

const refused: [operation: object, scimType: string][] = [
  [{ op: 'replace', path: 'shoeSize', value: '9' }, 'invalidPath'],
  [{ op: 'remove' }, 'noTarget'],
  [{ op: 'replace', path: 'roles[value eq "x"]', value: 'y' }, 'noTarget'],
  [{ op: 'replace', path: 'active', value: 'maybe' }, 'invalidValue'],
  [{ op: 'move', path: 'active', value: true }, 'invalidSyntax'],
  [{ op: 'replace', path: 'id', value: '2' }, 'mutability'],
  [{ op: 'remove', path: 'roles[value xx "1"]' }, 'invalidFilter'],
  [{ op: 'add', path: 'displayName' }, 'invalidValue'],
];
for (const [operation, scimType] of refused) {
  test(`the operation ${JSON.stringify(operation)} is refused with ${scimType}`, async () => {
    const { status, json } = await patch(`Users/${await newUser()}`, operation);
    assert.equal(status, 400);
    assert.equal(json.scimType, scimType);
  });
}

test('entitlements are refused with the documented text', async () => {
  const { status, json } = await patch(`Groups/${await newGroup()}`, {
    op: 'add',
    path: 'entitlements',
    value: [{ value: 'x' }],
  });
  assert.equal(status, 400);
  assert.equal(json.detail, 'entitlements can only be managed at the workspace level');
});

test('a PATCH is all or nothing', async () => {
  const id = await newUser({ displayName: 'before' });
  await patch(`Users/${id}`, { op: 'replace', path: 'displayName', value: 'after' }, { op: 'remove' });
  assert.equal((await read(`Users/${id}`)).displayName, 'before');
});

test('PATCH without the PatchOp schema is refused', async () => {
  const { status } = await client.patch(`/scim/v2/Users/${await newUser()}`, {
    Operations: [{ op: 'remove', path: 'roles' }],
  });
  assert.equal(status, 400);
});

test('PUT replaces the whole group: what is left out is cleared', async () => {
  const group = await newGroup({ members: [{ value: await newUser() }], roles: [{ value: 'account_admin' }] });
  await client.put(`/scim/v2/Groups/${group}`, { displayName: 'bare' });
  const { displayName, members, roles } = await read(`Groups/${group}`);
  assert.deepEqual({ displayName, members, roles }, { displayName: 'bare', members: undefined, roles: undefined });
});

test('deleting a user takes it out of its groups', async () => {
  const user = await newUser();
  const group = await newGroup({ members: [{ value: user }] });
  const answer = await client.delete(`/scim/v2/Users/${user}`);
  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  assert.equal((await read(`Groups/${group}`)).members, undefined);
  assert.equal((await client.get(`/scim/v2/Users/${user}`)).status, 404);
});

test('the application id of a principal cannot be changed', async () => {
  const { json } = await client.post('/scim/v2/ServicePrincipals', { displayName: 'fixed' });
  const { status } = await patch(`ServicePrincipals/${json.id}`, { op: 'replace', path: 'applicationId', value: 'x' });
  assert.equal(status, 400);
  const put = { displayName: 'renamed', applicationId: json.applicationId };
  assert.equal((await client.put(`/scim/v2/ServicePrincipals/${json.id}`, put)).json.displayName, 'renamed');
});
