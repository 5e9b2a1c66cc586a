/**
 * The views of the resources: what an administrator needs to see to act, or to see that something is wrong. States,
 * errors, expiries and every id that another action takes are never left out; who made it when, and what only repeats, is.
 */
import { view } from './view.js';

const complex = (name: string) => `${name}.{value,display,type,primary,$ref}`;
const rest = (name: string) => `${name}.{display,type,primary,$ref}`;

export const user = view(
  'id userName displayName active roles.value',
  `name.{givenName,familyName} ${complex('emails')} ${rest('roles')} externalId account_id`,
);

export const principal = view(
  'id applicationId displayName active roles.value',
  `${rest('roles')} externalId account_id`,
);

/** `Users` for `Users/123` beside the value 123: what the member is, without its id a second time. */
const collection = (ref: unknown, { value }: Readonly<Record<string, unknown>>): unknown =>
  typeof ref === 'string' && ref.endsWith(`/${String(value)}`) ? ref.slice(0, -String(value).length - 1) : ref;

export const group = view(
  'id displayName meta.resourceType roles.value members.{value,display,$ref}',
  `members.{type,primary} ${rest('roles')} externalId account_id`,
  { 'members.$ref': collection },
);

export const secret = view('id status create_time expire_time scopes', 'update_time secret_hash');

/** `secret` tells where the value went. */
export const newSecret = view('id secret status expire_time scopes', 'create_time update_time secret_hash');

const gke = 'gke_cluster_pod_ip_range,gke_cluster_service_ip_range,subnet_cidr';
const gkeAccess = 'gke_cluster_master_ip_range,gke_connectivity_type';
const workspaceState =
  'workspace_id workspace_name workspace_status workspace_status_message expected_workspace_status';
const workspacePlace = 'deployment_name cloud aws_region location pricing_tier';
const workspaceParts =
  'compute_mode storage_mode credentials_id storage_configuration_id network_id network_connectivity_config_id ' +
  'private_access_settings_id managed_services_customer_managed_key_id storage_customer_managed_key_id custom_tags ' +
  'azure_workspace_info.{resource_group,subscription_id} cloud_resource_container.gcp.project_id ' +
  `gcp_managed_network_config.{${gke}} gke_config.{connectivity_type,master_ip_range} network.network_id ` +
  `network.gcp_common_network_config.{${gkeAccess}} network.gcp_managed_network_config.{${gke}}`;

export const workspaces = view(`${workspaceState} ${workspacePlace}`, `${workspaceParts} creation_time account_id`);

export const workspace = view(`${workspaceState} ${workspacePlace} ${workspaceParts}`, 'creation_time account_id');

export const assignment = view(
  'principal.{principal_id,display_name,user_name,group_name,service_principal_name} permissions error',
);

const budgetAlert =
  'alert_configurations.{alert_configuration_id,quantity_threshold,quantity_type,time_period,trigger_type,scope_type} ' +
  'alert_configurations.principal_overrides.{principal_id,override_threshold} ' +
  'alert_configurations.action_configurations.{action_configuration_id,action_type,target}';
const budgetFilter = 'filter.workspace_id.{operator,values} filter.tags.key filter.tags.value.{operator,values}';

export const budgets = view(
  `budget_configuration_id display_name ${budgetFilter} resource_type include_external_spend ` +
    'alert_configurations.{quantity_threshold,scope_type} alert_configurations.principal_overrides.{principal_id,override_threshold} ' +
    'alert_configurations.action_configurations.{action_type,target}',
  'account_id create_time update_time alert_configurations.{alert_configuration_id,quantity_type,time_period,trigger_type,create_time,update_time} ' +
    'alert_configurations.action_configurations.{action_configuration_id,create_time,update_time}',
);

/** Whole but for the times, because it is changed by sending it back. */
export const budget = view(
  `budget_configuration_id display_name ${budgetFilter} resource_type include_external_spend ${budgetAlert}`,
  'account_id create_time update_time alert_configurations.{create_time,update_time} ' +
    'alert_configurations.action_configurations.{create_time,update_time}',
);

const delivery = 'log_delivery_status.{status,message,last_attempt_time,last_successful_attempt_time}';

export const logDelivery = view(
  `config_id config_name log_type output_format status ${delivery} workspace_ids_filter credentials_id ` +
    'storage_configuration_id delivery_path_prefix delivery_start_time',
  'creation_time update_time account_id',
);

export const oauthApp = view(
  'integration_id client_id name confidential is_agent scopes user_authorized_scopes redirect_urls principal_id ' +
    'token_access_policy.{access_token_ttl_in_minutes,refresh_token_ttl_in_minutes,' +
    'absolute_session_lifetime_in_minutes,enable_single_use_refresh_tokens}',
  'create_time created_by creator_username',
);

/** `client_secret` tells where the value went. */
export const newOauthApp = view('integration_id client_id client_secret client_secret_expire_time principal_id');

export const ipAccessList = view(
  'list_id label list_type enabled ip_addresses',
  'address_count created_at created_by updated_at updated_by',
);

const sharing = 'delta_sharing_scope delta_sharing_recipient_token_lifetime_in_seconds';

export const metastores = view(
  `metastore_id name region owner storage_root external_access_enabled ${sharing}`,
  'cloud global_metastore_id delta_sharing_organization_name privilege_model_version default_data_access_config_id ' +
    'storage_root_credential_id storage_root_credential_name created_at created_by updated_at updated_by',
);

export const metastore = view(
  `metastore_id name region cloud owner storage_root external_access_enabled ${sharing} ` +
    'delta_sharing_organization_name storage_root_credential_id storage_root_credential_name privilege_model_version',
  'global_metastore_id default_data_access_config_id created_at created_by updated_at updated_by',
);

export const metastoreAssignment = view('metastore_id workspace_id default_catalog_name');

/** Ids alone. */
export const ids = view('');

export const credential = view(
  'credentials_id credentials_name aws_credentials.sts_role.role_arn',
  'creation_time account_id',
);

export const storage = view(
  'storage_configuration_id storage_configuration_name root_bucket_info.bucket_name role_arn',
  'creation_time account_id',
);

const networkState =
  'network_id network_name vpc_status error_messages.{error_type,error_message} ' +
  'warning_messages.{warning_type,warning_message} workspace_id vpc_id';
const networkParts =
  'subnet_ids security_group_ids vpc_endpoints.{rest_api,dataplane_relay} ' +
  'gcp_network_info.{network_project_id,vpc_id,subnet_id,subnet_region,pod_ip_range_name,service_ip_range_name}';

export const networks = view(networkState, `${networkParts} creation_time account_id`);

export const network = view(`${networkState} ${networkParts}`, 'creation_time account_id');

/** Of the file; its rows are in it. */
export const usage = view(
  'path bytes sha256 rows malformed_rows months total_dbus by_sku.{sku,dbus} by_workspace.{workspace_id,dbus} ' +
    'other notes csv',
  'columns by_sku.rows by_workspace.rows',
);

const role = 'roles.{id,name,type.value}';
const unifiedUserFields =
  `id primary_email_address name is_bot_user status.value ${role} ` +
  'groups.{id,name,type.value,child_group_ids,roles} permissions';
const unifiedUserMore =
  'roles groups remote_id username first_name last_name status.source_value avatar last_active_at last_login_at created_at ' +
  'updated_at multi_factor_enabled unified_custom_fields';

export const unifiedUser = view(unifiedUserFields, unifiedUserMore);

export const unifiedGroup = view(
  `id name description type.value ${role} parent_id child_group_ids users.{id,name,is_bot_user}`,
  'roles users remote_id type.source_value remote_parent_id organization_id created_at updated_at unified_custom_fields',
);

export const unifiedRole = view(
  'id name description type.value policies permissions scope',
  'remote_id type.source_value created_at updated_at',
);

export const unifiedOrganization = view('id name', 'remote_id created_at updated_at');

export const unifiedCredentials = view(
  'name scopes permissions user.{id,username,name,status.value} user.roles.{id,name} user.groups.{id,name}',
  'auth_type.{value,source_value} last_accessed_at user',
);
