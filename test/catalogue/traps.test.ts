/**
 * The traps the API reference names, listed here from the reference: each is told where a model decides, in the tool's
 * own text or, where it holds for many tools, in the server's instructions. What the program takes care of by itself
 * (wrappers, content types, paging, retries) is no trap any more and is not listed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonSchema, listedSchema } from '../../src/core/schema.js';
import { instructions } from '../../src/mcp/instructions.js';
import { actions } from '../../tools/index.js';

/** All a model reads of a tool: its description and those of its arguments. */
function textOf({ description, properties = {}, items, enum: values = [] }: JsonSchema): string {
  const inner = Object.entries(properties).map(([name, each]) => `${name}: ${textOf(each)}`);
  return [description ?? '', ...values, ...inner, ...(items === undefined ? [] : [textOf(items)])].join('\n');
}

const told = new Map<string, string>(
  actions.map((action) => [action.id, `${action.description}\n${textOf(listedSchema(action))}`]),
);

const traps: Readonly<Record<string, readonly RegExp[]>> = {
  download_billable_usage: [/2019-03/, /time out/, /YYYY-MM/, /personal_data: .*e-mail/, /no prices/],
  update_log_delivery_config: [/nothing else can change/, /fails where two .* enabled/, /config_id/],
  get_log_delivery_config: [/config_id/],
  create_log_delivery_config: [
    /never be deleted, only disabled/,
    /Two per log type .* account and two per workspace/,
    /JSON for AUDIT_LOGS, else CSV/,
    /BILLABLE_USAGE only/,
    /BILLABLE_USAGE: AWS only/,
    /workspace_ids_filter: Empty: whole account/,
    /id is config_id/,
  ],
  create_budget: [
    /exactly one alert/,
    /BLOCK_USAGE stops spending/,
    /quantity_threshold: Decimal/,
    /include_external_spend: Fixed/,
    /nobody is told/,
  ],
  update_budget: [
    /left out is lost/,
    /ids keep the alert/,
    /BLOCK_USAGE stops spending/,
    /include_external_spend: Fixed/,
  ],
  delete_budget: [/for good/],
  create_custom_app_integration: [
    /all-apis, sql, offline_access, openid, profile, email/,
    /secret of a confidential one/,
    /name and confidential cannot change/,
    /5-1440/,
    /5-129600/,
    /Needs single-use/,
  ],
  update_custom_app_integration: [
    /Lists replace/,
    /all-apis, sql, offline_access, openid, profile, email/,
    /5-1440/,
    /5-129600/,
    /Needs single-use/,
  ],
  delete_custom_app_integration: [/for good/, /at once/],
  list_groups: [/without members/, /eq\/ne\/co\/sw/, /"/],
  get_group: [/WorkspaceGroup/],
  create_group: [/unique/, /Numeric SCIM ids/],
  update_group: [
    /replace on members swaps all/,
    /Entitlements live in workspaces/,
    /members\[value eq "1"\]/,
    /account_admin/,
  ],
  delete_group: [/for good/, /lose the access/],
  add_group_member: [/Numeric SCIM id/],
  remove_group_member: [/Numeric SCIM id/],
  list_ip_access_lists: [/only while the account setting is on/],
  create_ip_access_list: [
    /1000 values/,
    /blocks the caller is refused/,
    /within minutes/,
    /Cannot change/,
    /first ALLOW/,
  ],
  delete_ip_access_list: [/Without any ALLOW list .* open to all/],
  list_metastore_workspace_assignments: [/Ids/],
  get_workspace_metastore: [/null if none/],
  assign_metastore_to_workspace: [/another replaces it/],
  delete_metastore_from_workspace: [/left without Unity Catalog/],
  create_metastore: [/region without storage_root/, /Delta Sharing: update it afterwards/],
  update_metastore: [
    /name, region, storage_root cannot change/,
    /delta_sharing_scope and token lifetime go together/,
    /left out stay/,
    /0: never/,
  ],
  delete_metastore: [/Fails unless empty/, /force deletes all/],
  list_credentials: [/not Unity Catalog credentials/],
  create_credential: [/account id as external id/],
  delete_credential: [/fails while a workspace uses it/],
  create_network: [/2 or more subnet_ids/, /1 to 5 security_group_ids/, /needs both lists/, /4-256/, /Google token/],
  get_network: [/without workspace_id it is unused/],
  delete_network: [/fails while a workspace uses it/, /Done when databricks_get_network finds it no more/],
  unified_get_me: [/how this server signs in/i],
  unified_list_groups: [/one request each/, /null unless/],
  unified_list_roles: [/reads all identities/, /roles\.value eq/],
  unified_list_users: [/direct ones/],
  unified_list_organizations: [/the one organization/],
  unified_get_organization: [/no other is found/],
  unified_get_role: [/by value/],
  list_service_principal_secrets: [/Numeric id, not the application id/, /no values/, /no expired/],
  create_service_principal_secret: [
    /not the application id/,
    /five at most/,
    /all-apis opens everything/,
    /7776000s/,
    /outside this/,
  ],
  delete_service_principal_secret: [/not the application id/, /within the hour/, /this server's own.* locks it out/],
  list_service_principals: [/applicationId eq/],
  get_service_principal: [/numeric id/, /filter the list/],
  create_service_principal: [/id \(numeric/, /Only for one managed in Entra ID/, /Names may repeat/],
  update_service_principal: [
    /replace active with false/,
    /applicationId cannot change/,
    /account_admin/,
    /this server's own.* locks it out/,
  ],
  delete_service_principal: [/for good/, /this server's own.* locks it out/],
  list_users: [/userName, the e-mail/, /eq\/ne\/co\/sw/],
  create_user: [/userName is the e-mail, unique and fixed/],
  update_user: [/replace active with false/, /userName and emails cannot change/, /account_admin/, /all: bare path/],
  delete_user: [/what they own/, /for good/],
  list_workspace_permission_assignments: [/identity federation/],
  create_or_update_workspace_permission_assignment: [/ADMIN wins over USER/, /\[\] removes all/],
  get_workspace: [/RUNNING/],
};

const shared: readonly RegExp[] = [
  /numeric SCIM id; an application id is a UUID/,
  /eq, ne, co, sw, and, or, with values in quotes/,
  /separated by commas/,
  /Many answer no data: read back/,
  /all: true/,
  /dry_run: true/,
];

for (const [name, words] of Object.entries(traps)) {
  test(`databricks_${name} tells its traps`, () => {
    const text = told.get(`databricks_${name}`) ?? '';
    assert.deepEqual(
      words.filter((each) => !each.test(text)),
      [],
      text,
    );
  });
}

test('what holds for many tools is told once, in the instructions', () => {
  const text = instructions({ configuration: {}, sandbox: false } as never);
  assert.deepEqual(
    shared.filter((each) => !each.test(text)),
    [],
    text,
  );
});
