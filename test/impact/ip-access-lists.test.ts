/** Impacts of IP access lists: who is let in afterwards, and lists that would shut this server out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIpAccessList, deleteIpAccessList, listIpAccessLists } from '../../tools/ip-access-lists.js';
import type { Account } from '../end-to-end/account.js';
import { v20 } from '../end-to-end/account.js';
import { NotFound } from './look.js';
import { type Bench, told, withBench } from './writing.js';

const office = { ownAddresses: ['203.0.113.40'] };
const vpn = { ownAddresses: ['192.0.2.10'] };

const idOf = async (account: Account, label: string): Promise<string> =>
  account.one((await account.get(`${v20}/ip-access-lists`)).ip_access_lists, 'label', label).list_id;

const remove = async ({ account, impact }: Bench, label: string, settings?: { ownAddresses: readonly string[] }) =>
  impact(deleteIpAccessList, { ip_access_list_id: await idOf(account, label) }, settings);

const block = (...ip_addresses: string[]) => ({ label: 'New', list_type: 'BLOCK', ip_addresses });
const allow = (...ip_addresses: string[]) => ({ label: 'New', list_type: 'ALLOW', ip_addresses });

test('a BLOCK list that has an own address is refused', () =>
  withBench(async ({ impact }) => {
    const { lockouts = [] } = await impact(createIpAccessList, block('203.0.113.0/25'), office);
    assert.equal(lockouts.length, 1);
    assert.match(lockouts[0] ?? '', /^An address from which this server .* would be denied\.$/);
    assert.equal((await impact(createIpAccessList, block('203.0.113.0/27'), office)).lockouts, undefined);
  }));

test('it is enough that one of several own addresses, or a part of an own range, would be denied', () =>
  withBench(async ({ impact }) => {
    for (const ownAddresses of [
      ['203.0.113.1', '203.0.113.200'],
      ['203.0.113.0/24'],
      ['203.0.113.128', '192.0.2.10'],
    ]) {
      const { lockouts } = await impact(createIpAccessList, block('203.0.113.128/25'), { ownAddresses });
      assert.equal(lockouts?.length, 1, `${ownAddresses}`);
    }
  }));

test('the first ALLOW list is refused where it has no own address, a further one never', () =>
  withBench(async (bench) => {
    assert.equal((await bench.impact(createIpAccessList, allow('198.51.100.99'), office)).lockouts, undefined);
    for (const label of ['Offices', 'VPN egress']) {
      await bench.write(deleteIpAccessList, { ip_access_list_id: await idOf(bench.account, label) });
    }
    const shut = await bench.impact(createIpAccessList, allow('198.51.100.99'), office);
    assert.equal(shut.lockouts?.length, 1);
    assert.equal(told(shut).Effect, 'first ALLOW list: every address outside it is denied');
    const open = await bench.impact(createIpAccessList, allow('203.0.113.0/24'), office);
    assert.equal(open.lockouts, undefined);
  }));

test('with no own address known a create is left to Databricks, and that is told', () =>
  withBench(async ({ impact }) => {
    const unknown = await impact(createIpAccessList, block('0.0.0.0/0'));
    assert.equal(unknown.lockouts, undefined);
    assert.match(
      String(told(unknown)['Addresses of this server']),
      /^not known here; Databricks documents that it refuses/,
    );
    const unreadable = await impact(createIpAccessList, block('192.0.2.0/24'), { ownAddresses: ['here'] });
    assert.match(String(told(unreadable)['Addresses of this server']), /^not known here/);
  }));

test('what was denied before is no lock-out', () =>
  withBench(async ({ impact }) => {
    const outside = { ownAddresses: ['198.51.100.99'] };
    assert.equal((await impact(createIpAccessList, block('198.51.100.0/24'), outside)).lockouts, undefined);
  }));

test('deleting the list that admits this server is refused while other ALLOW lists remain', () =>
  withBench(async (bench) => {
    assert.equal((await remove(bench, 'Offices', office)).lockouts?.length, 1);
    assert.equal((await remove(bench, 'Offices', vpn)).lockouts, undefined);
    await bench.write(createIpAccessList, allow('203.0.113.40'));
    assert.equal((await remove(bench, 'Offices', office)).lockouts, undefined, 'another list has it');
  }));

test('with no own address known, deleting an ALLOW list beside others is refused and names the way out', () =>
  withBench(async (bench) => {
    const { lockouts = [] } = await remove(bench, 'Offices');
    assert.equal(lockouts.length, 1);
    assert.match(lockouts[0] ?? '', /cannot be told whether .*DATABRICKS_MCP_OWN_ADDRESSES or --own-address/);
    assert.equal((await remove(bench, 'Known scanners')).lockouts, undefined, 'a BLOCK list admits nobody');
    await bench.write(createIpAccessList, allow('203.0.113.0/24', '198.51.100.0/24'));
    assert.equal((await remove(bench, 'Offices')).lockouts, undefined, 'no address loses its way in');
  }));

test('deleting the last ALLOW list tells that the account opens, and wants its name typed', () =>
  withBench(async (bench) => {
    const one = await remove(bench, 'Offices', vpn);
    assert.equal(one.typed, undefined);
    assert.equal(told(one).Effect, 'addresses that no other ALLOW list has are denied');
    await bench.write(deleteIpAccessList, { ip_access_list_id: await idOf(bench.account, 'VPN egress') });
    const last = await remove(bench, 'Offices');
    assert.equal(last.typed, 'Offices');
    assert.equal(last.lockouts, undefined);
    assert.equal(told(last).Effect, 'last ALLOW list: the account opens to every address that no BLOCK list has');
    await bench.write(deleteIpAccessList, { ip_access_list_id: await idOf(bench.account, 'Known scanners') });
    assert.equal(told(await remove(bench, 'Offices')).Effect, 'last ALLOW list: the account opens to every address');
  }));

test('a deletion tells what the list has and what others there are, and keeps it as it is', () =>
  withBench(async (bench) => {
    const impact = await remove(bench, 'Offices', vpn);
    const { list_id, ...listed } = bench.account.one(
      (await bench.account.get(`${v20}/ip-access-lists`)).ip_access_lists,
      'label',
      'Offices',
    );
    assert.deepEqual(impact.target, { kind: 'IP access list', id: list_id, name: 'Offices' });
    assert.deepEqual(told(impact).Addresses, ['203.0.113.0/24', '198.51.100.17']);
    assert.deepEqual(told(impact)['Other lists'], ['VPN egress', 'Known scanners']);
    const { updated_at, updated_by, ...kept } = listed;
    const { list_id: _, ...before } = impact.before as Record<string, unknown>;
    assert.deepEqual(
      JSON.stringify(before),
      JSON.stringify(kept, (_key, v) => (typeof v === 'bigint' ? `${v}` : v)),
    );
  }));

test('a label that is taken, a value that is no address and more than 1000 values are obstacles', () =>
  withBench(async ({ impact }) => {
    const taken = await impact(createIpAccessList, { ...block('192.0.2.99'), label: 'Offices' });
    assert.match(taken.obstacle?.message ?? '', /label exists already/);
    const broken = await impact(createIpAccessList, block('192.0.2.99', 'office'));
    assert.match(broken.obstacle?.message ?? '', /neither an IP address nor a CIDR range/);
    const values = (count: number) => Array.from({ length: count }, (_, at) => `10.0.${at >> 8}.${at & 255}`);
    // Six values are there already.
    const full = await impact(createIpAccessList, block(...values(995)));
    assert.match(full.obstacle?.message ?? '', /would have 1001 IP access list values; 1000 is the most/);
    assert.equal((await impact(createIpAccessList, block(...values(994)))).obstacle, undefined);
  }));

test('a list that is not there is not found', () =>
  withBench(async ({ impact }) => {
    await assert.rejects(impact(deleteIpAccessList, { ip_access_list_id: 'gone' }), NotFound);
  }));

test('a list that is not enabled admits nobody, and cannot be made anew as it is', () =>
  withBench(async (bench) => {
    const list_id = await idOf(bench.account, 'Offices');
    const off = { list_id, label: 'Offices', list_type: 'ALLOW', enabled: false, ip_addresses: ['203.0.113.0/24'] };
    // The account's API has no way to switch one off that is among the actions, so this one is made up.
    const impact = await deleteIpAccessList.impact?.(
      {
        clientId: '',
        ownSecretHashes: async () => [],
        ownAddresses: undefined,
        read: async (action) => (action.id === listIpAccessLists.id ? [off] : off),
        tryRead: async () => undefined,
        notFound: () => assert.fail(),
      },
      { ip_access_list_id: list_id },
    );
    assert.ok(impact !== undefined);
    assert.equal(told(impact).Effect, 'none: the list is not enabled');
    assert.deepEqual([impact.undo, impact.lockouts, impact.typed], [undefined, undefined, undefined]);
    assert.equal(impact.reversible, 'partly');
  }));
