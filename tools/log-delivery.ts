/** Delivery of audit and usage logs to the customer's storage. There is no delete: a configuration is disabled. */
import { z } from 'zod';
import { http, item, list, tokenPages, wrapped } from './action.js';
import { int64, oneOf, pageToken, text } from './fields.js';
import { logDeliveryCreation, logDeliveryUpdate } from './impact/log-delivery.js';
import { changedTo, createdIn } from './settlements.js';
import * as views from './views.js';

const status = oneOf(['ENABLED', 'DISABLED']);
const log_delivery_configuration_id = text('Its config_id');

export const listLogDeliveryConfigs = http({
  id: 'databricks_list_log_delivery_configs',
  label: 'List Log Delivery Configurations',
  scopes: ['billing'],
  clouds: ['aws', 'gcp'],
  description: 'Log delivery configurations with status and last delivery.',
  view: views.logDelivery,
  route: 'GET /api/2.0/accounts/{account_id}/log-delivery',
  input: z.strictObject({
    status: status.optional(),
    credentials_id: text().optional(),
    storage_configuration_id: text().optional(),
    ...pageToken,
  }),
  returns: list('log_delivery_configurations'),
  nextPage: tokenPages,
});

export const getLogDeliveryConfig = http({
  id: 'databricks_get_log_delivery_config',
  label: 'Get Log Delivery Configuration',
  scopes: ['billing'],
  clouds: ['aws', 'gcp'],
  description: 'One log delivery configuration with delivery status.',
  view: views.logDelivery,
  route: 'GET /api/2.0/accounts/{account_id}/log-delivery/{log_delivery_configuration_id}',
  input: z.strictObject({ log_delivery_configuration_id }),
  returns: item('log_delivery_configuration'),
});

export const updateLogDeliveryConfig = http({
  id: 'databricks_update_log_delivery_config',
  label: 'Update Log Delivery Configuration',
  scopes: ['billing'],
  clouds: ['aws', 'gcp'],
  description:
    'Enable or disable (stop) a log delivery; nothing else can change. Enabling fails where two of its kind are ' +
    'enabled.',
  route: 'PATCH /api/2.0/accounts/{account_id}/log-delivery/{log_delivery_configuration_id}',
  risk: 'privilege',
  input: z.strictObject({ log_delivery_configuration_id, status }),
  settle: changedTo(getLogDeliveryConfig, ['log_delivery_configuration_id']),
  impact: logDeliveryUpdate,
});

export const createLogDeliveryConfig = http({
  id: 'databricks_create_log_delivery_config',
  label: 'Create Log Delivery Configuration',
  scopes: ['billing'],
  clouds: ['aws', 'gcp'],
  setUp: 'Takes a credential and a storage configuration, made before. Usage logs are delivered on AWS alone.',
  description:
    'Deliver audit or usage logs to a bucket. Can never be deleted, only disabled. Two per log type may be ' +
    'enabled for the account and two per workspace: list first. Its id is config_id.',
  view: views.logDelivery,
  route: 'POST /api/2.0/accounts/{account_id}/log-delivery',
  risk: 'privilege',
  input: z.strictObject({
    log_type: oneOf(['AUDIT_LOGS', 'BILLABLE_USAGE'], 'BILLABLE_USAGE: AWS only'),
    output_format: oneOf(['JSON', 'CSV'], 'JSON for AUDIT_LOGS, else CSV'),
    credentials_id: text(),
    storage_configuration_id: text(),
    config_name: text().optional(),
    delivery_path_prefix: text().optional(),
    delivery_start_time: text('YYYY-MM, BILLABLE_USAGE only').optional(),
    status: status.optional(),
    workspace_ids_filter: z.array(int64()).describe('Empty: whole account').optional(),
  }),
  body: wrapped('log_delivery_configuration'),
  returns: item('log_delivery_configuration'),
  settle: createdIn(
    listLogDeliveryConfigs,
    ['config_name', 'log_type', 'credentials_id', 'storage_configuration_id'],
    'config_id',
  ),
  impact: logDeliveryCreation,
});
