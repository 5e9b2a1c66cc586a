/** Rules that hold for every action: a schema each large MCP client accepts, texts a model can read, the right gate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JsonSchema, listedSchema, toolSchema } from '../../src/core/schema.js';
import { statusTool } from '../../src/status-tool.js';
import { actions, type Risk } from '../../tools/index.js';

interface Node {
  readonly at: string;
  readonly schema: JsonSchema;
}

/** Every node of an action's schema as a client sees it, the root first. */
function nodesOf(at: string, schema: JsonSchema): Node[] {
  return [
    { at, schema },
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => nodesOf(`${at}.${name}`, inner)),
    ...(schema.items === undefined ? [] : nodesOf(`${at}[]`, schema.items)),
  ];
}

/** Both views: the whole one, and the terse one of the list. */
const listed = actions.flatMap((action) => nodesOf(action.id, listedSchema(action)));
const nodes = [...actions.flatMap((action) => nodesOf(action.id, toolSchema(action))), ...listed];

/** Fails with the place of every node that breaks the rule. */
function everyNode(holds: (node: Node) => boolean) {
  assert.deepEqual(
    nodes.filter((node) => !holds(node)).map((node) => node.at),
    [],
  );
}

test('the arguments of every action are one closed object', () => {
  for (const action of actions) {
    const { type, additionalProperties } = toolSchema(action);
    assert.deepEqual({ type, additionalProperties }, { type: 'object', additionalProperties: false }, action.id);
  }
});

test('a schema uses only the keywords that every large client understands', () => {
  const understood = new Set(
    'type description properties required items enum default additionalProperties minimum maximum'.split(' '),
  );
  everyNode(({ schema }) => Object.keys(schema).every((keyword) => understood.has(keyword)));
});

test('every node has exactly one type', () => {
  const types = ['object', 'array', 'string', 'integer', 'number', 'boolean'];
  everyNode(({ schema }) => types.includes(schema.type ?? 'none'));
});

test('every array says what it holds', () => {
  everyNode(({ schema }) => (schema.type === 'array') === (schema.items !== undefined));
});

test('every choice is one between strings', () => {
  everyNode(({ schema }) => schema.enum === undefined || (schema.type === 'string' && schema.enum.length > 0));
  everyNode(({ schema }) => (schema.enum ?? []).every((value) => typeof value === 'string'));
});

test('no argument sits more than six names deep', () => {
  everyNode(({ at }) => at.split('.').length - 1 <= 6);
});

test('every argument has a name that every model provider takes', () => {
  const names = nodes.flatMap(({ schema }) => Object.keys(schema.properties ?? {}));
  assert.deepEqual(
    names.filter((name) => !/^[a-zA-Z0-9_$.-]{1,64}$/.test(name)),
    [],
  );
});

test('only arguments that exist are required', () => {
  everyNode(({ schema }) => (schema.required ?? []).every((name) => name in (schema.properties ?? {})));
});

test('every id is a name that every model provider takes', () => {
  assert.deepEqual(
    actions.map((action) => action.id).filter((id) => !/^[a-z][a-z0-9_]*$/.test(id) || id.length > 64),
    [],
  );
});

test('no two actions share an id or a label', () => {
  assert.equal(new Set(actions.map((action) => action.id)).size, actions.length);
  assert.equal(new Set(actions.map((action) => action.label)).size, actions.length);
});

test('every description is one short paragraph of plain ASCII', () => {
  const texts = [
    ...actions.map((action) => ({ at: action.id as string, text: action.description as string | undefined })),
    ...nodes.map(({ at, schema }) => ({ at, text: schema.description })),
  ].flatMap(({ at, text }) => (text === undefined ? [] : [{ at, text }]));
  const plain = (text: string) => /^[\x20-\x7e]{1,400}$/.test(text) && text === text.trim() && !text.includes('  ');
  assert.deepEqual(
    texts.filter(({ text }) => !plain(text)),
    [],
  );
});

test('a description refers only to tools that exist', () => {
  const ids = new Set<string>([statusTool.id, ...actions.map((action) => action.id)]);
  const said = [...actions.map((action) => action.description), ...nodes.map(({ schema }) => schema.description ?? '')];
  const named = said.flatMap((text) => text.match(/databricks_\w+/g) ?? []);
  assert.deepEqual(
    named.filter((id) => !ids.has(id)),
    [],
  );
});

/** Names that say by themselves what goes in, or that the server's instructions explain for all tools at once. */
const selfEvident = new Set(
  (
    'id workspace_id metastore_id budget_id group_id network_id vpc_id integration_id credentials_id secret_id ' +
    'storage_configuration_id storage_root_credential_id service_principal_id principal_id alert_configuration_id ' +
    'action_configuration_id externalId name displayName display_name givenName familyName label key value values ' +
    'active confidential config_name delivery_path_prefix owner status list_type region force redirect_urls subnet_ids ' +
    'security_group_ids rest_api dataplane_relay resource_type scope_type override_threshold principal_overrides filter ' +
    'tags alert_configurations action_configurations aws_credentials sts_role role_arn token_access_policy ' +
    'enable_single_use_refresh_tokens external_access_enabled delta_sharing_scope delta_sharing_organization_name ' +
    'privilege_model_version include_creator_username Operations op page_token page_size max_results count startIndex ' +
    'next all attributes excludedAttributes fields'
  ).split(' '),
);

test('every argument in the list has a name that says it all or a description', () => {
  const bare = listed.flatMap(({ at, schema }) => (schema.description === undefined ? [at] : []));
  const fields = bare.filter((at) => at.includes('.') && !at.endsWith('[]'));
  const names = fields.map((at) => at.split('.').at(-1) ?? '');
  assert.deepEqual(
    [...new Set(names)].filter((name) => !selfEvident.has(name)),
    [],
  );
});

test('what the list leaves out is taken all the same', () => {
  for (const action of actions) {
    const left = Object.keys(toolSchema(action).properties ?? {});
    for (const name of Object.keys(listedSchema(action).properties ?? {})) assert.ok(left.includes(name), name);
    const required = toolSchema(action).required ?? [];
    assert.deepEqual(listedSchema(action).required ?? [], required, action.id);
  }
});

/** The tiers R1 to R4 of the security requirements; what is in none of them reads (R0). */
const tiers: Readonly<Record<Exclude<Risk, 'read'>, string>> = {
  write: 'create_budget update_budget create_group create_metastore create_network',
  privilege:
    'add_group_member update_group update_user create_user create_service_principal update_service_principal ' +
    'create_or_update_workspace_permission_assignment create_credential update_custom_app_integration ' +
    'create_ip_access_list assign_metastore_to_workspace update_metastore create_log_delivery_config ' +
    'update_log_delivery_config',
  destructive:
    'delete_budget delete_custom_app_integration delete_group delete_ip_access_list delete_metastore_from_workspace ' +
    'delete_metastore delete_credential delete_network delete_service_principal_secret delete_service_principal ' +
    'delete_user delete_workspace_permission_assignment remove_group_member',
  secret: 'create_service_principal_secret create_custom_app_integration',
};

test('every action stands before the gate of its tier', () => {
  const expected = new Map<string, Risk>(
    Object.entries(tiers).flatMap(([risk, names]) =>
      names.split(' ').map((name) => [`databricks_${name}`, risk as Risk]),
    ),
  );
  const ids = new Set<string>(actions.map((action) => action.id));
  assert.deepEqual(
    [...expected.keys()].filter((id) => !ids.has(id)),
    [],
  );
  assert.deepEqual(
    actions.map((action) => [action.id, action.risk]),
    actions.map((action) => [action.id, expected.get(action.id) ?? 'read']),
  );
});

test('what reads has the effect of a read and nothing else has', () => {
  assert.deepEqual(
    actions.filter((action) => (action.risk === 'read') !== (action.effect === 'read')),
    [],
  );
});
