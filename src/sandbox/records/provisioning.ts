// Records of workspaces and of what they are built on. Types only.

export interface Credential {
  readonly credentials_id: string;
  readonly credentials_name: string;
  readonly account_id: string;
  readonly creation_time: number;
  readonly aws_credentials: { readonly sts_role: { readonly role_arn: string } };
}

export interface StorageConfiguration {
  readonly storage_configuration_id: string;
  readonly storage_configuration_name: string;
  readonly account_id: string;
  readonly creation_time: number;
  readonly root_bucket_info: { readonly bucket_name: string };
  readonly role_arn?: string;
}

export interface GcpNetworkInfo {
  readonly network_project_id: string;
  readonly vpc_id: string;
  readonly subnet_id: string;
  readonly subnet_region: string;
  readonly pod_ip_range_name?: string;
  readonly service_ip_range_name?: string;
}

export interface Network {
  readonly network_id: string;
  readonly network_name: string;
  readonly account_id: string;
  readonly creation_time: number;
  readonly vpc_status: 'UNATTACHED' | 'VALID' | 'BROKEN' | 'WARNED';
  readonly vpc_id?: string;
  readonly subnet_ids?: string[];
  readonly security_group_ids?: string[];
  readonly vpc_endpoints?: { readonly rest_api: string[]; readonly dataplane_relay: string[] };
  readonly gcp_network_info?: GcpNetworkInfo;
  readonly warning_messages?: { readonly warning_type: 'subnet' | 'securityGroup'; readonly warning_message: string }[];
  readonly workspace_id?: bigint;
}

export interface Workspace {
  readonly workspace_id: bigint;
  readonly workspace_name: string;
  readonly deployment_name: string;
  readonly account_id: string;
  readonly cloud: string;
  readonly creation_time: number;
  readonly pricing_tier: 'STANDARD' | 'PREMIUM' | 'ENTERPRISE';
  readonly compute_mode: 'HYBRID' | 'SERVERLESS';
  readonly workspace_status: 'RUNNING' | 'PROVISIONING' | 'FAILED';
  readonly workspace_status_message: string;
  readonly custom_tags: Record<string, string>;
  readonly aws_region?: string;
  readonly location?: string;
  readonly credentials_id?: string;
  readonly storage_configuration_id?: string;
  readonly network_id?: string;
  readonly azure_workspace_info?: { readonly resource_group: string; readonly subscription_id: string };
  readonly cloud_resource_container?: { readonly gcp: { readonly project_id: string } };
}
