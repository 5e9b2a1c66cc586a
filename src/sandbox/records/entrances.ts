// Records of custom OAuth apps and IP access lists: the ways into the account. Types only.

export interface TokenAccessPolicy {
  readonly access_token_ttl_in_minutes?: number;
  readonly refresh_token_ttl_in_minutes?: number;
  readonly absolute_session_lifetime_in_minutes?: number;
  readonly enable_single_use_refresh_tokens?: boolean;
}

export interface CustomApp {
  readonly integration_id: string;
  readonly client_id: string;
  readonly name: string;
  readonly confidential: boolean;
  readonly is_agent?: boolean;
  readonly create_time: string;
  readonly created_by: bigint;
  readonly creatorUsername: string;
  redirect_urls: string[];
  scopes: string[];
  user_authorized_scopes?: string[];
  token_access_policy?: TokenAccessPolicy;
}

export interface IpAccessList {
  readonly list_id: string;
  readonly label: string;
  readonly list_type: 'ALLOW' | 'BLOCK';
  readonly ip_addresses: string[];
  readonly enabled: boolean;
  readonly created_at: number;
  readonly created_by: bigint;
  readonly updated_at: number;
  readonly updated_by: bigint;
}
