// Records of Unity Catalog metastores and their assignments. Types only.

export interface MetastoreAssignment {
  readonly metastore_id: string;
  readonly default_catalog_name: string;
}

export interface Metastore {
  readonly metastore_id: string;
  readonly name: string;
  readonly cloud: string;
  readonly region: string | undefined;
  readonly global_metastore_id: string;
  readonly storage_root: string | undefined;
  readonly created_at: number;
  readonly created_by: string;
  updated_at: number;
  updated_by: string;
  owner: string;
  external_access_enabled: boolean;
  privilege_model_version: string;
  delta_sharing_scope: 'INTERNAL' | 'INTERNAL_AND_EXTERNAL';
  delta_sharing_recipient_token_lifetime_in_seconds?: bigint;
  delta_sharing_organization_name?: string;
  storage_root_credential_id?: string;
}
