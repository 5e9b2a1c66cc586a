/**
 * After a change or a removal a private note holds what was there before and the call that brings it back; that call,
 * made through the server like any other, does. Where no note can be kept nothing is changed.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { type Account, type Body, hugeUser, hugeWorkspace, v20, v21 } from '../end-to-end/account.js';
import { approves, client, kinds, stateOf, world } from './world.js';

interface Case {
  readonly what: string;
  readonly name: string;
  readonly args: (account: Account) => Promise<Record<string, unknown>>;
  /** The changed part of the account as its administrator sees it, without what Databricks gives anew. */
  readonly state: (account: Account, args: Body) => Promise<unknown>;
  /** Of the note's `before`: what has to be in it. */
  readonly before: (before: Body, args: Body) => unknown;
}

const scim =
  (kind: string) =>
  async (account: Account, { id }: Body) =>
    account.get(`${v20}/scim/v2/${kind}/${id}`);

const sorted = (members: Body[] = []) => members.map(({ value }) => String(value)).sort();

async function assignments(account: Account): Promise<Body[]> {
  const path = `${v20}/workspaces/${hugeWorkspace}/permissionassignments?max_results=1000`;
  return (await account.get(path)).permission_assignments;
}

async function permissions(account: Account, { principal_id }: Body): Promise<unknown> {
  const all = await assignments(account);
  return all.find(({ principal }) => String(principal.principal_id) === principal_id)?.permissions;
}

/** Somebody who may use the workspace, as arguments. */
async function assigned(account: Account) {
  const found = (await assignments(account)).find((each) => String(each.permissions) === 'USER');
  return { workspace_id: hugeWorkspace, principal_id: String(found?.principal.principal_id) };
}

async function ipLists(account: Account): Promise<unknown> {
  const { ip_access_lists } = await account.get(`${v20}/ip-access-lists`);
  return ip_access_lists
    .map(({ label, list_type, ip_addresses }: Body) => ({ label, list_type, ip_addresses }))
    .sort((a: Body, b: Body) => a.label.localeCompare(b.label));
}

const budgetNamed = async (account: Account, name: string) =>
  account.one(await account.all(`${v21}/budgets`, 'budgets'), 'display_name', name);

const cases: readonly Case[] = [
  {
    what: 'a user that was deactivated',
    name: 'update_user',
    args: async (account) => ({
      id: (await account.scim('Users', 'Marta Ruiz')).id,
      Operations: [{ op: 'replace', path: 'active', value: false }],
    }),
    state: scim('Users'),
    before: ({ active, id }, args) => active === true && id === args.id,
  },
  {
    what: 'a group whose members were replaced',
    name: 'update_group',
    args: async (account) => ({
      id: (await account.scim('Groups', 'contractors')).id,
      Operations: [{ op: 'replace', path: 'members', value: [{ value: hugeUser }] }],
    }),
    state: async (account, { id }) => sorted((await account.get(`${v20}/scim/v2/Groups/${id}`)).members),
    before: ({ members }) => members.length > 1,
  },
  {
    what: 'a group that lost a member',
    name: 'remove_group_member',
    args: async (account) => {
      const { id } = await account.scim('Groups', 'security');
      const [member] = sorted((await account.get(`${v20}/scim/v2/Groups/${id}`)).members);
      return { group_id: id, member_id: member };
    },
    state: async (account, { group_id }) => sorted((await account.get(`${v20}/scim/v2/Groups/${group_id}`)).members),
    before: (before, args) => JSON.stringify(before).includes(args.member_id),
  },
  {
    what: 'permissions in a workspace that were replaced',
    name: 'create_or_update_workspace_permission_assignment',
    args: async (account) => ({ ...(await assigned(account)), permissions: ['ADMIN'] }),
    state: permissions,
    before: (before) => String(before.permissions) === 'USER',
  },
  {
    what: 'permissions in a workspace that were deleted',
    name: 'delete_workspace_permission_assignment',
    args: assigned,
    state: permissions,
    before: (before) => String(before.permissions) === 'USER',
  },
  {
    what: 'an IP access list that was deleted',
    name: 'delete_ip_access_list',
    args: async (account) => {
      const { ip_access_lists } = await account.get(`${v20}/ip-access-lists`);
      return { ip_access_list_id: account.one(ip_access_lists, 'label', 'Known scanners').list_id };
    },
    state: ipLists,
    before: ({ label, ip_addresses }) => label === 'Known scanners' && ip_addresses.length === 1,
  },
  {
    what: 'a budget that was replaced',
    name: 'update_budget',
    args: async (account) => {
      const { budget_configuration_id, alert_configurations } = await budgetNamed(account, 'Finance reporting');
      const [{ alert_configuration_id }] = alert_configurations;
      return {
        budget_id: budget_configuration_id,
        budget_configuration_id,
        display_name: 'Finance, closing season',
        alert_configurations: [
          {
            alert_configuration_id,
            time_period: 'MONTH',
            trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED',
            quantity_type: 'LIST_PRICE_DOLLARS_USD',
            quantity_threshold: '3000.00',
          },
        ],
      };
    },
    state: async (account, { budget_id }) => {
      const { budget } = await account.get(`${v21}/budgets/${budget_id}`);
      const { update_time: _, alert_configurations, ...rest } = budget;
      const alerts = alert_configurations.map(({ update_time: _u, create_time: _c, ...alert }: Body) => ({
        ...alert,
        action_configurations: (alert.action_configurations ?? []).map(({ action_type, target }: Body) => ({
          action_type,
          target,
        })),
      }));
      return { ...rest, alerts };
    },
    before: ({ display_name }) => display_name === 'Finance reporting',
  },
];

describe('the note of what was there before', () => {
  for (const [index, each] of cases.entries()) {
    const kind = kinds[index % kinds.length] ?? 'modern';
    it(`is private and brings it back: ${each.what} (${kind} client)`, async () => {
      const place = await world();
      const args = await each.args(place.account);
      const before = await each.state(place.account, args);
      const at = await client(place, kind, approves);
      const { json } = await at.call(each.name, args);
      assert.equal(json.outcome, 'applied', JSON.stringify(json));
      assert.notDeepEqual(await each.state(place.account, args), before);

      const { kept_in, tool } = json.undo;
      assert.equal(dirname(kept_in), join(stateOf(place), 'undo'));
      assert.equal(statSync(kept_in).mode & 0o777, 0o600);
      assert.equal(statSync(dirname(kept_in)).mode & 0o777, 0o700);
      const note = JSON.parse(readFileSync(kept_in, 'utf8'));
      assert.deepEqual([note.account_id, note.action], [place.sandbox.accountId, `databricks_${each.name}`]);
      assert.ok(each.before(note.before, args), JSON.stringify(note.before));
      assert.equal(note.undo.tool, tool);
      if (json.undo.arguments !== undefined) assert.deepEqual(json.undo.arguments, note.undo.arguments);

      const back = await at.call(tool.replace('databricks_', ''), note.undo.arguments);
      assert.equal(back.json.outcome, 'applied', JSON.stringify(back.json));
      assert.deepEqual(await each.state(place.account, args), before);
      await at.close();
    });
  }

  it('is kept of what cannot be brought back, too, and says so', async () => {
    const place = await world();
    const user = await place.account.scim('Users', 'Marta Ruiz');
    const at = await client(place, 'modern', approves);
    const { json } = await at.call('delete_user', { id: user.id });
    const note = JSON.parse(readFileSync(json.undo.kept_in, 'utf8'));
    assert.equal(note.before.userName, user.userName);
    assert.notEqual(note.reversible, 'yes');
    await at.close();
  });

  const broken: Record<string, (undo: string) => void> = {
    'a file has the name of the folder': (undo) => writeFileSync(undo, ''),
    'the folder is a link': (undo) => {
      mkdirSync(`${undo}-elsewhere`, { mode: 0o700 });
      symlinkSync(`${undo}-elsewhere`, undo);
    },
    'others may enter the folder': (undo) => mkdirSync(undo),
  };
  for (const [what, breaks] of Object.entries(broken)) {
    it(`has to be kept, or nothing is changed: ${what}`, async () => {
      const place = await world();
      mkdirSync(stateOf(place), { recursive: true, mode: 0o700 });
      breaks(join(stateOf(place), 'undo'));
      const at = await client(place, 'modern', approves);
      place.forget();
      for (const { name, args } of cases) {
        const { json } = await at.call(name, await args(place.account));
        assert.deepEqual([json.outcome, json.error?.kind], ['not_applied', 'storage'], JSON.stringify(json));
        assert.match(json.error.message, /could not be noted for an undo .*Nothing was sent\./);
      }
      assert.deepEqual(place.effects(), []);
      assert.equal(readdirSync(stateOf(place)).includes('undo'), true);
      await at.close();
    });
  }
});
