/** Who is account admin in a small picture of an account, before and after a change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Admins,
  adminUsers,
  type Group,
  type Person,
  reached,
  withGroup,
  withPerson,
} from '../../tools/impact/admins.js';

const user = (roles: string[] = [], active = true): Person => ({ kind: 'user', active, roles });
const group = (members: string[], roles: string[] = []): Group => ({ members, roles });

const admins: Admins = {
  people: new Map([
    ['direct', user(['account_admin'])],
    ['nested', user()],
    ['inactive', user(['account_admin'], false)],
    ['plain', user(['other'])],
    ['robot', { kind: 'service principal', active: true, roles: ['account_admin'] }],
  ]),
  groups: new Map([
    ['top', group(['middle'], ['account_admin'])],
    ['middle', group(['nested', 'top'])],
    ['side', group(['plain'])],
  ]),
};

test('the role reaches through nested groups, also where they go round in a circle', () => {
  assert.deepEqual([...reached(admins)].sort(), ['direct', 'inactive', 'middle', 'nested', 'robot', 'top']);
});

test('only active users count as people in charge', () => {
  assert.deepEqual(adminUsers(admins), ['direct', 'nested']);
});

test('a group that is deleted takes the role from those it reached, and is in no other group any more', () => {
  const after = withGroup(admins, 'middle', undefined);
  assert.deepEqual(adminUsers(after), ['direct']);
  assert.deepEqual(after.groups.get('top')?.members, []);
});

test('a group that loses its role takes it from all below', () => {
  assert.deepEqual(adminUsers(withGroup(admins, 'top', group(['middle']))), ['direct']);
});

test('people who are deleted or deactivated are not in charge', () => {
  assert.deepEqual(adminUsers(withPerson(admins, 'direct', undefined)), ['nested']);
  assert.deepEqual(adminUsers(withPerson(admins, 'nested', user([], false))), ['direct']);
  assert.deepEqual(withPerson(admins, 'nested', undefined).groups.get('middle')?.members, ['top']);
});
