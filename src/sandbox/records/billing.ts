// Records of log delivery and budgets. Types only.

export interface LogDelivery {
  readonly config_id: string;
  readonly account_id: string;
  readonly config_name?: string;
  readonly log_type: 'AUDIT_LOGS' | 'BILLABLE_USAGE';
  readonly output_format: 'CSV' | 'JSON';
  readonly credentials_id: string;
  readonly storage_configuration_id: string;
  readonly delivery_path_prefix?: string;
  readonly delivery_start_time?: string;
  readonly workspace_ids_filter?: bigint[];
  readonly creation_time: number;
  readonly log_delivery_status: {
    readonly status: 'CREATED' | 'SUCCEEDED' | 'USER_FAILURE' | 'SYSTEM_FAILURE' | 'NOT_FOUND';
    readonly message: string;
    readonly last_attempt_time?: string;
    readonly last_successful_attempt_time?: string;
  };
  status: 'ENABLED' | 'DISABLED';
  update_time: number;
}

export interface AlertConfiguration {
  readonly alert_configuration_id: string;
  readonly time_period: 'MONTH';
  readonly trigger_type: 'CUMULATIVE_SPENDING_EXCEEDED';
  readonly quantity_type: 'LIST_PRICE_DOLLARS_USD';
  readonly quantity_threshold: string;
  readonly scope_type?: string;
  readonly principal_overrides?: { readonly principal_id?: bigint; readonly override_threshold?: string }[];
  readonly action_configurations: {
    readonly action_configuration_id: string;
    readonly action_type?: string;
    readonly target?: string;
  }[];
}

export interface Budget {
  readonly budget_configuration_id: string;
  readonly account_id: string;
  readonly display_name: string;
  readonly create_time: number;
  readonly update_time: number;
  readonly alert_configurations: readonly AlertConfiguration[];
  readonly filter?: {
    readonly tags?: {
      readonly key?: string;
      readonly value?: { readonly operator?: 'IN'; readonly values?: string[] };
    }[];
    readonly workspace_id?: { readonly operator?: 'IN'; readonly values?: bigint[] };
  };
  readonly resource_type?: string;
  readonly include_external_spend?: boolean;
}
