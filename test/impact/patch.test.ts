/** What a SCIM PATCH makes of a resource, form by form: as told, or not to be told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arguments } from '../../tools/action.js';
import { inverse } from '../../tools/impact/changes.js';
import { applyPatch } from '../../tools/impact/patch.js';

const before = {
  id: '1',
  displayName: 'a',
  name: { givenName: 'A', familyName: 'B' },
  active: true,
  roles: [{ value: 'account_admin' }, { value: 'other' }],
  members: [{ value: '7', display: 'seven' }, { value: '8' }],
};
const urn = 'urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal';
const values = (...list: string[]) => list.map((value) => ({ value }));

const told: Record<string, [Arguments | Arguments[], Arguments]> = {
  'remove with a filter': [{ op: 'remove', path: 'roles[value eq "account_admin"]' }, { roles: values('other') }],
  'remove with a filter in capitals': [
    { op: 'remove', path: 'ROLES[VALUE EQ "account_admin"]' },
    { roles: values('other') },
  ],
  'remove with ne': [{ op: 'remove', path: 'roles[value ne "other"]' }, { roles: values('other') }],
  'remove with co': [{ op: 'remove', path: 'roles[value co "admin"]' }, { roles: values('other') }],
  'remove with sw': [{ op: 'remove', path: 'roles[value sw "acc"]' }, { roles: values('other') }],
  'remove with an escaped filter': [
    { op: 'remove', path: 'roles[value eq "account\\u005fadmin"]' },
    { roles: values('other') },
  ],
  'remove of the bare path': [{ op: 'remove', path: 'roles' }, { roles: undefined }],
  'remove of a value that is not there': [{ op: 'remove', path: 'members[value eq "9"]' }, {}],
  'remove that names every value': [
    { op: 'remove', path: 'roles', value: values('other', 'account_admin') },
    { roles: undefined },
  ],
  'replace of a list': [{ op: 'replace', path: 'members', value: values('9') }, { members: values('9') }],
  'replace of a list with nothing': [{ op: 'replace', path: 'members', value: [] }, { members: undefined }],
  'replace of a list with one bare value': [{ op: 'replace', path: 'roles', value: 'x' }, { roles: values('x') }],
  'replace keeps what is known of an element': [
    { op: 'replace', path: 'members', value: values('7') },
    { members: [{ value: '7', display: 'seven' }] },
  ],
  'add to a list': [
    { op: 'add', path: 'members', value: values('9', '8') },
    { members: [...before.members, { value: '9' }] },
  ],
  'an object without path': [
    { op: 'replace', value: { active: false, roles: values('x'), displayName: 'b' } },
    { active: false, roles: values('x'), displayName: 'b' },
  ],
  'an object without path that adds': [
    { op: 'add', value: { roles: values('x') } },
    { roles: [...before.roles, { value: 'x' }] },
  ],
  'the full name of an attribute': [{ op: 'replace', path: `${urn}:active`, value: false }, { active: false }],
  'a flag as text': [{ op: 'replace', path: 'active', value: 'False' }, { active: false }],
  'a flag in a list of one': [{ op: 'add', path: 'Active', value: [{ value: 'false' }] }, { active: false }],
  'a part of the name': [
    { op: 'replace', path: 'name.givenName', value: 'X' },
    { name: { givenName: 'X', familyName: 'B' } },
  ],
  'one operation after the other': [
    [
      { op: 'remove', path: 'roles' },
      { op: 'add', path: 'roles', value: values('x') },
    ],
    { roles: values('x') },
  ],
};

for (const [form, [operations, changes]] of Object.entries(told)) {
  test(`the result of a patch is told: ${form}`, () => {
    const patched = applyPatch(before, [operations].flat());
    const expected = Object.fromEntries(
      Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
    );
    assert.deepEqual(patched?.resource, expected);
    assert.deepEqual([...(patched?.unclear ?? [])], []);
  });
}

const unclear: Record<string, [Arguments | Arguments[], string]> = {
  'remove that names some values': [{ op: 'remove', path: 'roles', value: values('other') }, 'roles'],
  'a filter in other letters than the value': [{ op: 'remove', path: 'roles[value eq "ACCOUNT_ADMIN"]' }, 'roles'],
  'a filter of two comparisons': [{ op: 'remove', path: 'roles[value eq "a" or value eq "b"]' }, 'roles'],
  'a filter on another field': [{ op: 'remove', path: 'roles[display eq "a"]' }, 'roles'],
  'replace with a filter': [{ op: 'replace', path: 'roles[value eq "other"]', value: 'x' }, 'roles'],
  'add with a filter': [{ op: 'add', path: 'roles[value eq "other"]', value: 'x' }, 'roles'],
  'replace without a value': [{ op: 'replace', path: 'members' }, 'members'],
  'a list as broken JSON text': [{ op: 'replace', path: 'roles', value: '[{"value":"account_admin"}' }, 'roles'],
  'a part of an element': [{ op: 'remove', path: 'roles.value' }, 'roles'],
  'remove of active': [{ op: 'remove', path: 'active' }, 'active'],
  'a number for a flag': [{ op: 'replace', path: 'active', value: 0 }, 'active'],
  'part of the name without path': [{ op: 'replace', value: { name: { givenName: 'X' } } }, 'name'],
  'an odd spelling among others': [
    [
      { op: 'replace', path: 'active', value: false },
      { op: 'replace', path: 'ACTIVE', value: true },
    ],
    'active',
  ],
};

for (const [form, [operations, attribute]] of Object.entries(unclear)) {
  test(`the result of a patch is not guessed: ${form}`, () => {
    assert.deepEqual([...(applyPatch(before, [operations].flat())?.unclear ?? [])], [attribute]);
  });
}

for (const operation of [
  { op: 'remove' },
  { op: 'replace', value: 'x' },
  { op: 'replace', path: ' ', value: 'x' },
  { op: 'replace', path: 'urn:example:ext:2.0:User:active', value: true },
  { op: 'replace', path: 'id', value: 'x' },
  { op: 'replace', path: 'roles[value eq "a"]; active', value: 'x' },
  { op: 'move', path: 'roles' },
  'text',
]) {
  test(`nothing is told of an operation that names nothing known: ${JSON.stringify(operation)}`, () => {
    assert.equal(applyPatch(before, [operation]), undefined);
  });
}

test('the inverse of a patch restores the changed attributes and no others', () => {
  const patched = applyPatch(before, [
    { op: 'replace', path: 'roles', value: values('x') },
    { op: 'add', path: 'externalId', value: 'e' },
    { op: 'replace', path: 'name.givenName', value: 'X' },
    { op: 'replace', path: 'active', value: true },
  ]);
  assert.deepEqual(inverse(before, patched), [
    { op: 'replace', path: 'name.givenName', value: 'A' },
    { op: 'remove', path: 'externalId' },
    { op: 'replace', path: 'roles', value: values('account_admin', 'other') },
  ]);
  assert.equal(inverse(before, applyPatch(before, [{ op: 'replace', path: 'active', value: true }])), undefined);
});

test('what would take long to follow is not to be told, so that no call holds up the others', () => {
  const adding = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ op: 'add', path: 'members', value: values(`${at}`) }));
  assert.equal(applyPatch(before, adding(200))?.unclear.size, 0);
  assert.equal(applyPatch(before, adding(201)), undefined);
  const long = { op: 'remove', path: `members[value ne "${'7'.repeat(1_001)}"]` };
  assert.deepEqual([...(applyPatch(before, [long])?.unclear ?? [])], ['members']);
});
