/**
 * The central test: every action, called through a real client over stdio, with a token that holds only the scope the
 * reference names, reaches the account with the right request, and its answer comes back whole.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Client } from '@modelcontextprotocol/client';
import { startSandbox } from '../../src/sandbox/index.js';
import { reference } from '../catalogue/reference.js';
import { approving, canAsk } from '../mcp/person.js';
import { call, connect, settingsFor, temporaryHome } from '../mcp/server-process.js';
import { raisedLimits } from '../mcp/unasked.js';
import { Account } from './account.js';
import type { Row, Rows } from './row.js';
import { rowsByScope as byScope, secrets } from './rows.js';
import { groups } from './rows-groups.js';
import { servicePrincipals } from './rows-service-principals.js';
import { unified } from './rows-unified.js';
import { users } from './rows-users.js';
import { type Stage as RowStage, runRow } from './run-row.js';

interface Stage extends RowStage {
  readonly client: Client;
}

it('has a row for every action of the reference, under the scope the reference names, and no other', () => {
  const rows = Object.entries(byScope).flatMap(([scope, each]) => Object.keys(each).map((id) => `${id} ${scope}`));
  assert.deepEqual(rows.sort(), reference.map(({ id, scope }) => `${id} ${scope}`).sort());
});

for (const [scope, rows] of Object.entries(byScope)) {
  describe(`with a token that holds only ${scope}`, () => {
    runAll(scope, rows);
  });
}

describe('with a token that holds only authentication, which Databricks documents for secrets', () => {
  const { databricks_delete_service_principal_secret: deletion, ...others } = secrets;
  const given = runAll('authentication', others, Object.keys(secrets));

  it('deletes no secret: whether it is the one in use cannot be seen without scim', async () => {
    assert.ok(typeof deletion === 'function');
    const { args } = await deletion(given.account);
    given.account.forget();
    given.person.asked.length = 0;
    const { failed, json } = await call(given.client, 'databricks_delete_service_principal_secret', { ...args });
    assert.deepEqual([failed, json.outcome, json.error.kind], [true, 'not_applied', 'lockout']);
    assert.deepEqual(
      given.account.seen().filter(({ method }) => method !== 'GET'),
      [],
    );
    assert.deepEqual(given.person.asked, []);
  });
});

describe('with a token that holds authentication and scim', () => {
  const action = 'databricks_delete_service_principal_secret';
  const given = serverWith('authentication scim');
  it(action, async () => {
    const row = secrets[action];
    assert.ok(typeof row === 'function');
    await runRow(given, action, row);
  });
});

function runAll(scope: string, rows: Rows, open = Object.keys(rows)): Stage {
  const given = serverWith(scope);
  it('lists exactly these actions', async () => {
    const { tools } = await given.client.listTools();
    const expected = scope === 'all-apis' ? reference.map(({ id }) => id) : open;
    const listed = tools.map(({ name }) => name).filter((name) => name !== 'databricks_access_status');
    assert.deepEqual(listed.sort(), [...expected].sort());
  });
  for (const [action, each] of Object.entries(rows)) {
    const calls: readonly Row[] = typeof each === 'function' ? [each] : each;
    it(action, async () => {
      for (const row of calls) await runRow(given, action, row);
    });
  }
  return given;
}

describe('with a token that holds only scim:read', () => {
  const given = serverWith('scim:read');
  const reads = [
    'databricks_list_users',
    'databricks_get_user',
    'databricks_list_groups',
    'databricks_get_group',
    'databricks_list_service_principals',
    'databricks_get_service_principal',
    'databricks_unified_list_users',
    'databricks_unified_get_user',
    'databricks_unified_list_groups',
    'databricks_unified_get_group',
    'databricks_unified_list_roles',
    'databricks_unified_get_role',
    'databricks_unified_list_organizations',
    'databricks_unified_get_organization',
  ];
  const all: Rows = { ...users, ...groups, ...servicePrincipals, ...unified };

  it('lists the reads of scim and none of its writes', async () => {
    const { tools } = await given.client.listTools();
    const names = tools.map(({ name }) => name).filter((name) => name !== 'databricks_access_status');
    assert.deepEqual(names.sort(), [...reads, 'databricks_unified_get_me'].sort());
  });

  for (const action of reads) {
    it(action, async () => {
      const each = all[action] ?? [];
      for (const row of typeof each === 'function' ? [each] : each) {
        await runRow(given, action, row);
      }
    });
  }

  it('tells in databricks_unified_get_me that this is all it holds', async () => {
    const { json } = await call(given.client, 'databricks_unified_get_me');
    assert.deepEqual(json.data.scopes, ['scim:read']);
  });

  it('does not know the writes, and sends nothing for them', async () => {
    given.account.forget();
    for (const name of ['databricks_create_user', 'databricks_delete_group', 'databricks_add_group_member']) {
      await assert.rejects(given.client.callTool({ name, arguments: {} }), /Unknown tool/);
    }
    assert.deepEqual(given.account.seen(), []);
  });
});

describe('with a token that holds only a scope no action needs', () => {
  const given = serverWith('sql');
  it('lists databricks_access_status alone, which tells what would open the rest', async () => {
    const { tools } = await given.client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['databricks_access_status'],
    );
    const { json } = await call(given.client, 'databricks_access_status');
    const { signed_in, scopes, open, closed_by_scope } = json;
    assert.equal(signed_in, true);
    assert.deepEqual(scopes, { asked: ['sql'], granted: ['sql'] });
    assert.deepEqual(open, { read: 0, write: 0, privilege: 0, destructive: 0, secret: 0 });
    assert.deepEqual(Object.keys(closed_by_scope).sort(), Object.keys(byScope).sort());
    assert.equal(Object.values(closed_by_scope).flat().length, reference.length);
  });
});

/**
 * A fresh account and a server that signs in with a secret bound to these scopes, in front of it a user who approves;
 * all end with their suite.
 */
function serverWith(scopes: string): Stage {
  const given = {} as { -readonly [Part in keyof Stage]: Stage[Part] };
  before(async () => {
    const sandbox = await startSandbox();
    given.account = await Account.of(sandbox);
    const secret = await given.account.mintSecret(scopes.split(' '));
    const home = temporaryHome();
    const settings = { ...settingsFor(sandbox, scopes, secret), ...raisedLimits(home) };
    given.client = (await connect({ home, settings, client: canAsk })).client;
    given.person = approving(given.client);
  });
  after(async () => {
    await given.client.close();
    await given.account.sandbox.close();
  });
  return given;
}
