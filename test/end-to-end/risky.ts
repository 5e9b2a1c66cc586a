/** The tiers R2 to R4 of the security requirements: before these a person is asked. Written by hand, not from the catalogue. */

const risky = new Set(
  [
    // R2: privilege or boundary
    'add_group_member update_group update_user create_user create_service_principal update_service_principal',
    'create_or_update_workspace_permission_assignment create_credential update_custom_app_integration',
    'create_ip_access_list assign_metastore_to_workspace update_metastore',
    'create_log_delivery_config update_log_delivery_config',
    // R3: destructive
    'delete_budget delete_custom_app_integration delete_group delete_ip_access_list delete_metastore_from_workspace',
    'delete_metastore delete_credential delete_network delete_service_principal_secret delete_service_principal',
    'delete_user delete_workspace_permission_assignment remove_group_member',
    // R4: mints a secret
    'create_service_principal_secret create_custom_app_integration',
  ].flatMap((line) => line.split(' ')),
);

export const isRisky = (action: string): boolean => risky.has(action.replace('databricks_', ''));
