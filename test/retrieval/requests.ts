/**
 * What administrators ask for, in their own words, with the action that does it and its arguments. Written from what
 * people want and the API reference, not from the descriptions that are measured with it.
 */
export interface Request {
  readonly words: string;
  readonly action: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const request = (words: string, action: string, args: Request['args'] = {}): Request => ({
  words,
  action: `databricks_${action}`,
  args,
});

const inbox = { action_type: 'EMAIL_NOTIFICATION', target: 'finops@example.com' };

export const requests: readonly Request[] = [
  request('Which budgets have we set up?', 'list_budgets', { all: true }),
  request('How much did each SKU use between January and March 2025? I need the usage CSV', 'download_billable_usage', {
    start_month: '2025-01',
    end_month: '2025-03',
  }),
  request('Show me the threshold of the budget 5f0c', 'get_budget', { budget_id: '5f0c' }),
  request('Set up a budget of 5000 dollars a month and mail finops@example.com when it is crossed', 'create_budget', {
    display_name: 'All spend',
    alert_configurations: [{ quantity_threshold: '5000', action_configurations: [inbox] }],
  }),
  request('Budget only for the workloads tagged team=ml, alert at 200 USD', 'create_budget', {
    display_name: 'ml',
    filter: { tags: [{ key: 'team', value: { values: ['ml'] } }] },
    alert_configurations: [{ quantity_threshold: '200.00', action_configurations: [inbox] }],
  }),
  request('Raise the limit of the marketing budget to 8000 but keep its alert', 'update_budget', {
    budget_id: '5f0c',
    display_name: 'marketing',
    alert_configurations: [{ alert_configuration_id: 'a1', quantity_threshold: '8000' }],
  }),
  request('We no longer need the budget named pilot, get rid of it', 'delete_budget', { budget_id: '5f0c' }),
  request('Are our audit logs being delivered? show the log delivery setups', 'list_log_delivery_configs', {
    status: 'ENABLED',
  }),
  request('When was the last delivery of log configuration 77ab?', 'get_log_delivery_config', {
    log_delivery_configuration_id: '77ab',
  }),
  request('Start shipping audit logs to our S3 bucket', 'create_log_delivery_config', {
    log_type: 'AUDIT_LOGS',
    output_format: 'JSON',
    credentials_id: 'c1',
    storage_configuration_id: 's1',
  }),
  request('Stop the delivery of usage logs for now', 'update_log_delivery_config', {
    log_delivery_configuration_id: '77ab',
    status: 'DISABLED',
  }),
  request('What custom OAuth applications are registered with this account?', 'list_custom_app_integrations', {
    include_creator_username: true,
  }),
  request('Which redirect URLs does the custom app 12ab have?', 'get_custom_app_integration', {
    integration_id: '12ab',
  }),
  request(
    'Register a custom OAuth app for our Tableau with redirect to https://tableau.example.com/auth',
    'create_custom_app_integration',
    {
      name: 'Tableau',
      redirect_urls: ['https://tableau.example.com/auth'],
      scopes: ['sql', 'offline_access'],
    },
  ),
  request('Add another redirect URL to the existing OAuth app', 'update_custom_app_integration', {
    integration_id: '12ab',
    redirect_urls: ['https://a.example.com/cb', 'https://b.example.com/cb'],
  }),
  request('Shorten the access token lifetime of the custom app to 15 minutes', 'update_custom_app_integration', {
    integration_id: '12ab',
    token_access_policy: { access_token_ttl_in_minutes: 15 },
  }),
  request('Remove the OAuth app nobody uses any more', 'delete_custom_app_integration', { integration_id: '12ab' }),
  request('Find the user with the e-mail grace@example.com', 'list_users', {
    filter: 'userName eq "grace@example.com"',
  }),
  request('Who are the account admins?', 'unified_list_roles'),
  request('List all users whose e-mail begins with ext-', 'list_users', { filter: 'userName sw "ext-"', all: true }),
  request('What roles does user 4711 have?', 'get_user', { id: '4711' }),
  request('Invite a new colleague: add the user linus@example.com', 'create_user', {
    userName: 'linus@example.com',
    displayName: 'Linus',
  }),
  request('Linus left the company, deactivate his user', 'update_user', {
    id: '4711',
    Operations: [{ op: 'replace', path: 'active', value: 'false' }],
  }),
  request('Make user 4711 an account admin', 'update_user', {
    id: '4711',
    Operations: [{ op: 'add', path: 'roles', value: '["account_admin"]' }],
  }),
  request('Fix the spelling of the display name of a user', 'update_user', {
    id: '4711',
    Operations: [{ op: 'replace', path: 'displayName', value: 'Linus T.' }],
  }),
  request('Delete the user account of a contractor for good', 'delete_user', { id: '4711' }),
  request('What groups exist?', 'list_groups', { all: true }),
  request('Is there a group called data-engineers?', 'list_groups', { filter: 'displayName eq "data-engineers"' }),
  request('Who is in the group 99?', 'get_group', { id: '99' }),
  request('Show the members of the finance group', 'get_group', { id: '99' }),
  request('Create a group for the analysts', 'create_group', { displayName: 'analysts' }),
  request('New group "ops" with users 1 and 2 as members', 'create_group', { displayName: 'ops', members: ['1', '2'] }),
  request('Put user 4711 into the group 99', 'add_group_member', { group_id: '99', member_id: '4711' }),
  request('Add the CI service principal to the deployers group', 'add_group_member', {
    group_id: '99',
    member_id: '12',
  }),
  request('Rename the group analysts to data-analysts', 'update_group', {
    id: '99',
    Operations: [{ op: 'replace', path: 'displayName', value: 'data-analysts' }],
  }),
  request('Replace the whole list of members of a group', 'update_group', {
    id: '99',
    Operations: [{ op: 'replace', path: 'members', value: '["1","2"]' }],
  }),
  request('Kick user 4711 out of the group 99', 'remove_group_member', { group_id: '99', member_id: '4711' }),
  request('The group is obsolete, delete it', 'delete_group', { id: '99' }),
  request('Which service principals do we have?', 'list_service_principals', { count: 50 }),
  request('Find the service principal with client id 8f6c0f5e-12f2-4a6f-9f3a-1c2d3e4f5a6b', 'list_service_principals', {
    filter: 'applicationId eq "8f6c0f5e-12f2-4a6f-9f3a-1c2d3e4f5a6b"',
  }),
  request('Is the service principal 12 active?', 'get_service_principal', { id: '12' }),
  request('I need a service principal for Terraform', 'create_service_principal', { displayName: 'terraform' }),
  request('Deactivate the service principal of the old pipeline', 'update_service_principal', {
    id: '12',
    Operations: [{ op: 'replace', path: 'active', value: 'false' }],
  }),
  request('Delete the service principal nobody knows', 'delete_service_principal', { id: '12' }),
  request('When do the secrets of service principal 12 expire?', 'list_service_principal_secrets', {
    service_principal_id: '12',
  }),
  request('Generate a new client secret for the Terraform service principal', 'create_service_principal_secret', {
    service_principal_id: '12',
    scopes: ['scim'],
  }),
  request('Revoke the leaked secret of the service principal', 'delete_service_principal_secret', {
    service_principal_id: '12',
    secret_id: 's9',
  }),
  request('From which IP addresses can the account console be reached?', 'list_ip_access_lists'),
  request('What addresses are in the IP list 31?', 'get_ip_access_list', { ip_access_list_id: '31' }),
  request('Block the address 203.0.113.9', 'create_ip_access_list', {
    label: 'bad',
    list_type: 'BLOCK',
    ip_addresses: ['203.0.113.9'],
  }),
  request('Only our office network 198.51.100.0/24 may reach the account', 'create_ip_access_list', {
    label: 'office',
    list_type: 'ALLOW',
    ip_addresses: ['198.51.100.0/24'],
  }),
  request('Take the IP access list "old office" away', 'delete_ip_access_list', { ip_access_list_id: '31' }),
  request('Which metastores are there, and in which regions?', 'list_metastores'),
  request('Who owns the metastore m-1?', 'get_metastore', { metastore_id: 'm-1' }),
  request('Which workspaces use the metastore m-1?', 'list_metastore_workspace_assignments', { metastore_id: 'm-1' }),
  request('Which metastore does workspace 1234567890123456 use?', 'get_workspace_metastore', {
    workspace_id: '1234567890123456',
  }),
  request('Create a Unity Catalog metastore in eu-west-1', 'create_metastore', { name: 'eu', region: 'eu-west-1' }),
  request('Attach the metastore to the new workspace', 'assign_metastore_to_workspace', {
    workspace_id: '1234567890123456',
    metastore_id: 'm-1',
  }),
  request('Make the group data-owners owner of the metastore', 'update_metastore', {
    metastore_id: 'm-1',
    owner: 'data-owners',
  }),
  request('Turn on Delta Sharing with other organizations, tokens valid for a day', 'update_metastore', {
    metastore_id: 'm-1',
    delta_sharing_scope: 'INTERNAL_AND_EXTERNAL',
    delta_sharing_recipient_token_lifetime_in_seconds: 86_400,
  }),
  request('Detach the metastore from workspace 1234567890123456', 'delete_metastore_from_workspace', {
    workspace_id: '1234567890123456',
    metastore_id: 'm-1',
  }),
  request('Destroy the empty metastore in us-east-1', 'delete_metastore', { metastore_id: 'm-1' }),
  request('Which AWS IAM roles are registered for building workspaces?', 'list_credentials'),
  request('What role ARN is in the credential configuration c1?', 'get_credential', { credentials_id: 'c1' }),
  request('Register the IAM role arn:aws:iam::111122223333:role/dbx', 'create_credential', {
    credentials_name: 'dbx',
    aws_credentials: { sts_role: { role_arn: 'arn:aws:iam::111122223333:role/dbx' } },
  }),
  request('Drop the credential configuration we do not use', 'delete_credential', { credentials_id: 'c1' }),
  request('Which S3 root buckets are configured?', 'list_storage_configurations'),
  request('Show the storage configuration s1', 'get_storage_configuration', { storage_configuration_id: 's1' }),
  request('List the VPC networks set up for workspaces and their errors', 'list_networks'),
  request('Why is the network n1 broken?', 'get_network', { network_id: 'n1' }),
  request('Register our VPC with two subnets and a security group as a network', 'create_network', {
    network_name: 'prod-net',
    vpc_id: 'vpc-1',
    subnet_ids: ['subnet-1', 'subnet-2'],
    security_group_ids: ['sg-1'],
  }),
  request('Delete the unused network n1', 'delete_network', { network_id: 'n1' }),
  request('What workspaces do we run, and in which region?', 'list_workspaces'),
  request('Is the new workspace 1234567890123456 up and running yet?', 'get_workspace', {
    workspace_id: '1234567890123456',
  }),
  request('Who can get into the workspace 1234567890123456?', 'list_workspace_permission_assignments', {
    workspace_id: '1234567890123456',
  }),
  request('Make the group 99 admin of workspace 1234567890123456', 'create_or_update_workspace_permission_assignment', {
    workspace_id: '1234567890123456',
    principal_id: '99',
    permissions: ['ADMIN'],
  }),
  request('Let user 4711 into the workspace 1234567890123456', 'create_or_update_workspace_permission_assignment', {
    workspace_id: '1234567890123456',
    principal_id: '4711',
    permissions: ['USER'],
  }),
  request('User 4711 should lose his access to the workspace', 'delete_workspace_permission_assignment', {
    workspace_id: '1234567890123456',
    principal_id: '4711',
  }),
  request('Export users in a neutral shape to compare with our other identity provider', 'unified_list_users', {
    page_size: 100,
  }),
  request('Which groups is user 4711 in? provider neutral please', 'unified_get_user', {
    id: '4711',
    expand: 'groups',
  }),
  request('Provider-neutral list of the groups with their users', 'unified_list_groups', { expand: 'users' }),
  request('The group 99 in the neutral shape with its child groups', 'unified_get_group', { id: '99' }),
  request('Which roles are in use in this account?', 'unified_list_roles'),
  request('Show the role account_admin', 'unified_get_role', { id: 'account_admin' }),
  request('Which organizations does this server reach?', 'unified_list_organizations'),
  request('Show our account as an organization record', 'unified_get_organization', {
    id: '7c2f5a90-41d8-4e6b-9b3a-5d0e8f6a1c24',
  }),
  request('Which service principal and scopes is this server signed in with?', 'unified_get_me'),
];
