/** Calls that would shut this server or the last administrator out are seen before they are made (S031, S032). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Arguments } from '../../tools/action.js';
import { listServicePrincipals } from '../../tools/service-principals.js';
import { account, action, admin, type Bench } from './bench.js';
import { impactOf, lookAt, NotFound } from './look.js';

const deletesOwn = /^This deletes the service principal this server signs in with\./;
const stopsOwn = /^This deactivates the service principal this server signs in with\./;
const demotesOwn = /^This takes account admin from the service principal this server signs in with\./;
const lastAdmin = /^This leaves no active user who is account admin\./;
const cannotTell = /^It cannot be told whether/;

async function locked(bench: Bench, name: string, args: Arguments, ...reasons: RegExp[]): Promise<void> {
  const { lockouts = [] } = await bench.impact(name, args);
  assert.equal(lockouts.length, reasons.length, `${name} ${JSON.stringify(args)}: ${lockouts.join(' ')}`);
  for (const [index, reason] of reasons.entries()) assert.match(lockouts[index] ?? '', reason);
}

const free = (bench: Bench, name: string, args: Arguments) => locked(bench, name, args);
const operations = (...Operations: Arguments[]) => ({ Operations });

/** The own principal is admin through a group alone: directly in it, or in one nested two deep. */
async function adminByGroup(bench: Bench, depth: 0 | 2): Promise<{ top: string; middle: string; inner: string }> {
  const id = bench.own.id;
  const group = async (displayName: string, members: string[], roles?: typeof admin) => {
    const made = { displayName, members: members.map((value) => ({ value })), ...(roles && { roles }) };
    return String((await bench.done('create_group', made)).json.id);
  };
  const spare = bench.id('groups', 'automation');
  const inner = depth === 0 ? spare : await group('inner', [id]);
  const middle = depth === 0 ? spare : await group('middle', [inner]);
  const top = await group('top', [depth === 0 ? id : middle], admin);
  await bench.patch('service_principal', id, { op: 'remove', path: 'roles' });
  assert.ok(bench.ownIsInCharge());
  return { top, middle, inner };
}

test('deleting and deactivating the own service principal is a lock-out, in every form', async (t) => {
  const bench = await account(t);
  const { id } = bench.own;
  await locked(bench, 'delete_service_principal', { id }, deletesOwn);
  for (const operation of [
    { op: 'replace', path: 'active', value: false },
    { op: 'replace', path: 'ACTIVE', value: 'False' },
    { op: 'add', path: 'active', value: [{ value: 'false' }] },
    { op: 'replace', value: { active: false } },
    { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal:active', value: 'false' },
  ]) {
    await locked(bench, 'update_service_principal', { id, ...operations(operation) }, stopsOwn);
  }
});

test('taking account admin from the own service principal is a lock-out, in every form', async (t) => {
  const bench = await account(t);
  const { id } = bench.own;
  for (const operation of [
    { op: 'remove', path: 'roles[value eq "account_admin"]' },
    { op: 'remove', path: 'roles' },
    { op: 'remove', path: 'ROLES' },
    { op: 'replace', path: 'roles', value: [] },
    { op: 'replace', path: 'roles', value: [{ value: 'ACCOUNT_ADMIN' }] },
    { op: 'replace', value: { roles: [{ value: 'other' }] } },
    { op: 'remove', path: 'roles', value: admin },
    { op: 'remove', path: 'urn:ietf:params:scim:schemas:core:2.0:ServicePrincipal:roles' },
  ]) {
    await locked(bench, 'update_service_principal', { id, ...operations(operation) }, demotesOwn);
  }
});

test('what cannot be told of the own service principal is a lock-out, and of another it is none', async (t) => {
  const bench = await account(t);
  const other = bench.id('servicePrincipals', 'terraform-provisioner');
  for (const operation of [
    { op: 'remove', path: 'active' },
    { op: 'remove', path: 'roles[value eq "a" or value eq "account_admin"]' },
    { op: 'replace', path: 'active', value: 0 },
    { op: 'replace', path: 'entitlements', value: 'x' },
  ]) {
    await locked(bench, 'update_service_principal', { id: bench.own.id, ...operations(operation) }, cannotTell);
    await free(bench, 'update_service_principal', { id: other, ...operations(operation) });
  }
});

test('harmless changes of the own service principal, and all of others, are free', async (t) => {
  const bench = await account(t);
  const { id } = bench.own;
  for (const operation of [
    { op: 'replace', path: 'displayName', value: 'x' },
    { op: 'replace', path: 'active', value: true },
    { op: 'add', path: 'roles', value: [{ value: 'other' }] },
    { op: 'replace', path: 'roles', value: [...admin, { value: 'other' }] },
    { op: 'remove', path: 'roles[value eq "other"]' },
  ]) {
    await free(bench, 'update_service_principal', { id, ...operations(operation) });
  }
  const other = bench.id('servicePrincipals', 'terraform-provisioner');
  await free(bench, 'delete_service_principal', { id: other });
  await free(bench, 'update_service_principal', { id: other, ...operations({ op: 'remove', path: 'roles' }) });
});

test('the direct role may go where a group gives it too', async (t) => {
  const bench = await account(t);
  const { id } = bench.own;
  await bench.done('add_group_member', { group_id: bench.id('groups', 'platform-admins'), member_id: id });
  await free(bench, 'update_service_principal', { id, ...operations({ op: 'remove', path: 'roles' }) });
});

test('the group that makes the own service principal admin is not taken away, in any way', async (t) => {
  const bench = await account(t);
  const { top } = await adminByGroup(bench, 0);
  const { id } = bench.own;
  const someone = bench.id('users', 'Omar Haddad');
  await locked(bench, 'delete_group', { id: top }, demotesOwn);
  await locked(bench, 'remove_group_member', { group_id: top, member_id: id }, demotesOwn);
  for (const operation of [
    { op: 'remove', path: 'roles' },
    { op: 'remove', path: `members[value eq "${id}"]` },
    { op: 'remove', path: 'members' },
    { op: 'replace', path: 'members', value: [{ value: someone }] },
    { op: 'replace', value: { members: [] } },
    { op: 'replace', path: 'Members', value: someone },
  ]) {
    await locked(bench, 'update_group', { id: top, ...operations(operation) }, demotesOwn);
  }
  await locked(
    bench,
    'update_group',
    { id: top, ...operations({ op: 'remove', path: 'members', value: [{ value: '1' }] }) },
    cannotTell,
  );
  await free(bench, 'add_group_member', { group_id: top, member_id: someone });
  await free(bench, 'update_group', { id: top, ...operations({ op: 'replace', path: 'displayName', value: 'x' }) });
  await free(bench, 'delete_group', { id: bench.id('groups', 'analytics') });
});

test('an id in another spelling, which a server may take for the same number, is no way around', async (t) => {
  const bench = await account(t);
  const { top } = await adminByGroup(bench, 0);
  const { id } = bench.own;
  const odd = [
    `0${id}`,
    ` ${id}`,
    `+${id}`,
    `${id}.0`,
    id.replace(/[0-9]/g, (digit) => String.fromCodePoint(0x0660 + Number(digit))),
  ];
  for (const spelled of odd) {
    const remove = { op: 'remove', path: `members[value eq "${spelled}"]` };
    await locked(bench, 'update_group', { id: top, ...operations(remove) }, cannotTell);
    const member = { group_id: top, member_id: spelled };
    await assert.rejects(bench.impact('remove_group_member', member), NotFound);
    const secret = { service_principal_id: spelled, secret_id: 'any' };
    await assert.rejects(bench.impact('delete_service_principal_secret', secret), /service principal/);
  }
});

test('the same holds two groups deep', async (t) => {
  const bench = await account(t);
  const { top, middle, inner } = await adminByGroup(bench, 2);
  const { id } = bench.own;
  for (const group of [top, middle, inner]) await locked(bench, 'delete_group', { id: group }, demotesOwn);
  await locked(bench, 'remove_group_member', { group_id: middle, member_id: inner }, demotesOwn);
  await locked(bench, 'remove_group_member', { group_id: inner, member_id: id }, demotesOwn);
  const swap = (members: string[]) =>
    operations({ op: 'replace', path: 'members', value: members.map((value) => ({ value })) });
  await locked(bench, 'update_group', { id: middle, ...swap([bench.id('groups', 'automation')]) }, demotesOwn);
  await free(bench, 'update_group', { id: top, ...swap([inner]) });
});

test('the last user who is admin stays, whichever way it is one', async (t) => {
  const bench = await account(t);
  const group = bench.id('groups', 'platform-admins');
  const [last = '', ...others] = bench.adminUsers();
  await bench.patch('group', group, { op: 'replace', path: 'members', value: [{ value: last }] });
  for (const id of [last, ...others]) await bench.patch('user', id, { op: 'remove', path: 'roles' });
  assert.deepEqual(bench.adminUsers(), [last]);
  await locked(bench, 'delete_user', { id: last }, lastAdmin);
  await locked(
    bench,
    'update_user',
    { id: last, ...operations({ op: 'replace', path: 'active', value: 'false' }) },
    lastAdmin,
  );
  await locked(bench, 'delete_group', { id: group }, lastAdmin);
  await locked(bench, 'remove_group_member', { group_id: group, member_id: last }, lastAdmin);
  await locked(bench, 'update_group', { id: group, ...operations({ op: 'remove', path: 'roles' }) }, lastAdmin);
  await locked(bench, 'update_user', { id: last, ...operations({ op: 'remove', path: 'active' }) }, cannotTell);
  await free(bench, 'update_user', { id: last, ...operations({ op: 'replace', path: 'displayName', value: 'x' }) });
  const other = others[0] ?? '';
  await free(bench, 'delete_user', { id: other });
  // An inactive admin does not count as one left.
  await bench.patch(
    'user',
    other,
    { op: 'add', path: 'roles', value: admin },
    { op: 'replace', path: 'active', value: false },
  );
  await locked(bench, 'delete_user', { id: last }, lastAdmin);
  await bench.patch('user', other, { op: 'replace', path: 'active', value: true });
  await free(bench, 'delete_user', { id: last });
});

test('the secret in use is kept, and any of the own principal where it cannot be told which that is', async (t) => {
  const bench = await account(t);
  const service_principal_id = bench.own.id;
  const secrets = `/servicePrincipals/${service_principal_id}/credentials/secrets`;
  const used = String((await bench.client.get(secrets)).json.secrets[0].id);
  const fresh = { service_principal_id, lifetime: '60s', scopes: ['scim'] };
  const spare = String((await bench.done('create_service_principal_secret', fresh)).json.id);
  await locked(
    bench,
    'delete_service_principal_secret',
    { service_principal_id, secret_id: used },
    /signs in with this/,
  );
  await free(bench, 'delete_service_principal_secret', { service_principal_id, secret_id: spare });

  // Hashes of another form than Databricks lists: none fits.
  const { look, reads } = await lookAt(bench.sandbox);
  const blind = { look: { ...look, ownSecretHashes: async () => ['unknown'] }, reads };
  for (const secret_id of [used, spare]) {
    const { lockouts = [] } = await impactOf(blind, action('delete_service_principal_secret'), {
      service_principal_id,
      secret_id,
    });
    assert.equal(lockouts.length, 1);
    assert.match(lockouts[0] ?? '', /which of its secrets is in use cannot be told/);
  }

  // Where no secret signs in, none is in use here.
  const without = { look: { ...look, ownSecretHashes: async () => undefined }, reads };
  const impact = await impactOf(without, action('delete_service_principal_secret'), {
    service_principal_id,
    secret_id: used,
  });
  assert.equal(impact.lockouts, undefined);
});

test('without a look at the own principal no secret of another is deleted either', async (t) => {
  const bench = await account(t);
  const service_principal_id = bench.id('servicePrincipals', 'ci-deploy');
  const list = await bench.client.get(`/servicePrincipals/${service_principal_id}/credentials/secrets`);
  const args = { service_principal_id, secret_id: String(list.json.secrets[0].id) };
  await free(bench, 'delete_service_principal_secret', args);
  const { lockouts = [] } = await bench.impact('delete_service_principal_secret', args, {
    closed: [listServicePrincipals as never],
  });
  assert.equal(lockouts.length, 1);
  assert.match(lockouts[0] ?? '', /cannot be looked up\. A token with the scope scim makes it checkable\.$/);
});

test('one look reads each group once, whatever it is asked about', async (t) => {
  const bench = await account(t);
  const { top } = await adminByGroup(bench, 0);
  for (const [name, args] of [
    ['remove_group_member', { group_id: top, member_id: bench.own.id }],
    ['add_group_member', { group_id: top, member_id: bench.id('users', 'Marta Ruiz') }],
    ['update_group', { id: top, ...operations({ op: 'remove', path: 'members' }) }],
    ['delete_group', { id: top }],
  ] as const) {
    const looking = await lookAt(bench.sandbox);
    await impactOf(looking, action(name), args);
    const reads = looking.reads.filter((read) => read.endsWith(`/Groups/${top}`));
    assert.equal(reads.length, 1, `${name}: ${looking.reads.join('\n')}`);
  }
});
