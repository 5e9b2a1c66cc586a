/** What the demo's assistant does for an administrator, told in steps. Names of the sandbox's seed are all it knows. */
import { basename } from 'node:path';
import { z } from 'zod';
import type { Stage } from './stage.js';

const id = z.union([z.string(), z.int()]);
const anyone = z.object({ data: z.array(z.object({ id: z.string(), displayName: z.string(), userName: z.string() })) });
const principals = z.object({ data: z.array(z.object({ id: z.string(), displayName: z.string() })) });
const created = z.object({ outcome: z.literal('applied'), data: z.object({ id: z.string() }) });
const applied = z.object({ outcome: z.literal('applied') });
const me = z.object({
  data: z.object({
    name: z.string(),
    scopes: z.array(z.string()),
    user: z.object({ roles: z.array(z.object({ name: z.string() })) }),
  }),
});
const workspaces = z.object({
  data: z.array(z.object({ workspace_id: id, workspace_name: z.string(), workspace_status: z.string() })),
});
const usage = z.object({
  data: z.object({
    path: z.string(),
    bytes: z.int(),
    rows: z.int(),
    total_dbus: z.string(),
    by_sku: z.array(z.object({ sku: z.string(), dbus: z.string() })),
  }),
});
const status = z.object({
  scopes: z.object({ granted: z.array(z.string()) }),
  closed_by_scope: z.record(z.string(), z.array(z.string())),
  to_open: z.string(),
});

/** Needs scim, provisioning, access-management and billing. `month`: YYYY-MM. */
export async function grantAccess({ chapter, call, tell }: Stage, month: string): Promise<void> {
  chapter('1. "Who am I here, and what may I do?"');
  const self = (await call('Ask which service principal this is.', 'databricks_unified_get_me', {}, me)).data;
  tell(`${self.name}, ${self.user.roles.map(({ name }) => name).join(', ')}; scopes: ${self.scopes.join(' ')}`);

  chapter('2. "Marta Ruiz closes the quarter. Give her a group of her own on the production workspace."');
  const filter = 'userName sw "marta.ruiz@"';
  const [marta] = (
    await call('Find Marta: ids are looked up, never guessed.', 'databricks_list_users', { filter }, anyone)
  ).data;
  if (marta === undefined) throw new Error('The sandbox has no Marta Ruiz.');
  tell(`${marta.displayName} <${marta.userName}> has the id ${marta.id}`);

  const displayName = 'quarter-close';
  const group = (await call('Create the group.', 'databricks_create_group', { displayName }, created)).data;
  tell(`applied: group ${displayName} has the id ${group.id}`);

  const member = { group_id: group.id, member_id: marta.id };
  await call(
    'Put Marta into it. Memberships give rights, so a person is asked first.',
    'databricks_add_group_member',
    member,
    applied,
  );
  tell('applied: answers of changes say applied, not_applied or unknown');

  const list = (await call('Find the workspace.', 'databricks_list_workspaces', {}, workspaces)).data;
  const workspace = list.find(({ workspace_name }) => workspace_name === 'lumen-prod-eu');
  if (workspace === undefined) throw new Error('The sandbox has no workspace lumen-prod-eu.');
  tell(`${list.length} workspaces; ${workspace.workspace_name} is ${workspace.workspace_status}`);

  await call(
    'Let the group in, as users and not as admins.',
    'databricks_create_or_update_workspace_permission_assignment',
    { workspace_id: String(workspace.workspace_id), principal_id: group.id, permissions: ['USER'] },
    applied,
  );
  tell(`applied: ${displayName} may use ${workspace.workspace_name}`);

  chapter('3. "What did we use last month?"');
  const { data } = await call(
    'Download the usage. The rows go to a file, only the totals to the assistant.',
    'databricks_download_billable_usage',
    { start_month: month, end_month: month },
    usage,
  );
  const top = data.by_sku.slice(0, 2).map(({ sku, dbus }) => `${sku} ${rounded(dbus)}`);
  tell(`${basename(data.path)}: ${data.rows} rows, ${data.bytes} bytes`);
  tell(`${rounded(data.total_dbus)} DBUs in all; most of them ${top.join(', ')}`);
}

/** What no approval allows. Needs scim. */
export async function meetLockOut({ chapter, call, refused, tell }: Stage): Promise<void> {
  chapter('4. "Clean up: delete the service principal mcp-admin."');
  const filter = 'displayName eq "mcp-admin"';
  const found = await call('Find it.', 'databricks_list_service_principals', { filter }, principals);
  const [own] = found.data;
  if (own === undefined) throw new Error('The sandbox has no mcp-admin.');
  tell(`${own.displayName} has the id ${own.id}; it is the one this server signs in with`);
  await refused('Delete it.', 'databricks_delete_service_principal', { id: own.id });
}

/** Needs scim alone, and has to have no more. */
export async function meetRefusal(stage: Stage, month: string, tools: number, before: number): Promise<void> {
  const { chapter, call, refused, tell } = stage;
  chapter('5. The same server with a secret bound to the scope scim only');
  tell(`It offers ${tools} tools instead of ${before}: what the scopes do not open is not even listed.`);

  await refused('Ask for the usage all the same.', 'databricks_download_billable_usage', {
    start_month: month,
    end_month: month,
  });

  const answer = await call('Find out why.', 'databricks_access_status', {}, status);
  const closed = Object.entries(answer.closed_by_scope).map(([scope, ids]) => `${scope} (${ids.length})`);
  tell(`granted: ${answer.scopes.granted.join(' ')}; closed for lack of ${closed.join(', ')}`);
  tell(answer.to_open);
}

/** For reading, not for billing. */
const rounded = (decimal: string) => Number(decimal).toFixed(1);
