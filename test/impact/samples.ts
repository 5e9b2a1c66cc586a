/** Arguments with which each write can be called on a sandbox account: those of the end-to-end rows. */
import assert from 'node:assert/strict';
import { parseInput } from '../../src/core/input.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import type { Arguments, HttpAction } from '../../tools/action.js';
import { Account, hugeUser, hugeWorkspace, v20 } from '../end-to-end/account.js';
import type { Rows } from '../end-to-end/row.js';
import { access } from '../end-to-end/rows-access.js';
import { billing } from '../end-to-end/rows-billing.js';
import { groups } from '../end-to-end/rows-groups.js';
import { oauthApps } from '../end-to-end/rows-oauth-apps.js';
import { networking, provisioning } from '../end-to-end/rows-provisioning.js';
import { secrets, servicePrincipals } from '../end-to-end/rows-service-principals.js';
import { credentialRows, metastoreRows } from '../end-to-end/rows-unity-catalog.js';
import { users } from '../end-to-end/rows-users.js';

const rows: Rows = {
  ...access,
  ...billing,
  ...groups,
  ...oauthApps,
  ...networking,
  ...provisioning,
  ...secrets,
  ...servicePrincipals,
  ...credentialRows,
  ...metastoreRows,
  ...users,
};

const hugePath = `${v20}/workspaces/${hugeWorkspace}`;

/** What rows of removals count on having been made by the rows before them. */
const preparations: Readonly<Record<string, (account: Account) => Promise<void>>> = {
  databricks_delete_metastore_from_workspace: async (account) => {
    const { metastores } = await account.get(`${v20}/metastores`);
    const { metastore_id } = account.one(metastores, 'name', 'lumen-eu-west-1');
    const body = { metastore_assignment: { metastore_id } };
    await account.create(`${hugePath}/metastores/${metastore_id}`, body);
  },
  databricks_delete_workspace_permission_assignment: async (account) => {
    const body = { permissions: ['USER'] };
    await account.request('PUT', `${hugePath}/permissionassignments/principals/${hugeUser}`, body);
  },
};

/** As the action's schema makes them. The row may create what it needs first. */
export async function sampleOf(sandbox: Sandbox, action: HttpAction): Promise<Arguments> {
  const each = rows[action.id];
  const row = typeof each === 'function' ? each : each?.[0];
  assert.ok(row !== undefined, `${action.id} has a row`);
  const account = await Account.of(sandbox);
  await preparations[action.id]?.(account);
  const { args } = await row(account);
  return parseInput(action, args).input;
}
