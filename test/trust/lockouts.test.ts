/**
 * A user who approves everything does not let through what would shut this server or the last administrator out: it is
 * refused before anybody is asked. The operator's flag lifts that, and then the person is warned (S031, S032, S033, S095).
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signIn, v20 } from '../end-to-end/account.js';
import { type Asking, approves, client, journal, kinds, type World, world } from './world.js';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const admin = [{ value: 'account_admin' }];

async function patch({ account }: World, path: string, ...Operations: object[]): Promise<void> {
  const { status, text } = await account.request('PATCH', `${v20}/scim/v2/${path}`, { schemas, Operations });
  assert.equal(status, 204, text);
}

const own = ({ account }: World) => account.scim('ServicePrincipals', 'mcp-admin');
const lists = ({ account }: World) => account.get(`${v20}/ip-access-lists`);
const newList = ({ account }: World, label: string, list_type: string, ip_addresses: string[]) =>
  account.create(`${v20}/ip-access-lists`, { label, list_type, ip_addresses });

/** The own principal is admin through a group alone, directly or two groups deep. */
async function adminByGroup(place: World, nested: boolean): Promise<Record<'top' | 'inner' | 'id', string>> {
  const { id } = await own(place);
  const group = (displayName: string, member: string, roles: object[] = []) =>
    place.account.create(`${v20}/scim/v2/Groups`, { displayName, members: [{ value: member }], roles });
  const inner = nested ? (await group('inner', id)).id : undefined;
  const top = (await group('top', inner ?? id, admin)).id;
  await patch(place, `ServicePrincipals/${id}`, { op: 'remove', path: 'roles' });
  return { top, inner: inner ?? top, id };
}

/** Only one user is admin; returns who. */
async function oneAdmin(place: World): Promise<string> {
  const { id } = await place.account.scim('Users', 'Amara Okafor');
  await patch(place, `Users/${(await place.account.scim('Users', 'Jonas Müller')).id}`, {
    op: 'remove',
    path: 'roles',
  });
  await patch(place, `Groups/${(await place.account.scim('Groups', 'platform-admins')).id}`, {
    op: 'remove',
    path: 'roles',
  });
  return id;
}

/** The lists of the seed, and one that admits where this server comes from: loopback, as its account is there. */
const admitted = (place: World) => newList(place, 'Loopback', 'ALLOW', ['127.0.0.0/8', '::1']);

interface Case {
  readonly what: string;
  readonly name: string;
  /** Prepares the account and says the arguments. */
  readonly args: (place: World) => Promise<Record<string, unknown>>;
  readonly because: RegExp;
  /** Databricks has a guard of its own here, which no flag of ours lifts. */
  readonly guarded?: true;
}

const remove = (path: string) => ({ Operations: [{ op: 'remove', path }] });
const cases: readonly Case[] = [
  {
    what: 'deleting the own service principal',
    name: 'delete_service_principal',
    args: async (place) => ({ id: (await own(place)).id }),
    because: /deletes the service principal this server signs in with/,
  },
  {
    what: 'deactivating it',
    name: 'update_service_principal',
    args: async (place) => ({
      id: (await own(place)).id,
      Operations: [{ op: 'replace', path: 'active', value: false }],
    }),
    because: /deactivates the service principal this server signs in with/,
  },
  {
    what: 'taking account admin from it',
    name: 'update_service_principal',
    args: async (place) => ({ id: (await own(place)).id, ...remove('roles[value eq "account_admin"]') }),
    because: /takes account admin from the service principal this server signs in with/,
  },
  {
    what: 'removing it from the group that makes it admin',
    name: 'remove_group_member',
    args: async (place) => {
      const { top, id } = await adminByGroup(place, false);
      return { group_id: top, member_id: id };
    },
    because: /takes account admin from the service principal/,
  },
  {
    what: 'removing it from a group nested in the one that makes it admin',
    name: 'remove_group_member',
    args: async (place) => {
      const { inner, id } = await adminByGroup(place, true);
      return { group_id: inner, member_id: id };
    },
    because: /takes account admin from the service principal/,
  },
  {
    what: 'replacing the members of the group that makes it admin',
    name: 'update_group',
    args: async (place) => {
      const { top } = await adminByGroup(place, false);
      const { id: value } = await place.account.scim('Users', 'Marta Ruiz');
      return { id: top, Operations: [{ op: 'replace', path: 'members', value: [{ value }] }] };
    },
    because: /takes account admin from the service principal/,
  },
  {
    what: 'deleting a group nested in the one that makes it admin',
    name: 'delete_group',
    args: async (place) => ({ id: (await adminByGroup(place, true)).inner }),
    because: /takes account admin from the service principal/,
  },
  {
    what: 'deleting the secret it signs in with',
    name: 'delete_service_principal_secret',
    args: async (place) => {
      const { id } = await own(place);
      const [secret] = (await place.account.get(`${v20}/servicePrincipals/${id}/credentials/secrets`)).secrets;
      return { service_principal_id: id, secret_id: secret.id };
    },
    because: /signs in with this secret/,
  },
  {
    what: 'deleting the last account admin',
    name: 'delete_user',
    args: async (place) => ({ id: await oneAdmin(place) }),
    because: /leaves no active user who is account admin/,
  },
  {
    what: 'deactivating the last account admin',
    name: 'update_user',
    args: async (place) => ({
      id: await oneAdmin(place),
      Operations: [{ op: 'replace', path: 'active', value: false }],
    }),
    because: /leaves no active user who is account admin/,
  },
  {
    what: 'a BLOCK list with its own address',
    name: 'create_ip_access_list',
    args: async (place) => {
      await admitted(place);
      return { label: 'Block', list_type: 'BLOCK', ip_addresses: ['127.0.0.0/24'] };
    },
    because: /is admitted now and would be denied/,
    guarded: true,
  },
  {
    what: 'a first ALLOW list without its own address',
    name: 'create_ip_access_list',
    args: async (place) => {
      for (const { list_id } of (await lists(place)).ip_access_lists)
        await place.account.request('DELETE', `${v20}/ip-access-lists/${list_id}`);
      return { label: 'Office', list_type: 'ALLOW', ip_addresses: ['203.0.113.0/24'] };
    },
    because: /is admitted now and would be denied/,
  },
  {
    what: 'deleting the only ALLOW list that admits it',
    name: 'delete_ip_access_list',
    args: async (place) => ({ ip_access_list_id: (await admitted(place)).ip_access_list.list_id }),
    because: /is admitted now and would be denied/,
  },
];

async function meet({ name, args }: Case, kind: (typeof kinds)[number], settings: Record<string, string> = {}) {
  const place = await world(settings);
  const input = await args(place);
  const at: Asking = await client(place, kind, approves);
  place.forget();
  return { place, at, json: (await at.call(name, input)).json };
}

describe('a lock-out', () => {
  for (const [index, each] of cases.entries()) {
    const kind = kinds[index % kinds.length] ?? 'modern';
    it(`is refused and nobody is asked: ${each.what} (${kind} client)`, async () => {
      const { place, at, json } = await meet(each, kind);
      assert.deepEqual([json.outcome, json.error?.kind, json.error?.code], ['not_applied', 'lockout', 'SELF_LOCKOUT']);
      assert.match(json.error.message, each.because);
      assert.match(json.error.next, /No approval changes that/);
      assert.deepEqual(place.effects(), []);
      assert.equal(at.asked.length, 0);
      const [refused] = journal(place).filter(({ type }) => type === 'refused');
      assert.deepEqual([refused.facts.action, refused.facts.code], [`databricks_${each.name}`, 'SELF_LOCKOUT']);
      const { status } = await signIn(place.sandbox, place.sandbox.clientSecret, 'all-apis');
      assert.equal(status, 200);
      await at.close();
    });

    it(`is done where the operator lifts the guard, after a warning: ${each.what} (${kind} client)`, async () => {
      const { place, at, json } = await meet(each, kind, { DATABRICKS_MCP_ALLOW_SELF_LOCKOUT: 'true' });
      const [asked, ...others] = at.asked;
      assert.equal(others.length, 0);
      const warning = asked?.message.split('\n').find((line) => line.startsWith('WARNING: ')) ?? asked?.message ?? '';
      assert.match(warning, /^WARNING: /);
      assert.match(warning, each.because);
      if (each.guarded) assert.deepEqual([json.error?.kind, json.error?.code], ['rejected', 'INVALID_STATE']);
      else assert.equal(place.effects().length, 1, JSON.stringify(json));
      await at.close();
    });
  }
});

describe('what Databricks would refuse anyway', () => {
  it('is refused before anybody is asked: a sixth secret, with the age of the five', async () => {
    const place = await world();
    const { id } = await place.account.scim('ServicePrincipals', 'terraform-provisioner');
    const secrets = `${v20}/servicePrincipals/${id}/credentials/secrets`;
    for (let made = 0; made < 4; made += 1) await place.account.create(secrets, { scopes: ['sql'] });
    const at = await client(place, 'modern', approves);
    place.forget();
    const { json } = await at.call('create_service_principal_secret', { service_principal_id: id, scopes: ['sql'] });
    assert.deepEqual([json.outcome, json.error.kind, json.error.code], ['not_applied', 'conflict', 'OBSTACLE']);
    assert.match(json.error.message, /has 5 secrets, and 5 is the most/);
    const present = await place.account.all(secrets, 'secrets');
    assert.equal(present.length, 5);
    for (const { id: secret, create_time } of present) {
      assert.ok(json.error.message.includes(`"${secret}" created "${create_time}"`), json.error.message);
    }
    assert.match(json.error.next, /databricks_delete_service_principal_secret/);
    assert.deepEqual(place.effects(), []);
    assert.equal(at.asked.length, 0);
    await at.close();
  });
});
