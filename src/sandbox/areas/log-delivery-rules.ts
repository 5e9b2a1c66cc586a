// What a log delivery configuration may look like, and how many may be enabled. Answers no request.

import type { Account } from '../account.js';
import { invalid, quotaExceeded } from '../errors.js';
import { int64, list, oneOf, shape, text } from '../readers.js';
import type { LogDelivery } from '../records.js';

const MOST_ENABLED = 2;
const formats = { BILLABLE_USAGE: 'CSV', AUDIT_LOGS: 'JSON' } as const;

export const status = oneOf('ENABLED', 'DISABLED');

export const newConfiguration = shape(
  {
    log_type: oneOf('BILLABLE_USAGE', 'AUDIT_LOGS'),
    output_format: oneOf('CSV', 'JSON'),
    credentials_id: text({ min: 1 }),
    storage_configuration_id: text({ min: 1 }),
  },
  {
    // Not needed, but Terraform sends it.
    account_id: text(),
    config_name: text({ max: 255 }),
    delivery_path_prefix: text(),
    delivery_start_time: text({ pattern: /^\d{4}-(0[1-9]|1[0-2])$/, hint: 'a month, YYYY-MM' }),
    status,
    workspace_ids_filter: list(int64()),
  },
);

export type LogDeliveryInput = ReturnType<typeof newConfiguration>;

export function checkCombination(account: Account, body: LogDeliveryInput): void {
  const { log_type, output_format, credentials_id, storage_configuration_id } = body;
  if ((body.account_id ?? account.id) !== account.id) throw invalid("Field 'account_id' is another account.");
  if (log_type === 'BILLABLE_USAGE' && account.cloud !== 'aws')
    throw invalid('BILLABLE_USAGE is available on AWS only.');
  if (output_format !== formats[log_type])
    throw invalid(`Log type ${log_type} needs output_format ${formats[log_type]}.`);
  if (body.delivery_start_time && log_type !== 'BILLABLE_USAGE') {
    throw invalid('delivery_start_time is only for log type BILLABLE_USAGE.');
  }
  for (const id of body.workspace_ids_filter ?? []) {
    if (!account.workspaces.has(String(id))) throw invalid(`Workspace '${id}' does not exist.`);
  }
  // Credential and storage configurations are AWS objects; elsewhere there is nothing to look the ids up in.
  if (account.cloud !== 'aws') return;
  if (!account.credentials.has(credentials_id)) throw invalid(`Credentials '${credentials_id}' do not exist.`);
  if (!account.storageConfigurations.has(storage_configuration_id)) {
    throw invalid(`Storage configuration '${storage_configuration_id}' does not exist.`);
  }
}

export function refuseTooMany(account: Account, wanted: LogDelivery): void {
  const rivals = [...account.logDeliveries.values()].filter(
    (other) => other.config_id !== wanted.config_id && other.status === 'ENABLED' && other.log_type === wanted.log_type,
  );
  const workspaces = wanted.workspace_ids_filter ?? [];
  const accountLevel = rivals.filter((other) => !other.workspace_ids_filter?.length);
  if (workspaces.length === 0 && accountLevel.length >= MOST_ENABLED) {
    throw quotaExceeded(
      `At most ${MOST_ENABLED} enabled account-level configurations of type ${wanted.log_type} are allowed.`,
    );
  }
  for (const id of workspaces) {
    if (rivals.filter((other) => other.workspace_ids_filter?.includes(id)).length >= MOST_ENABLED) {
      throw quotaExceeded(
        `At most ${MOST_ENABLED} enabled configurations of type ${wanted.log_type} are allowed for workspace ${id}.`,
      );
    }
  }
}
